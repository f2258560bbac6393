"""The picture of a breach board: a bar for every clock from discovery to its day, and where today stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.breach_board import Line, Standing


@dataclass(frozen=True)
class Bar:
    """One clock as it is drawn. Places are hundredths of the picture's width."""

    name: str
    standing: Standing
    due_on: date
    ends: float
    done: float | None


@dataclass(frozen=True)
class Picture:
    """What is drawn, from the first day to the last. Places are hundredths of its width."""

    first: date
    today: float
    bars: list[Bar]


def picture_of(lines: Sequence[Line], discovered_on: date, today: date) -> Picture | None:
    """Return the picture of the clocks that run and have a day; None where there is none."""
    drawn = [(line, line.due_on) for line in lines if line.due_on and line.standing is not Standing.NOT]
    if not drawn:
        return None
    days = [today, *(due_on for _, due_on in drawn), *(line.done_on for line, _ in drawn if line.done_on)]
    first, last = min(discovered_on, *days), max(days) + timedelta(days=1)
    span = (last - first).days

    def at(day: date) -> float:
        return round(100 * (day - first).days / span, 1)

    bars = [
        Bar(line.name, line.standing, due_on, at(due_on), at(line.done_on) if line.done_on else None)
        for line, due_on in drawn
    ]
    return Picture(first, at(today), bars)
