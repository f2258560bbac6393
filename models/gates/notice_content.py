"""What a notice of a breach has to say, 45 CFR 164.404(c)(1), and 164.406(c): tried when it goes out."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum

from models.words import long_date

WAYS_TO_ASK = re.compile(
    r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b"  # a telephone number
    r"|\S+@\S+\.\w+|https?://\S+|\bwww\.\S+"
    r"|\b[A-Z]{2} \d{5}\b",  # a postal address
)


class Element(StrEnum):
    """The five elements."""

    WHAT_HAPPENED = "what happened, with the day of the breach and the day it was discovered"
    KINDS = "the kinds of information it concerns"
    STEPS = "what people can do to protect themselves"
    WE_DO = "what we do to look into it, to limit the harm, and to keep it from happening again"
    CONTACT = "whom to ask: a toll-free number, an e-mail address, a web site or a postal address"


def missing_elements(says: Collection[Element]) -> list[str]:
    """Return what a notice does not say, of what it has to."""
    return [element.value for element in Element if element not in says]


def wanting_in(text: str, happened_on: date | None, discovered_on: date | None) -> Iterator[str]:
    """Yield what can be seen to be missing in the text of a notice: its two days, and a way to ask."""
    for day, what in ((happened_on, "the breach"), (discovered_on, "its discovery")):
        if day is not None and not _stands_in(text, day):
            yield f"the day of {what}, {long_date(day)}"
    if not WAYS_TO_ASK.search(text):
        yield "a telephone number, an e-mail or web address, or a postal address to ask at"


def _stands_in(text: str, day: date) -> bool:
    """Tell whether a text gives a day; 19 January is not 9 January."""
    return any(re.search(rf"(?<!\d){re.escape(written)}(?!\d)", text) for written in _written(day))


def _written(day: date) -> tuple[str, ...]:
    """Return the ways a letter may write a day."""
    month = f"{day:%B}"
    return (
        long_date(day),
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        str(day),
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%m/%d/%Y}",
    )
