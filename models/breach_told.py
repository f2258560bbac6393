"""What a case tells of its breach: the counts and days that the clocks look at, as plain JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.clinic_folder.kinds import State
from models.clocks.breach import Breach
from models.errors import WellkeptError

BREACH = "breach"
"""What a case calls it once it was determined to be one."""


class ResidentsError(WellkeptError):
    """These are no counts of residents."""

    remedy = "Write them as NY=300, NJ=201."


def residents_of(typed: str, affected: int) -> dict[str, int]:
    """Return how many live in which state, of a text such as NY=300,NJ=201. Raises ResidentsError."""
    residents: dict[str, int] = {}
    for part in filter(None, (each.strip() for each in typed.split(","))):
        state, _, number = (each.strip() for each in part.partition("="))
        if not number.isdecimal():
            raise ResidentsError(f"“{part}” is no count.")
        residents[_state(state)] = residents.get(state, 0) + int(number)
    if sum(residents.values()) > affected:
        told = f"{sum(residents.values())} residents are more than the {affected} affected."
        raise ResidentsError(told, remedy="Correct one of the two.")
    return residents


def breach_of(told: Mapping[str, Any]) -> Breach:
    """Return the breach that a case tells of; before it is counted, one of a single person who lives nowhere."""
    counted = told.get(BREACH, {})
    discovered_on = date.fromisoformat(told["received_on"])
    vendor = _day(counted, "vendor_discovered_on")
    if vendor and counted.get("vendor_is_agent"):
        discovered_on = min(discovered_on, vendor)
    affected = counted.get("affected", 1)
    return Breach(
        discovered_on,
        affected,
        residents_of(counted.get("residents", ""), affected),
        individuals_sent_on=_day(counted, "individuals_sent_on"),
        determined_on=_day(counted, "determined_on"),
        hhs_told_on=_day(counted, "hhs_told_on"),
        hold_until=_day(counted, "hold_until"),
    )


def _day(counted: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(counted[name]) if counted.get(name) else None


def _state(typed: str) -> str:
    try:
        return TypeAdapter(State).validate_python(typed)
    except ValidationError as error:
        told = error.errors()[0]["ctx"]
        raise ResidentsError(told["problem"], remedy=told["remedy"]) from error
