"""Options that several commands share."""

from datetime import date
from typing import Annotated

import typer

from models.errors import WellkeptError

YEARS = range(2000, 2101)
"""Which calendar years a day may be in."""


class NoDateError(WellkeptError):
    """That is no day of the calendar."""

    remedy = "Write year-month-day, such as 2027-03-01."


def a_day(written: str | date) -> date:
    """Return a civil date written as 2027-03-01. Raises NoDateError, also for what can only be a slip of the pen."""
    try:
        day = written if isinstance(written, date) else date.fromisoformat(written)
    except ValueError as error:
        raise NoDateError(f"“{written}” is no day of the calendar.") from error
    if day.year not in YEARS:
        raise NoDateError(f"“{written}” is not between {YEARS.start} and {YEARS.stop - 1}.")
    return day


ClinicOption = Annotated[str, typer.Option("--clinic", metavar="SLUG", help="The clinic, such as maple-grove.")]
PersonArgument = Annotated[
    str, typer.Argument(metavar="CLINIC/PERSON", help="Whose, such as maple-grove/dana-whitfield.")
]
ACTOR = "command line"
"""Who acts, as the ledger names it."""
