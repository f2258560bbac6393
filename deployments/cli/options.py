"""Options that several commands share."""

from datetime import date
from typing import Annotated

import typer

from models.errors import WellkeptError


class NoDateError(WellkeptError):
    """That is no day of the calendar."""

    remedy = "Write year-month-day, such as 2027-03-01."


def a_day(written: str | date) -> date:
    """Return a civil date written as 2027-03-01. Raises NoDateError."""
    try:
        return written if isinstance(written, date) else date.fromisoformat(written)
    except ValueError as error:
        raise NoDateError(f"“{written}” is no day of the calendar.") from error


ClinicOption = Annotated[str, typer.Option("--clinic", metavar="SLUG", help="The clinic, such as maple-grove.")]
PersonArgument = Annotated[
    str, typer.Argument(metavar="CLINIC/PERSON", help="Whose, such as maple-grove/dana-whitfield.")
]
ACTOR = "command line"
"""Who acts, as the ledger names it."""
