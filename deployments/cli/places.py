"""States, time zones and days as they are given to a command."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError

from deployments.cli.options import NoDateError, a_day
from models.clinic_folder.kinds import State, TimeZone
from models.clocks.civil import civil_date
from models.errors import WellkeptError

_STATE: TypeAdapter[str] = TypeAdapter(State)
_ZONE: TypeAdapter[str] = TypeAdapter(TimeZone)


class PlaceError(WellkeptError):
    """There is no such state or time zone."""


def states(written: Sequence[str] | None) -> list[str]:
    """Return US states written as two letters. Raises PlaceError."""
    return [_checked(_STATE, each) for each in written or ()]


def civil_day(written: str, zone: str | None) -> date:
    """Return a day, or the day that a moment with its distance from UTC is in a clinic's time zone.

    Raises NoDateError, NoZoneError, and PlaceError for an unknown zone.
    """
    where = _checked(_ZONE, zone) if zone else None
    if "T" not in written:
        return a_day(written)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        remedy = "Write a day, such as 2027-03-01, or a moment, such as 2026-10-31T23:30-04:00."
        raise NoDateError(f"“{written}” is no moment.", remedy=remedy) from error
    if where is None:
        raise PlaceError(
            f"On which day {written} is depends on the clinic.", remedy="Say where it is with --time-zone."
        )
    return a_day(civil_date(moment, where))


def _checked(kind: TypeAdapter[str], written: str) -> str:
    try:
        return kind.validate_python(written)
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
        raise PlaceError(str(context.get("problem", error)), remedy=str(context.get("remedy", ""))) from error
