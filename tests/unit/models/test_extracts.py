"""An extract proves where its entries stand, without those that were left out."""

from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.extracts import ExtractError, root_with, stand_ins
from models.merkle import leaf_hash, root_of


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(size)]


@st.composite
def logs(draw: st.DrawFn, *, kept_at_least: int = 0) -> tuple[list[bytes], list[int]]:
    """Draw a log's leaf hashes and the indices that an extract keeps."""
    size = draw(st.integers(max(kept_at_least, 0), 120))
    most = st.integers(0, size - 1) if size else st.nothing()
    kept = draw(st.lists(most, unique=True, min_size=kept_at_least, max_size=size)) if size else []
    return leaves_of(size), kept


@given(logs())
def test_the_root_of_the_whole_log_comes_out(drawn: tuple[list[bytes], list[int]]):
    leaves, kept = drawn
    assert root_with(len(leaves), {index: leaves[index] for index in kept}, stand_ins(leaves, kept)) == root_of(leaves)


@given(logs(kept_at_least=1), st.data())
def test_an_entry_that_was_changed_or_stands_elsewhere_gives_another_root(
    drawn: tuple[list[bytes], list[int]], data: st.DataObject
):
    leaves, kept = drawn
    hashes, changed = stand_ins(leaves, kept), data.draw(st.sampled_from(kept))
    forged = {index: leaves[index] for index in kept} | {changed: leaf_hash(b"forged")}
    assert root_with(len(leaves), forged, hashes) != root_of(leaves)


@given(logs(kept_at_least=1))
def test_one_hash_more_or_less_is_refused(drawn: tuple[list[bytes], list[int]]):
    leaves, kept = drawn
    hashes, leaf_of = stand_ins(leaves, kept), {index: leaves[index] for index in kept}
    with pytest.raises(ExtractError):
        root_with(len(leaves), leaf_of, [*hashes, leaves[0]])
    if hashes:
        with pytest.raises(ExtractError):
            root_with(len(leaves), leaf_of, hashes[:-1])


@given(st.integers(1, 5000), st.data())
def test_one_entry_needs_no_more_hashes_than_the_tree_is_high(size: int, data: st.DataObject):
    leaves, index = leaves_of(size), data.draw(st.integers(0, size - 1))
    assert len(stand_ins(leaves, [index])) <= ceil(log2(size)) if size > 1 else not stand_ins(leaves, [index])


def test_the_hashes_are_those_of_the_tree():
    leaves = leaves_of(7)  # splits into 0..3 and 4..6
    assert stand_ins(leaves, [5]) == [root_of(leaves[:4]), leaves[4], leaves[6]]
    assert stand_ins(leaves, [0, 1, 2, 3]) == [root_of(leaves[4:])]
    assert stand_ins(leaves, range(7)) == []
    assert stand_ins(leaves, []) == [root_of(leaves)]


@pytest.mark.parametrize(("size", "kept"), [(3, {3: b""}), (3, {-1: b""}), (0, {0: b""}), (-1, {})])
def test_entries_a_log_does_not_have_are_refused(size: int, kept: dict[int, bytes]):
    with pytest.raises(ExtractError):
        root_with(size, kept, [])
