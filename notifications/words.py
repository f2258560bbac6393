"""Words: dates, distances and lists as people write them."""

from collections.abc import Sequence
from datetime import date


def long_date(day: date) -> str:
    """Return a date with its weekday: "Friday, 22 January 2027"."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def short_date(day: date, today: date) -> str:
    """Return a date for a subject line: "22 January", with the year when it is another one than today's."""
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"


def distance(day: date, today: date) -> str:
    """Return how far a date is from today: "in 7 days", "today", "3 days ago"."""
    days = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def sentence_case(text: str) -> str:
    """Return a phrase with a capital first letter; the rest stays: "Review Sanctions policy"."""
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """Return a text with every run of white space as one space, fit for a header."""
    return " ".join(text.split())


def things(count: int) -> str:
    """Return a count of things: "1 thing", "3 things"."""
    return "1 thing" if count == 1 else f"{count} things"


def listed(phrases: Sequence[str]) -> str:
    """Return phrases joined as a list: "a, b and c"."""
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)
