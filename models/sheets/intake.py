"""Intakes: what whoever takes a request writes down. The clock counts from receipt, not from typing (rule D4)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.clocks.requests import AccessKind, Extension, Right, clocks_of
from models.clocks.rule import Clock
from models.names import plain
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words

OLDEST_YEARS = 120


class Asker(StrEnum):
    """Who asks, in everyday words."""

    PATIENT = "the patient"
    PARENT = "a parent or guardian of a minor"
    REPRESENTATIVE = "somebody else who may act for the patient"
    ESTATE = "whoever looks after the affairs of a patient who died"


class Channel(StrEnum):
    """How a request came. Every way the practice accepts counts."""

    DESK = "at the front desk"
    MAIL = "by letter"
    FAX = "by fax"
    EMAIL = "by e-mail"
    PORTAL = "through the patient portal"
    PHONE = "by telephone"
    VENDOR = "through somebody who works for us, such as a records service"


class Intake(Sheet):
    """What every case begins with: a day on which it was received, and the clocks that run from it."""

    TELLS: ClassVar[tuple[str, ...]] = ("received_on",)
    COUNTS_FROM: ClassVar[str] = "the day of receipt"
    """What `received_on` is, as the form says it."""

    received_on: date = Field(
        title="When did it arrive?",
        description="The day it reached the practice, by whatever way. If it came twice, the first day. Not today, "
        "unless it came today: the law counts from here.",
    )

    def person(self) -> str:
        """Return the name of whoever asks, to whom letters go; empty where they go to several."""
        return ""

    def about(self) -> str | None:
        """Return whom it is about, the same for the same person however the name is typed; None: nobody is named."""
        return None

    @classmethod
    def clocks(
        cls, told: Mapping[str, Any], states: Collection[str], extensions: Collection[Extension] = ()
    ) -> list[Clock]:
        """Return every clock that runs, of what the case tells. Raises ExtensionError."""
        raise NotImplementedError


class RecordIntake(Intake):
    """What every case about one patient's record begins with."""

    FIRST: ClassVar[tuple[str, ...]] = ("patient", "born_on", "chart", "reach")

    patient: Line = Field(title="Patient's name", min_length=1)
    born_on: date = Field(title="Patient's date of birth")
    chart: Line = Field(default="", title="Chart number", description="If you have it at hand.")
    reach: Line = Field(title="Where to reach whoever asks", min_length=1, description="For the answer.")
    channel: Channel = Field(title="How did it arrive?")
    wants: Text = Field(title="What do they ask for?", min_length=1, description="In their own words, if you can.")

    def person(self) -> str:
        """Return the patient's name."""
        return self.patient

    def about(self) -> str | None:
        """Return name and birth date."""
        return about_patient(self.patient, self.born_on)

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield what cannot be: receipt in the future or before birth, a birth in the future."""
        today = occasion.today
        if self.received_on > today:
            words = f"It cannot have arrived on {day_in_words(self.received_on)}: that is after today."
            yield Refusal("received_on", f"{words} Write the day it reached the practice.")
        if self.born_on > today:
            yield Refusal("born_on", f"Nobody was born on {day_in_words(self.born_on)}: that is after today.")
        elif self.received_on < self.born_on:
            words = f"It cannot have arrived on {day_in_words(self.received_on)}, before the patient was born."
            yield Refusal("received_on", f"{words} Check both days.")
        if today.year - self.born_on.year > OLDEST_YEARS:
            yield Refusal("born_on", f"Check the year: {self.born_on.year} is more than {OLDEST_YEARS} years ago.")


class PatientsIntake(RecordIntake):
    """What the patient asks for, or somebody who may act for the patient."""

    FIRST: ClassVar[tuple[str, ...]] = ("asker", "asker_name", *RecordIntake.FIRST)

    asker: Asker = Field(title="Who is asking?")
    asker_name: Line = Field(default="", title="Name of who is asking", description="If it is not the patient.")

    def person(self) -> str:
        """Return the name of the patient, or of who asks for the patient."""
        return self.patient if self.asker is Asker.PATIENT else self.asker_name

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides that nobody is named who asks for the patient."""
        yield from super().refusals(occasion)
        if self.asker is not Asker.PATIENT and not self.asker_name:
            yield Refusal("asker_name", "Write the name of who is asking, since it is not the patient.")


class AccessIntake(PatientsIntake):
    """A request for the patient's own record, 45 CFR 164.524."""

    TITLE: ClassVar[str] = "Somebody asks for a patient's record"
    TELLS = ("received_on", "kind")

    kind: AccessKind = Field(title="Copy, look or summary?", description="Some states count differently for each.")

    @classmethod
    def clocks(
        cls, told: Mapping[str, Any], states: Collection[str], extensions: Collection[Extension] = ()
    ) -> list[Clock]:
        """Return the federal clock of access and the states'. Raises ExtensionError."""
        received_on, kind = date.fromisoformat(told["received_on"]), AccessKind(told["kind"])
        return clocks_of(Right.ACCESS, received_on, states=states, kind=kind, extensions=extensions)


class AmendmentIntake(PatientsIntake):
    """Something in the record is said to be wrong or missing, 45 CFR 164.526."""

    TITLE: ClassVar[str] = "Somebody wants the record corrected"

    @classmethod
    def clocks(
        cls, told: Mapping[str, Any], states: Collection[str], extensions: Collection[Extension] = ()
    ) -> list[Clock]:
        """Return the federal clock of amendment and the states'. Raises ExtensionError."""
        received_on = date.fromisoformat(told["received_on"])
        return clocks_of(Right.AMENDMENT, received_on, states=states, extensions=extensions)


class AccountingIntake(PatientsIntake):
    """Somebody wants to know to whom the record was given, 45 CFR 164.528."""

    TITLE: ClassVar[str] = "Somebody wants to know to whom the record was given"

    @classmethod
    def clocks(
        cls, told: Mapping[str, Any], states: Collection[str], extensions: Collection[Extension] = ()
    ) -> list[Clock]:
        """Return the federal clock of an accounting. Raises ExtensionError."""
        received_on = date.fromisoformat(told["received_on"])
        return clocks_of(Right.ACCOUNTING, received_on, states=states, extensions=extensions)


def about_patient(name: str, born_on: date) -> str:
    """Return a patient as every case about them has it, however the name is typed."""
    return f"{plain(name)}|{born_on}"
