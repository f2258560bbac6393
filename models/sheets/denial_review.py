"""The sheets of the review of a denial, 45 CFR 164.524(a)(4) and (d)(4)."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.clocks.requests import Extension
from models.clocks.rule import OWN, Clock, ClockRule
from models.sheets.intake import PatientsIntake
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text

_ACCESS_CASE = re.compile(r"ACC-\d{4,}")


class DenialReviewIntake(PatientsIntake):
    """Somebody wants a denial of access reviewed."""

    TITLE: ClassVar[str] = "Somebody wants a denial reviewed"
    TELLS = ("received_on", "denied_case")

    denied_case: Line = Field(title="Which case was denied?", description="Its number, such as ACC-0012.", min_length=1)

    @classmethod
    def clocks(
        cls,
        told: Mapping[str, Any],
        states: Collection[str],  # noqa: ARG003 - no state's clock is known
        extensions: Collection[Extension] = (),  # noqa: ARG003 - nor an extension
    ) -> list[Clock]:
        """Return the practice's own fifteen days: the law says “within a reasonable period”."""
        rule = ClockRule(
            clock="denial review", cite="45 CFR 164.524(d)(4)", days=15, counts_from="receipt", verified=OWN
        )
        return [rule.running(date.fromisoformat(told["received_on"]))]

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides a number that no access request has."""
        yield from super().refusals(occasion)
        if not _ACCESS_CASE.fullmatch(self.denied_case):
            yield Refusal("denied_case", "Write the number that stands in the letter, such as ACC-0012.")


class Referral(Sheet):
    """What the reviewer has to know."""

    TITLE: ClassVar[str] = "Referred for review"

    what: Text = Field(title="What was withheld, on what ground, and why?", min_length=1)
    records: Line = Field(title="How does the reviewer get to see it?", min_length=1)


class Finding(StrEnum):
    """What a review comes to; the practice must do as the reviewer says."""

    UPHELD = "the denial stands"
    OVERTURNED = "access is to be given"


class Reviewed(Sheet):
    """What the reviewer decided."""

    TITLE: ClassVar[str] = "The review"
    TELLS = ("finding",)

    licence: Line = Field(title="Your licence", min_length=1, description="Kind and number.")
    independent: bool = Field(default=False, title="I took no part in the denial")
    finding: Finding = Field(title="What do you decide?")
    reasoning: Text = Field(title="Why?", min_length=1)

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:  # noqa: ARG002 - the same for every sheet
        """Yield that only somebody who took no part may review."""
        if not self.independent:
            yield Refusal("independent", "Only somebody who took no part may review: 45 CFR 164.524(a)(4).")
