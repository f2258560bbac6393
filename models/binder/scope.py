"""What an export covers: a clinic, a period, a topic, and whether case facts are in it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.binder.tabs import Tab, tabs_for
from models.errors import WellkeptError
from models.words import day_in_words


class PeriodError(WellkeptError):
    """That is no period that can be exported."""

    remedy = "Give the first and the last day as YYYY-MM-DD, for example --from 2026-01-01 --to 2026-12-31."


@dataclass(frozen=True)
class Scope:
    """What is exported. The days are civil dates of the clinic, both included."""

    clinic: str
    """The clinic's slug."""
    time_zone: str
    first: date
    last: date
    topic: str | None = None
    with_case_facts: bool = False
    """Whether reasons that people wrote are in it: they may name somebody."""

    def check(self, today: date) -> None:
        """Raise PeriodError or UnknownTopicError for what cannot be exported on a day."""
        if self.last < self.first:
            raise PeriodError(f"The period ends on {self.last}, before it begins on {self.first}.")
        if self.first > today:
            raise PeriodError(f"The period begins on {self.first}, and today is {day_in_words(today)}.")
        tabs_for(self.topic)

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """Return the tabs the binder has."""
        return tabs_for(self.topic)

    @property
    def in_words(self) -> str:
        """Return the period in words."""
        return f"{day_in_words(self.first)} to {day_in_words(self.last)}"

    def has_tab(self, number: str) -> bool:
        """Tell whether a tab is in it."""
        return any(tab.number == number for tab in self.tabs)

    def local(self, moment: datetime | None) -> str:
        """Return a moment as the binder writes it: local time of the clinic, to the minute."""
        return f"{moment.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d %H:%M}" if moment else ""

    def day(self, moment: datetime) -> date:
        """Return the civil day of a moment at the clinic."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def covers(self, moment: datetime) -> bool:
        """Tell whether a moment lies in the period."""
        return self.first <= self.day(moment) <= self.last

    def overlaps(self, first: date, last: date | None) -> bool:
        """Tell whether days, both included and the last perhaps still to come, lie in the period in part."""
        return first <= self.last and (last is None or last >= self.first)
