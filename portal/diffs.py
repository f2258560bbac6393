"""Diffs: what changed between two texts, line by line, in words as well as in colour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate, takewhile
from typing import Literal

CONTEXT = 2
"""Unchanged lines shown around a change."""
PATIENCE = 500_000
"""Pairs of equal lines looked at before two texts count as too different to be compared further; part of a second."""
_MANY = 2000
"""Lines of both texts together from which on lines that are everywhere, such as empty ones, lead to no match."""

Kind = Literal["same", "added", "removed", "gap"]


@dataclass(frozen=True)
class Line:
    """One line of a diff; a gap stands for unchanged lines left out."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Line]:
    """Return the lines that were removed and added, with a little around them; empty when nothing changed."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    for group in _Matcher(before, after).get_grouped_opcodes(CONTEXT):
        if lines or group[0][1]:
            lines.append(Line("gap", ""))
        for tag, *span in group:
            lines += _lines(tag, before[span[0] : span[1]], after[span[2] : span[3]])
    return lines


class _Matcher(SequenceMatcher[str]):
    """A matcher that ends: the one it is made from takes hours over texts that somebody wrote for that."""

    b2j: dict[str, list[int]]
    """Where each line is in the second text."""

    def __init__(self, before: list[str], after: list[str]) -> None:
        """Take the lines of both texts, and count beforehand what looking for each line of the first one costs."""
        super().__init__(None, before, after, autojunk=len(before) + len(after) > _MANY)
        self._before, self._after = before, after
        self._costs = list(accumulate((1 + len(self.b2j.get(line, ())) for line in before), initial=0))
        self._patience = PATIENCE

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """Return the longest match while patience lasts; without one, what both begin with, or else end with."""
        ahi, bhi = len(self._before) if ahi is None else ahi, len(self._after) if bhi is None else bhi
        if (cost := self._costs[ahi] - self._costs[alo]) <= self._patience:
            self._patience -= cost
            if (match := super().find_longest_match(alo, ahi, blo, bhi)).size:
                return match
        before, after = self._before[alo:ahi], self._after[blo:bhi]
        if head := _alike(before, after):
            return Match(alo, blo, head)
        tail = _alike(reversed(before), reversed(after))
        return Match(ahi - tail, bhi - tail, tail)


def _alike(before: Iterable[str], after: Iterable[str]) -> int:
    """Return how many lines are the same from the beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def counted(lines: list[Line]) -> tuple[int, int]:
    """Return how many lines were added and how many removed."""
    kinds = [line.kind for line in lines]
    return kinds.count("added"), kinds.count("removed")


def _lines(tag: str, before: list[str], after: list[str]) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line("same", text) for text in before)
        return
    yield from (Line("removed", text) for text in before)
    yield from (Line("added", text) for text in after)
