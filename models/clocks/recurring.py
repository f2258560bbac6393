"""Clocks of training, and of what comes again by a cadence."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import count

from models.clocks.civil import months_after
from models.clocks.rule import OWN, Clock, ClockRule, Unit
from models.errors import WellkeptError

_HIRE = "hire"
TRAINING = (
    ClockRule(
        clock="training, practice's own target",
        cite="45 CFR 164.530(b)(2)(i)(B)",
        days=10,
        unit=Unit.BUSINESS_DAYS,
        counts_from=_HIRE,
        verified=OWN,
    ),
    ClockRule(
        clock="training, practice's own limit",
        cite="45 CFR 164.530(b)(2)(i)(B)",
        days=30,
        counts_from=_HIRE,
        verified=OWN,
    ),
)
TRAINING_OF_STATES = (
    ClockRule(clock="TX training", cite="Tex. H&S 181.101", days=90, counts_from=_HIRE, state="TX", verified="P"),
)


class CadenceError(WellkeptError):
    """That is no cadence."""

    remedy = "Say every how many months, from 1 to 120, counted from a day such as 2027-01-31."


def training_clocks(hired_on: date, states: Collection[str] = ()) -> list[Clock]:
    """Return by when somebody hired on a civil day is to be trained, with the limits of the states a clinic chose."""
    return [
        rule.running(hired_on) for rule in (*TRAINING, *(each for each in TRAINING_OF_STATES if each.state in states))
    ]


def cadence(anchor: date, months: int) -> Iterator[date]:
    """Yield the due dates after an anchor, so many months apart, each counted from the anchor so that none drifts.

    The 31st becomes the last day of a shorter month and is the 31st again afterwards (rule D12). Raises CadenceError.
    """
    if not 1 <= months <= 120:  # noqa: PLR2004 - ten years
        raise CadenceError(f"Every {months} months is no cadence.")
    return (months_after(anchor, months * number) for number in count(1))
