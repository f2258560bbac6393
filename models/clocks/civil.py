"""Civil dates: the day it is at a clinic, and days, months and years counted from it. Rules D1, D3, D12 and D13."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.errors import WellkeptError


class NoZoneError(WellkeptError):
    """A moment without its time zone is no moment."""

    remedy = "Write it with its distance from UTC, such as 2026-10-31T23:30-04:00, or as a day: 2026-10-31."


def civil_date(moment: datetime, time_zone: str) -> date:
    """Return the day a moment is in a clinic's IANA time zone; receipt, knowledge and sending count by that day.

    Raises NoZoneError for a moment that does not say how far it is from UTC.
    """
    if moment.tzinfo is None:
        raise NoZoneError(f"{moment.isoformat()} does not say in which time zone it is.")
    return moment.astimezone(ZoneInfo(time_zone)).date()


def days_after(day: date, days: int) -> date:
    """Return the last day of a period of so many calendar days; the day it counts from is not in it."""
    return day + timedelta(days=days)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month; count from the anchor each time."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 1 March where there is none: kept longer."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def years_before(day: date, years: int) -> date:
    """Return the day a look back of so many years begins; 29 February becomes the 28th: more is included."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)
