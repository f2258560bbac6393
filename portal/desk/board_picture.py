"""The picture of a breach board: a bar for every clock from discovery to its day, and where today stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.breach_board import Line, Standing

WIDTH = 340
"""Of the drawing, in its own units: as wide as a phone, so that its words can be read there."""
LEFT, RIGHT = 8, 332
ROW, HEAD = 40, 26


@dataclass(frozen=True)
class Bar:
    """One clock as it is drawn."""

    name: str
    standing: Standing
    due_on: date
    y: int
    """Of its words; its bar is below them."""
    ends: float
    done: float | None


@dataclass(frozen=True)
class Picture:
    """What is drawn, in the drawing's own units."""

    height: int
    today: float
    first: date
    last: date
    bars: list[Bar]


def picture_of(lines: Sequence[Line], discovered_on: date, today: date) -> Picture | None:
    """Return the picture of the clocks that run; None where there is none."""
    due = [line.due_on for line in lines if line.due_on]
    if not due:
        return None
    days = [*due, *(line.done_on for line in lines if line.done_on), today]
    first, last = min(discovered_on, *days), max(days) + timedelta(days=1)
    span = (last - first).days

    def at(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / span, 1)

    bars = [
        Bar(
            line.name,
            line.standing,
            line.due_on,
            HEAD + ROW * number + 14,
            at(line.due_on),
            at(line.done_on) if line.done_on else None,
        )
        for number, line in enumerate(lines)
        if line.due_on
    ]
    return Picture(HEAD + ROW * len(lines) + 6, at(today), first, last, bars)
