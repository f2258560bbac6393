"""The kinds of values a clinic folder holds, each with a refusal that says what to write instead."""

import re
from datetime import date
from functools import cache
from typing import Annotated, NoReturn
from zoneinfo import available_timezones

from holidays.countries.united_states import UnitedStates
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from models.clinic_folder.mistakes import close_to, one_of

LONGEST_LINE = 200
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# The pattern of the HTML Living Standard for <input type=email>, with at least one dot in the domain.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")
EVERYDAY_ZONES = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
}
EVERYDAY_LETTERS = {"e": "eastern", "c": "central", "m": "mountain", "p": "pacific"}


def refuse(problem: str, remedy: str) -> NoReturn:
    """Raise the error pydantic collects; its words reach the reader as they are."""
    raise PydanticCustomError("refused", "{problem}", {"problem": problem, "remedy": remedy})


def civil_date(value: object) -> date | None:
    """Return the date a text writes as YYYY-MM-DD, or none if it writes no such date."""
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _line(value: str) -> str:
    unseen = next((char for char in value if not char.isprintable()), None)
    if unseen is not None:
        problem = f"The text holds a character that cannot be seen (U+{ord(unseen):04X})."
        refuse(problem, "Type this line anew, on one line, rather than pasting it.")
    if not value.strip():
        refuse("The text is empty.", "Write it, or remove the whole line if it is optional.")
    if len(value) > LONGEST_LINE:
        refuse(f"The text is longer than {LONGEST_LINE} characters.", "Shorten it.")
    return value.strip()


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        remedy = "Use small letters a-z, digits and single hyphens, e.g. `maple-grove`."
        refuse(f"`{value}` cannot be used as a short name.", remedy)
    return value


def _email(value: str) -> str:
    if not EMAIL.fullmatch(value) or ".." in value:
        refuse(f"`{value}` is not an e-mail address.", "Write one address, e.g. `dana@maple-grove.example`.")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if "/" in zone)


def _likely_zones(value: str) -> list[str]:
    letters = value.strip().casefold()
    short = EVERYDAY_LETTERS.get(letters[:1]) if re.fullmatch(r"[ecmp][sd]?t", letters) else letters.split(" ")[0]
    if short in EVERYDAY_ZONES:
        return [EVERYDAY_ZONES[short]]
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(_zones(), reverse=True)}
    by_city = [cities[city] for city in close_to(letters.rpartition("/")[2], cities)]
    return by_city or close_to(value, sorted(_zones()))


def _time_zone(value: str) -> str:
    if value not in _zones():
        likely = _likely_zones(value) or ["America/New_York"]
        remedy = f"Write Area/City, e.g. {' or '.join(f'`{zone}`' for zone in likely)}."
        refuse(f"`{value}` is not a time zone.", remedy)
    return value


def _clock_time(value: str) -> str:
    if not CLOCK_TIME.fullmatch(value):
        refuse(f"`{value}` is not a time of day.", 'Write hours and minutes of a 24-hour clock, e.g. "07:00".')
    return value


def _state(value: str) -> str:
    states = UnitedStates.subdivisions
    if value not in states:
        remedy = one_of(value, states) if value.upper() in states else "Write its two capital letters, e.g. `NY`."
        refuse(f"`{value}` is not a state.", remedy)
    return value


def _date(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = civil_date(value)
    if found is None:
        refuse(f"`{value}` is not a date.", "Write year-month-day, e.g. `2027-02-28`.")
    return found


def _day_of_year(value: str) -> str:
    # Any common year will do: 29 February comes only every fourth year, a duty comes every year.
    if civil_date(f"2001-{value}") is None:
        refuse(f"`{value}` is not a day of every year.", 'Write month-day, e.g. "01-15".')
    return value


Line = Annotated[str, AfterValidator(_line)]
Slug = Annotated[str, AfterValidator(_slug)]
Email = Annotated[str, AfterValidator(_email)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
ClockTime = Annotated[str, AfterValidator(_clock_time)]
State = Annotated[str, AfterValidator(_state)]
CivilDate = Annotated[date, BeforeValidator(_date)]
DayOfYear = Annotated[str, AfterValidator(_day_of_year)]
