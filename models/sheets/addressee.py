"""One person who is told of a breach, 45 CFR 164.404(d), and the list of them as spreadsheets save it."""

import csv
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import ClassVar

from pydantic import Field, ValidationError

from models.clinic_folder.kinds import State
from models.errors import WellkeptError
from models.sheets.sheet import Line, Sheet

COLUMNS = ("name", "address", "state", "born_on")
LARGEST_LIST = 1_000_000
"""Bytes of a list: some ten thousand people."""
MOST_MISTAKES = 5
"""Lines that are told at once when several cannot be read."""
SHAPE = "Write a person a line: name; address; state; date of birth, such as “Ana Lee; 4 Elm St; NY; 1980-02-01”."


class Addressee(Sheet):
    """One line of the list of those who are told."""

    TITLE: ClassVar[str] = "Told of a breach"

    name: Line = Field(title="Name", min_length=1)
    address: Line = Field(title="Address", min_length=1)
    state: State | None = Field(default=None, title="State")
    born_on: date | None = Field(default=None, title="Date of birth")
    sent_on: date | None = Field(default=None, title="Sent on")
    returned_on: date | None = Field(default=None, title="Came back on")


class ListError(WellkeptError):
    """This list cannot be read."""

    remedy = SHAPE


def read_list(text: str, sent_on: date | None = None) -> list[Addressee]:
    """Return the people of a list: name; address, and if known state and date of birth. Raises ListError.

    Columns are parted by semicolons, tabs or commas, whichever the first line has; a first line of headings is skipped.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    parted_by = next((each for each in (";", "\t") if each in first), ",")
    found, wrong = [], []
    for number, cells in enumerate(csv.reader(lines, delimiter=parted_by), 1):
        if number == 1 and cells and cells[0].strip().casefold() == COLUMNS[0]:
            continue
        try:
            found.append(_addressee(cells, sent_on))
        except ValidationError as error:
            wrong.append(f"Line {number}: {_in_words(error)}.")
    if wrong:
        more = f" {len(wrong) - MOST_MISTAKES} more." if len(wrong) > MOST_MISTAKES else ""
        raise ListError(" ".join(islice(wrong, MOST_MISTAKES)) + more)
    if not found:
        raise ListError("There is nobody on the list.")
    return found


def _addressee(cells: list[str], sent_on: date | None) -> Addressee:
    filled = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=False) if cell.strip()}
    return Addressee.model_validate({**filled, "sent_on": sent_on})


def _in_words(error: ValidationError) -> str:
    return ", ".join(_problems(error))


def _problems(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False, include_input=False):
        name = Addressee.model_fields[str(each["loc"][0])].title or ""
        yield f"the {name.casefold()} is missing" if each["type"] == "missing" else f"the {name.casefold()} is wrong"
