"""Rules of clocks: what a paragraph of law counts, from when and how, and how well that was checked."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from models.calendars import ONE_DAY, IsBusinessDay, business_day, on_or_before
from models.clocks.civil import days_after
from models.words import count_in_words, day_in_words

OWN = "own"
"""The mark of a deadline that is the practice's own, where the law only says “within a reasonable time”."""

HOW_SURE = {
    "R": "read in the regulation",
    "P": "read in a primary source",
    "P/S": "read in part in a primary source",
    "S": "read in a secondary source",
    "M": "from memory; have it checked",
    OWN: "the practice's own; the law counts no days",
}
"""What the marks mean, in words."""


class Unit(StrEnum):
    """What a clock counts."""

    CALENDAR_DAYS = "calendar day"
    BUSINESS_DAYS = "business day"
    """Only clocks of states. What a business day is differs; federal holidays and the state's own are left out."""


class ClockRule(BaseModel):
    """A deadline as the law says it."""

    model_config = ConfigDict(frozen=True)

    clock: str = Field(description="Its name, such as 'access'.")
    cite: str
    days: int
    unit: Unit = Unit.CALENDAR_DAYS
    counts_from: str = Field(description="What it counts from, in words: 'receipt'.")
    longest: int | None = Field(default=None, description="The most days, of the same unit, after a notice of delay.")
    state: str | None = Field(default=None, description="Two letters; none for federal law.")
    kinds: frozenset[str] = Field(default=frozenset(), description="What it is about only; nothing means everything.")
    verified: str = Field(
        description="R: read in the regulation; P: primary source; S: secondary; M: from memory; or OWN."
    )

    def due_on(self, start: date, days: int | None = None) -> date:
        """Return the last day: the first is not counted, and nothing rolls on from a weekend (rules D1, D2)."""
        wanted = self.days if days is None else days
        if self.unit is Unit.CALENDAR_DAYS:
            return days_after(start, wanted)
        return _business_days_after(start, wanted, business_day(self.state))

    def running(self, start: date, days: int | None = None, because: str = "") -> "Clock":
        """Return it counted from a civil day; `because` says what else made the day what it is."""
        wanted = self.days if days is None else days
        basis = f"{count_in_words(wanted, self.unit)} after {self.counts_from} on {day_in_words(start)}{because}"
        return Clock.of(self, self.due_on(start, wanted), basis)


class Clock(NamedTuple):
    """A deadline that runs."""

    clock: str
    cite: str
    due_on: date
    """The last civil day of the clinic on which it is in time, be it a Sunday or a holiday."""
    act_by: date
    """The last business day that is not after it."""
    basis: str
    """How it was counted, in words."""
    verified: str
    state: str | None

    @classmethod
    def of(cls, rule: ClockRule, due_on: date, basis: str) -> "Clock":
        """Return a clock by a rule that is due on a day."""
        act_by = on_or_before(due_on, business_day(rule.state))
        return cls(rule.clock, rule.cite, due_on, act_by, basis, rule.verified, rule.state)


def governing(clocks: Iterable[Clock]) -> Clock:
    """Return the clock that governs: the law's due first; of two due on one day the federal one (rule D10).

    Where the law counts no days, the practice's own.
    """
    return min(clocks, key=lambda each: (each.verified == OWN, each.due_on, each.state or ""))


def _business_days_after(start: date, days: int, is_business_day: IsBusinessDay) -> date:
    day = start
    while days > 0:
        day += ONE_DAY
        days -= is_business_day(day)
    return day
