"""Whose data went out in an incident, and to whom: what an accounting of disclosures lists, 45 CFR 164.528(b)(2)."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from pydantic import Field

from models.sheets.intake import about_patient
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words

_SHAPE = "Write a person a line: name; date of birth, such as “Ana Lee; 1980-02-01”."


class WentOut(Sheet):
    """Whose data went out without being permitted, and to whom."""

    TITLE: ClassVar[str] = "For the accounting of disclosures"
    TELLS = ("went_out_on",)

    went_out_on: date = Field(title="On what day did it go out?")
    sent_to: Line = Field(title="Who got it?", min_length=1, description="And their address, if it is known.")
    what: Text = Field(title="What was it, in a few words?", min_length=1)
    people: Text = Field(
        default="",
        title="Whose data?",
        description=f"{_SHAPE} By both, an accounting finds them.",
    )
    everybody: bool = Field(default=False, title="Everybody on the list of people whose date of birth is there")
    purpose: ClassVar[str] = "by mistake: not permitted"
    """What an accounting says of why."""

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a day to come, lines that cannot be read, and nobody."""
        if self.went_out_on > occasion.today:
            yield Refusal("went_out_on", f"{day_in_words(self.went_out_on)} is after today.")
        if wrong := [number for number, cells in self._lines() if len(cells) != 2 or _day(cells[1]) is None]:  # noqa: PLR2004 - a name and a day
            yield Refusal("people", f"Line {wrong[0]} cannot be read. {_SHAPE}")
        if self.everybody and not occasion.addressees:
            yield Refusal("everybody", "Nobody is on the incident's list of people.")
        if not self.people and not self.everybody:
            yield Refusal("people", "Write whose data it was, or tick that it was everybody on the list.")

    def subjects(self) -> list[str]:
        """Return whom it is about, as the intake of a request for an accounting has them."""
        return [about_patient(cells[0], day) for _, cells in self._lines() if (day := _day(cells[1])) is not None]

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        lines = [line for line in self.people.splitlines() if line.strip()]
        rows = csv.reader(lines, delimiter=";")
        return ((number, [cell.strip() for cell in cells]) for number, cells in enumerate(rows, 1))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
