"""Words: moments and hashes as the pages say them. Dates and counts come from `models.words`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from models.clocks.rule import HOW_SURE
from models.words import long_date


def moment_in_words(moment: datetime, time_zone: str) -> str:
    """Return a moment in a clinic's time zone, e.g. "Monday, 1 March 2027 at 3:04 PM EST"."""
    there = moment.astimezone(ZoneInfo(time_zone))
    return f"{long_date(there.date())} at {there.strftime('%I:%M %p %Z').removeprefix('0')}"


def short_hash(digest: str) -> str:
    """Return the beginning of a SHA-256 in groups that can be read aloud."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def how_sure(mark: str) -> str:
    """Return how well a rule of law was checked, as a sentence."""
    return f"How sure: {HOW_SURE.get(mark, mark)}."
