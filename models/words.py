"""Words: dates, distances, counts and lists in plain English, as runs, letters and pages say them."""

from collections.abc import Sequence
from datetime import date


def day_in_words(day: date) -> str:
    """Return a date as '22 January 2027'."""
    return f"{day.day} {day:%B %Y}"


def long_date(day: date) -> str:
    """Return a date with its weekday: 'Friday, 22 January 2027'."""
    return f"{day:%A}, {day_in_words(day)}"


def short_date(day: date, today: date) -> str:
    """Return a date for a subject line: '22 January', with the year when it is another one than today's."""
    return f"{day.day} {day:%B}" if day.year == today.year else day_in_words(day)


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


def distance(day: date, today: date) -> str:
    """Return how far a date is from today: 'in 7 days', 'today', '3 days ago'."""
    days = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {days_in_words(days)}" if days > 0 else f"{days_in_words(-days)} ago"


def list_in_words(items: Sequence[str], most: int = 3) -> str:
    """Return 'A, B and C', or 'A, B, C and 4 more'; with semicolons where an item holds a comma."""
    shown, rest = list(items[:most]), len(items) - most
    if rest > 0:
        shown.append(f"{rest} more")
    if not shown:
        return "nobody"
    comma = "; " if any("," in item for item in shown) else ", "
    return f"{comma.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def sentence_case(text: str) -> str:
    """Return a phrase with a capital first letter; the rest stays: 'Review Sanctions policy'."""
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """Return a text with every run of white space as one space, fit for a header."""
    return " ".join(text.split())
