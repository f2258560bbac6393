"""Diffs in words."""

import time

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


FEW = f"{3**2000:b}"
"""Lines of two kinds, each like a thousand others."""
NUMBERS = [str(number) for number in range(4000)]


@pytest.mark.parametrize(
    ("old", "new"),
    [(list(FEW[:1000]), list(FEW[1000:2000])), (NUMBERS, [f"{n}{'!' if int(n) % 2 else ''}" for n in NUMBERS])],
    ids=["lines of two kinds", "every second line changed"],
)
def test_twice_as_long_texts_take_about_twice_as_long_to_compare(old: list[str], new: list[str]):
    half, whole = (min(_seconds(old[:size], new[:size]) for _ in range(3)) for size in (len(old) // 2, len(old)))
    assert whole < 3 * half, "four times would be quadratic"


def _seconds(old: list[str], new: list[str]) -> float:
    before = time.process_time()
    changes("\n".join(old), "\n".join(new))
    return time.process_time() - before


def test_a_small_change_in_a_very_long_text_stands_alone():
    old = ["a"] * 20_000
    lines = changes("\n".join(old), "\n".join([*old[:9_000], "b", *old[9_000:]]))
    assert [line.kind for line in lines] == ["gap", "same", "same", "added", "same", "same"]


def test_what_is_too_long_to_be_compared_line_by_line_is_shown_whole():
    old, new = list(str(7**1200)), list(str(3**2000))
    lines = changes("\n".join(old), "\n".join(new))
    same = len(old) - counted(lines)[1]
    assert counted(lines) == (len(new) - same, len(old) - same)
    assert same > 0
