"""The sheets of an incident: the card, what was done at once, and what it was: 45 CFR 164.402."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.breach_told import ResidentsError, breach_of, residents_of
from models.clocks.breach import clocks_of
from models.clocks.requests import Extension
from models.clocks.rule import Clock
from models.incident_kinds import IncidentKind
from models.sheets.intake import Intake
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words

SHORTEST_FACT = 40
"""Characters of a factor that holds a weak phrase and is taken all the same: somebody wrote the fact behind it."""
WEAK = re.compile(
    r"\b(no harm|unlikely|low risk|no risk|probably|should be fine|no evidence|not a big|nothing happened)\b",
    re.IGNORECASE,
)


class IncidentCard(Intake):
    """Something went wrong with patient data. It takes two minutes."""

    TITLE: ClassVar[str] = "Something went wrong with patient data"
    FIRST: ClassVar[tuple[str, ...]] = ("kind", "happened_on")
    TELLS = ("received_on", "kind", "happened_on")

    kind: IncidentKind = Field(title="What went wrong?")
    happened_on: date = Field(title="When did it happen?", description="As far as you know.")
    received_on: date = Field(
        title="When did anybody here first know of it?",
        description="Anybody who works here, not only you. The law counts from this day, not from when it happened.",
    )
    what: Text = Field(title="What happened?", min_length=1, description="In your own words. Names are kept encrypted.")
    who_has_it: Text = Field(default="", title="Who has it, or may have seen it?")
    done: Text = Field(default="", title="What have you done already?")

    @classmethod
    def clocks(
        cls,
        told: Mapping[str, Any],
        states: Collection[str],
        extensions: Collection[Extension] = (),  # noqa: ARG003 - a breach has none
    ) -> list[Clock]:
        """Return every clock of the breach it is or may be: until counted, that of the individuals alone."""
        breach = breach_of(told)
        clocks = clocks_of(breach, states)
        return clocks if "breach" in told else clocks[:1]

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


class Conclusion(StrEnum):
    """What the four factors show together."""

    LOW = "a low probability that it was compromised"
    NOT_LOW = "no low probability: it is a breach"


class FourFactors(Sheet):
    """The assessment of 45 CFR 164.402(2). It is presumed a breach unless a low probability is demonstrated."""

    TITLE: ClassVar[str] = "The four factors"
    TELLS = ("conclusion",)

    nature: Text = Field(
        title="1. What data, and how easily does it name somebody?",
        min_length=1,
        description="Kinds of identifiers, how sensitive, how likely somebody is recognized. Facts, not feelings.",
    )
    recipient: Text = Field(
        title="2. Who used it, or got it?", min_length=1, description="Bound by confidentiality? How do you know?"
    )
    acquired: Text = Field(
        title="3. Was it really acquired or seen?",
        min_length=1,
        description="What shows it: logs, what they said, seals.",
    )
    mitigated: Text = Field(
        title="4. How far is the risk mitigated?",
        min_length=1,
        description="Assurance of destruction, its date, from whom.",
    )
    not_available: Text = Field(
        default="", title="What did you ask for and not get?", description="Whom you asked, when, and what they said."
    )
    conclusion: Conclusion = Field(title="What do they show together?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:  # noqa: ARG002 - the same for every sheet
        """Yield factors that hold an opinion in place of a fact."""
        for name in ("nature", "recipient", "acquired", "mitigated"):
            words = str(getattr(self, name))
            if WEAK.search(words) and len(words) < SHORTEST_FACT:
                yield Refusal(
                    name, f"“{words}” is a conclusion. Write the fact behind it: who, what, when, how you know."
                )
        if self.conclusion is Conclusion.LOW and len(self.mitigated) < SHORTEST_FACT:
            yield Refusal("mitigated", "A low probability has to be demonstrated: write what was done, when, by whom.")


class NotifyAnyway(Sheet):
    """That notices go out without an assessment, which is always open."""

    TITLE: ClassVar[str] = "Notices without an assessment"

    why: Text = Field(title="Why?", min_length=1)


class BreachCounts(Sheet):
    """Counts and days of a breach. They may change, and the clocks with them."""

    TITLE: ClassVar[str] = "Counts and days of the breach"
    TELLS = ("affected", "residents", "determined_on", "hold_until", "vendor_discovered_on", "vendor_is_agent")

    affected: int = Field(title="How many people does it concern?", ge=1)
    residents: Line = Field(
        title="How many live in which state?", min_length=1, description="As NY=300, NJ=201, with two capital letters."
    )
    determined_on: date = Field(title="On what day was it determined to be a breach?")
    hold_until: date | None = Field(
        default=None,
        title="Until when do the police ask to wait?",
        description="45 CFR 164.412: what is asked by word of mouth holds for 30 days; note who asked.",
    )
    vendor_discovered_on: date | None = Field(default=None, title="When did the vendor discover it, if it was theirs?")
    vendor_is_agent: bool = Field(
        default=False,
        title="We direct how that vendor works",
        description="Then what the vendor knew, we knew, and the clocks run from there.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield counts and days that cannot be."""
        try:
            residents_of(self.residents, self.affected)
        except ResidentsError as error:
            yield Refusal("residents", f"{error.args[0]} {error.remedy}")
        if self.determined_on > occasion.today:
            yield Refusal("determined_on", f"{day_in_words(self.determined_on)} is after today.")
        if occasion.received_on and self.determined_on < occasion.received_on:
            yield Refusal("determined_on", "It cannot have been determined before anybody knew of it.")
