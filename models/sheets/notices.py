"""The sheets of notices of a breach: individuals, media, HHS, states, what came back, and the substitute for it."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.breach_told import BREACH
from models.clocks.breach import MANY_UNREACHED, WEB_DAYS
from models.gates.notice_content import Element, missing_elements, wanting_in
from models.sheets.addressee import SHAPE, Addressee, ListError, read_list
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words

_SUBMISSION = re.compile(r"^(?=.*\d)[A-Za-z0-9./_-]{1,40}$")
_NUMBERS = re.compile(r"^\d+(?:\s*,\s*\d+)*$")


class NoticeSent(Sheet):
    """That a notice went out."""

    TITLE: ClassVar[str] = "A notice went out"
    TELLS: ClassVar[tuple[str, ...]] = ("sent_on",)

    sent_on: date = Field(title="On what day did it go out?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield days that cannot be, and one that the police asked not to tell on."""
        if self.sent_on > occasion.today:
            yield Refusal("sent_on", f"It cannot have gone out on {day_in_words(self.sent_on)}: that is after today.")
        if occasion.received_on and self.sent_on < occasion.received_on:
            words = f"It cannot have gone out on {day_in_words(self.sent_on)}, before anybody knew of the incident."
            yield Refusal("sent_on", words)
        breach = occasion.case_told.get(BREACH, {})
        if breach.get("hold_from", "") <= str(self.sent_on) <= breach.get("hold_until", ""):
            last = day_in_words(date.fromisoformat(breach["hold_until"]))
            yield Refusal("sent_on", f"The police asked not to tell until {last} (45 CFR 164.412). Send it after that.")


class PublicNotice(NoticeSent):
    """A notice that has to say what 45 CFR 164.404(c)(1) wants."""

    covers: frozenset[Element] = Field(
        title="What does it say?", min_length=1, description="45 CFR 164.404(c)(1) wants all five, in plain words."
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides what the notice does not say."""
        yield from super().refusals(occasion)
        if missing := missing_elements(self.covers):
            yield Refusal("covers", f"It has to say besides: {'; '.join(missing)}.")
        happened_on = occasion.case_told.get("happened_on")
        days = date.fromisoformat(happened_on) if happened_on else None, occasion.received_on
        if wanting := list(wanting_in(occasion.text, *days)):
            yield Refusal("covers", f"The notice does not give {'; '.join(wanting)}. Put it into the text above.")


class NoticeWay(StrEnum):
    """How individuals were told, 45 CFR 164.404(d)(1)."""

    MAIL = "by first-class mail"
    EMAIL = "by e-mail, as each of them agreed to"
    BOTH = "by first-class mail, and by e-mail to those who agreed to that"


class IndividualsTold(PublicNotice):
    """That everybody was written to, with the list of who and where."""

    TITLE: ClassVar[str] = "Individuals were told"
    FIRST: ClassVar[tuple[str, ...]] = ("sent_on",)

    by: NoticeWay = Field(title="How?")
    phoned: Line = Field(
        default="",
        title="Who was called besides, because it was urgent?",
        description="45 CFR 164.404(d)(3): where misuse may be imminent, besides the letter and not in place of it.",
    )
    people: Text = Field(
        default="",
        title="Who was written to?",
        description=f"{SHAPE} Many are brought as a file on the incident's page of people; then leave this empty.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides that somebody was left out."""
        yield from super().refusals(occasion)
        try:
            listed = occasion.addressees + len(self.listed())
        except ListError as error:
            yield Refusal("people", str(error))
            return
        affected = occasion.case_told.get(BREACH, {}).get("affected", 1)
        if listed < affected:
            words = f"It concerns {affected}, and {listed} are on the list. Add the others, or correct the count."
            yield Refusal("people", f"{words} Many are brought as a file on the incident's page of people.")

    def listed(self) -> list[Addressee]:
        """Return the people who were typed in. Raises ListError."""
        return read_list(self.people, self.sent_on) if self.people else []

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return besides how many were told."""
        return {**super().tell(occasion), "told": occasion.addressees + len(self.listed())}


class MediaTold(PublicNotice):
    """That prominent media were told."""

    TITLE: ClassVar[str] = "Media were told"
    FIRST: ClassVar[tuple[str, ...]] = ("sent_on",)

    outlets: Text = Field(title="Which outlets, and how?", min_length=1)


class Filed(NoticeSent):
    """That a government office was told."""

    TITLE: ClassVar[str] = "Filed"
    TELLS = ("sent_on", "number")

    number: Line = Field(
        title="Its submission number",
        min_length=1,
        description="As the office's page gave it, or of the certified letter.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides what is no number: it stands on the board, and in the table of who did what."""
        yield from super().refusals(occasion)
        if not _SUBMISSION.match(self.number):
            yield Refusal("number", "Write the number alone, such as HHS-2027-1234: letters, digits and dashes.")


class CameBack(Sheet):
    """Whose notices came back."""

    TITLE: ClassVar[str] = "Notices that came back"
    TELLS = ("returned_on",)

    numbers: Line = Field(
        title="Their numbers on the list", min_length=1, description="As on the incident's page of people: 3, 17."
    )
    returned_on: date = Field(title="On what day?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield numbers that are not on the list, and a day to come."""
        if not _NUMBERS.match(self.numbers):
            yield Refusal("numbers", f"“{self.numbers}” are no numbers. Write them with a comma between: 3, 17.")
        elif unknown := [number for number in self.which() if not 1 <= number <= occasion.addressees]:
            words = ", ".join(map(str, unknown))
            yield Refusal("numbers", f"The list has {occasion.addressees} people; there is no number {words} on it.")
        if self.returned_on > occasion.today:
            yield Refusal("returned_on", f"{day_in_words(self.returned_on)} is after today.")

    def which(self) -> list[int]:
        """Return the numbers on the list."""
        return [int(number) for number in self.numbers.split(",")]

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return besides which."""
        return {**super().tell(occasion), "numbers": self.which()}


class Substitute(StrEnum):
    """How those were told whose letters came back."""

    WEB = "on our home page for 90 days, with a toll-free number"
    MEDIA = "in major media, with a toll-free number for 90 days"
    OTHER = "by telephone, e-mail or another letter"


class SubstituteTold(NoticeSent):
    """That those were told whose letters came back, 45 CFR 164.404(d)(2)."""

    TITLE: ClassVar[str] = "Substitute notice"
    TELLS = ("sent_on", "how")

    how: Substitute = Field(title="How?")
    where: Line = Field(title="Where, or whom?", min_length=1)

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides that ten or more want a public notice."""
        yield from super().refusals(occasion)
        returned = occasion.case_told.get(BREACH, {}).get("returned", 0)
        if returned >= MANY_UNREACHED and self.how is Substitute.OTHER:
            words = f"{returned} came back, and from {MANY_UNREACHED} on the notice has to be public"
            yield Refusal("how", f"{words}: on the home page or in major media, for {WEB_DAYS} days.")
