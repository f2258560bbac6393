"""The sheets of notices of a breach: individuals, media, HHS, states, and the substitute where letters came back."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.clocks.breach import MANY_UNREACHED
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words


class NoticeSent(Sheet):
    """That a notice went out."""

    TITLE: ClassVar[str] = "A notice went out"
    TELLS: ClassVar[tuple[str, ...]] = ("sent_on",)

    sent_on: date = Field(title="On what day did it go out?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield days that cannot be."""
        if self.sent_on > occasion.today:
            yield Refusal("sent_on", f"It cannot have gone out on {day_in_words(self.sent_on)}: that is after today.")
        if occasion.received_on and self.sent_on < occasion.received_on:
            words = f"It cannot have gone out on {day_in_words(self.sent_on)}, before anybody knew of the incident."
            yield Refusal("sent_on", words)


class IndividualsTold(NoticeSent):
    """That everybody was written to, with the list of who, where and when."""

    TITLE: ClassVar[str] = "Individuals were told"
    TELLS = ("sent_on", "told", "undeliverable")

    told: int = Field(title="How many were written to?", ge=1)
    people: Text = Field(
        title="Who, where, when, and what came back?",
        min_length=1,
        description="One person a line: name; address; day; “returned” if it came back. Kept encrypted; a longer list "
        "is attached on the case's page.",
    )
    undeliverable: int = Field(
        default=0, title="How many came back?", ge=0, description="From ten on the notice has to be public too."
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides that somebody was left out."""
        yield from super().refusals(occasion)
        affected = occasion.case_told.get("breach", {}).get("affected", 0)
        if self.told < affected:
            yield Refusal(
                "told", f"It concerns {affected}, and {self.told} were written to. Correct the one or the other."
            )
        if self.undeliverable > self.told:
            yield Refusal("undeliverable", "More came back than went out.")

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return besides whether a public notice is needed."""
        return {**super().tell(occasion), "public": self.undeliverable >= MANY_UNREACHED}


class MediaTold(NoticeSent):
    """That prominent media were told."""

    TITLE: ClassVar[str] = "Media were told"

    outlets: Text = Field(title="Which outlets, and how?", min_length=1)


class Filed(NoticeSent):
    """That a government office was told."""

    TITLE: ClassVar[str] = "Filed"
    TELLS = ("sent_on", "number")

    number: Line = Field(title="Its submission number", min_length=1)


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
        if occasion.told.get("notify", {}).get("public") and self.how is Substitute.OTHER:
            yield Refusal("how", "Ten or more came back: the notice has to be on the home page or in major media.")


class Corrective(Sheet):
    """Something that is to keep it from happening again."""

    TITLE: ClassVar[str] = "A corrective action"
    TELLS = ("due_on",)

    action: Text = Field(title="What is to be done?", min_length=1)
    due_on: date = Field(title="By when?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a day that is over."""
        if self.due_on < occasion.today:
            yield Refusal("due_on", f"{day_in_words(self.due_on)} is over. Give a day to come.")
