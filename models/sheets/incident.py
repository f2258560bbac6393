"""The sheets of an incident: the card, what was done at once, and what it was: 45 CFR 164.402, 164.530(d)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.breach_told import clocks_that_run
from models.clocks.requests import Extension
from models.clocks.rule import Clock
from models.incident_kinds import IncidentKind
from models.sheets.intake import Intake
from models.sheets.sheet import SHORTEST_FACT, Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words

INVOLVED = "involved"
"""What a case calls those who had a part in it: ids of people who are asked to judge nothing of it."""


class IncidentCard(Intake):
    """Something went wrong with patient data. It takes two minutes."""

    TITLE: ClassVar[str] = "Something went wrong with patient data"
    FIRST: ClassVar[tuple[str, ...]] = ("kind", "happened_on")
    COUNTS_FROM: ClassVar[str] = "the day on which anybody here first knew of it"
    TELLS = ("received_on", "kind", "happened_on", "earlier")

    kind: IncidentKind = Field(title="What went wrong?")
    happened_on: date = Field(title="When did it happen?", description="As far as you know.")
    received_on: date = Field(
        title="When did anybody here first know of it?",
        description="Anybody who works here, but whoever did it. The law counts from this day, not from when it "
        "happened, and not from today.",
    )
    what: Text = Field(title="What happened?", min_length=1, description="In your own words. Names are kept encrypted.")
    who_has_it: Text = Field(default="", title="Who has it, or may have seen it?")
    done: Text = Field(default="", title="What have you done already?")
    involved: Line = Field(
        default="",
        title="Who here had a part in it?",
        description="Names, with commas. They are not asked to judge it. Nobody is treated worse for reporting.",
    )
    earlier: Line = Field(
        default="",
        title="Does it add to an incident that is closed? Its number",
        description="A closed incident stays as it is; what is new is an entry of its own.",
    )

    @classmethod
    def clocks(
        cls,
        told: Mapping[str, Any],
        states: Collection[str],
        extensions: Collection[Extension] = (),  # noqa: ARG003 - a breach has none
    ) -> list[Clock]:
        """Return every clock of the breach it is or may be: until counted, that of the individuals alone."""
        return clocks_that_run(told, states)

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield days that cannot be."""
        if self.received_on > occasion.today:
            words = f"Nobody can know of it on {day_in_words(self.received_on)}: that is after today."
            yield Refusal("received_on", words)
        if self.happened_on > occasion.today:
            yield Refusal("happened_on", f"It cannot have happened on {day_in_words(self.happened_on)}: after today.")
        elif self.received_on < self.happened_on:
            words = f"Nobody can have known of it on {day_in_words(self.received_on)}, before it happened."
            yield Refusal("received_on", f"{words} Check both days.")
        if self.earlier and not (self.earlier.startswith("INC-") and self.earlier in occasion.numbers):
            yield Refusal("earlier", f"There is no incident {self.earlier} here. Its number looks like INC-0001.")

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return besides the ids of those who had a part in it, and leave out what was left empty."""
        known = set(occasion.people)
        named = [occasion.id_of(name) for name in self.involved.split(",") if name.strip()]
        told = {name: value for name, value in super().tell(occasion).items() if value}
        return {**told, INVOLVED: [id_ for id_ in named if id_ in known]} if named else told


class Assurance(StrEnum):
    """What came of it."""

    BACK = "we have it back, or it is shut"
    WRITTEN = "they say in writing that it is destroyed or kept to themselves"
    SPOKEN = "they say so, and not in writing"
    NOT_REACHED = "they were not reached, or will not say"


class Contained(Sheet):
    """What was done at once."""

    TITLE: ClassVar[str] = "What was done at once"
    TELLS = ("assurance",)

    done: Text = Field(title="What did you do, when, and who said what?", min_length=1)
    assurance: Assurance = Field(title="What came of it?")


class Permitted(Sheet):
    """That it was permitted, or incidental to what is, 45 CFR 164.502(a)(1)(iii)."""

    TITLE: ClassVar[str] = "Permitted, or incidental"

    why: Text = Field(title="What permits it, or what was it incidental to?", min_length=SHORTEST_FACT)
    safeguards: Text = Field(
        title="Which safeguards were in place?",
        min_length=1,
        description="What is incidental is none without reasonable safeguards and no more than the minimum.",
    )


class BreachException(StrEnum):
    """The three exceptions of 45 CFR 164.402(1)."""

    WORKFORCE = "good-faith access by somebody of the workforce within their authority, and no further use"
    INSIDE = "by mistake between people authorized in the same organization, and no further use"
    NOT_KEPT = "good-faith belief that whoever got it could not keep it"


class ExceptionFound(Sheet):
    """That one of the three exceptions applies."""

    TITLE: ClassVar[str] = "One of the three exceptions"
    TELLS = ("exception",)

    exception: BreachException = Field(title="Which one?")
    why: Text = Field(title="What shows that?", min_length=SHORTEST_FACT)


class Secured(Sheet):
    """That it was not unsecured: encrypted or destroyed as HHS describes."""

    TITLE: ClassVar[str] = "It was secured"

    how: Text = Field(title="How was it encrypted or destroyed?", min_length=1)
    proof: Text = Field(
        title="How do you know, for that day, and that the key was elsewhere?", min_length=SHORTEST_FACT
    )


class NotifyAnyway(Sheet):
    """That notices go out without an assessment, which is always open."""

    TITLE: ClassVar[str] = "Notices without an assessment"

    why: Text = Field(title="Why?", min_length=1)
