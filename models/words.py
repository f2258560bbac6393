"""Dates and lists in plain English, as runs, letters and pages say them."""

from collections.abc import Sequence
from datetime import date


def day_in_words(day: date) -> str:
    """Return a date as '22 January 2027'."""
    return f"{day.day} {day:%B %Y}"


def days_in_words(days: int) -> str:
    """Return a number of calendar days as '1 day' or '6 days'."""
    return "1 day" if days == 1 else f"{days} days"


def count_in_words(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number and its noun: '1 policy', '3 policies'."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def due_in_words(due_on: date, today: date) -> str:
    """Return how a due date lies from today: 'due in 7 days', 'due today', '3 days late'."""
    days = (due_on - today).days
    if days == 0:
        return "due today"
    return f"due in {days_in_words(days)}" if days > 0 else f"{days_in_words(-days)} late"


def list_in_words(items: Sequence[str], most: int = 3) -> str:
    """Return 'A, B and C', or 'A, B, C and 4 more'; with semicolons where an item holds a comma."""
    shown, rest = list(items[:most]), len(items) - most
    if rest > 0:
        shown.append(f"{rest} more")
    if not shown:
        return "nobody"
    comma = "; " if any("," in item for item in shown) else ", "
    return f"{comma.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
