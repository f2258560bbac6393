"""Diffs: what changed between two texts, line by line, in words as well as in colour."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

CONTEXT = 2
"""Unchanged lines shown around a change."""

Kind = Literal["same", "added", "removed", "gap"]


@dataclass(frozen=True)
class Line:
    """One line of a diff; a gap stands for unchanged lines left out."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Line]:
    """Return the lines that were removed and added, with a little around them; empty when nothing changed."""
    before, after = old.splitlines(), new.splitlines()
    groups = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > 2000).get_grouped_opcodes(CONTEXT)  # noqa: PLR2004
    lines: list[Line] = []
    for group in groups:
        if lines or group[0][1]:
            lines.append(Line("gap", ""))
        for tag, *span in group:
            lines += _lines(tag, before[span[0] : span[1]], after[span[2] : span[3]])
    return lines


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
