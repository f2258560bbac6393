"""What a case tells of its breach: the counts and days that the clocks look at, as plain JSON."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.clinic_folder.kinds import State
from models.clocks.breach import Breach, clocks_of
from models.clocks.rule import Clock
from models.errors import WellkeptError

BREACH = "breach"
"""What a case calls what was noted of it: counts and days."""


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


def is_counted(told: Mapping[str, Any]) -> bool:
    """Tell whether a case was determined to be a breach, and counted."""
    return "affected" in told.get(BREACH, {})


def breach_of(told: Mapping[str, Any]) -> Breach:
    """Return the breach that a case tells of; before it is counted, one of a single person who lives nowhere.

    It was discovered when anybody here knew of it, or a vendor told us, or where we direct the vendor, it knew itself.
    """
    counted = told.get(BREACH, {})
    discovered_on = date.fromisoformat(told["received_on"])
    by_vendor = day_of(counted, "vendor_discovered_on" if counted.get("vendor_is_agent") else "vendor_told_on")
    if by_vendor:
        discovered_on = min(discovered_on, by_vendor)
    affected = counted.get("affected", 1)
    return Breach(
        discovered_on,
        affected,
        residents_of(counted.get("residents", ""), affected),
        individuals_sent_on=day_of(counted, "individuals_sent_on"),
        determined_on=day_of(counted, "determined_on"),
        hhs_told_on=day_of(counted, "hhs_told_on"),
        hold_until=day_of(counted, "hold_until"),
    )


def clocks_that_run(told: Mapping[str, Any], states: Collection[str]) -> list[Clock]:
    """Return the clocks of what a case tells; until it is counted, that of the individuals alone."""
    running = clocks_of(breach_of(told), states)
    return running if is_counted(told) else running[:1]


def day_of(counted: Mapping[str, Any], name: str) -> date | None:
    """Return a day that was noted of a breach, if it was."""
    return date.fromisoformat(counted[name]) if counted.get(name) else None


def _state(typed: str) -> str:
    try:
        return TypeAdapter(State).validate_python(typed)
    except ValidationError as error:
        told = error.errors()[0]["ctx"]
        raise ResidentsError(told["problem"], remedy=told["remedy"]) from error
