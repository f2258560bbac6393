"""The sheets of an accounting of disclosures, 45 CFR 164.528."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from models.sheets.refusal import without_right
from models.sheets.sheet import Line, Occasion, Refusal, Sheet
from models.words import day_in_words

ORAL_DAYS = 30
"""45 CFR 164.528(a)(2)(ii): an oral statement of an agency suspends for that long."""


class AccountingChecked(Sheet):
    """What was checked before an accounting goes out."""

    TITLE: ClassVar[str] = "Checked before the accounting goes out"

    suspended_by: Line = Field(
        default="",
        title="Did an agency or the police ask that a disclosure is not listed for now?",
        description="Which one, its official's name, and what they said; nothing if none did. 45 CFR 164.528(a)(2).",
    )
    said_on: date | None = Field(default=None, title="When did they ask?")
    in_writing: bool = Field(default=False, title="They asked in writing and said for how long")
    suspended_until: date | None = Field(default=None, title="Until when is it not listed?")
    fee: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=10_000,
        title="Fee, in dollars",
        description="The first accounting in twelve months is free.",
    )
    warned_of_fee: bool = Field(default=False, title="They were told of the fee and could withdraw")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield what is missing: a suspension without its days, one that lasts too long, a fee nobody was told of."""
        yield from without_right(occasion, "suspended_by")
        if self.suspended_by and not (self.said_on and self.suspended_until):
            yield Refusal("said_on", "Write when they asked, and until when it is not listed.")
        elif self.said_on and self.suspended_until and not self.in_writing:
            last = self.said_on + timedelta(days=ORAL_DAYS)
            if self.suspended_until > last:
                words = f"What was asked by word of mouth holds for 30 days, until {day_in_words(last)}."
                yield Refusal("suspended_until", f"{words} Ask for it in writing.")
        if self.fee and not self.warned_of_fee:
            yield Refusal("warned_of_fee", "No fee before they were told of it and could change their mind.")
