"""Diffs in words."""

import pytest

from portal.diffs import changes, counted


def test_a_changed_line_is_removed_and_added_with_its_neighbours():
    old = "\n".join(f"line {n}" for n in range(1, 10))
    new = old.replace("line 5", "line five")
    lines = changes(old, new)
    said = [(line.kind, line.text) for line in lines]
    assert said == [
        ("gap", ""),
        ("same", "line 3"),
        ("same", "line 4"),
        ("removed", "line 5"),
        ("added", "line five"),
        ("same", "line 6"),
        ("same", "line 7"),
    ]
    assert counted(lines) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [("a\nb", "a\nb", (0, 0)), ("", "a\nb", (2, 0)), ("a\nb", "", (0, 2)), ("a\r\nb", "a\nb", (0, 0))],
)
def test_added_and_removed_lines_are_counted(old: str, new: str, count: tuple[int, int]):
    assert counted(changes(old, new)) == count
