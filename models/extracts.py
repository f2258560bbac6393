"""Extracts of a log: some entries, and the hashes that stand for all that was left out, so that the root comes out.

A Merkle tree's node covers the leaves from `first` to before `end`. Where none of them is in the extract, one hash
stands for all of them. Whoever holds the extract computes the root of the whole log from it, and so knows that each
entry stands where it says and was not changed, without a single entry that is none of their business.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from models.errors import WellkeptError
from models.merkle import EMPTY_ROOT, node_hash, root_of


class ExtractError(WellkeptError):
    """The extract and its hashes do not belong together."""

    remedy = "Ask for a new extract; this one was damaged or put together from different ones."


def stand_ins(leaves: Sequence[bytes], kept: Iterable[int]) -> list[bytes]:
    """Return the hashes that stand for the leaves that are not kept, from left to right.

    `leaves` are the leaf hashes of the whole log, `kept` the indices of the entries in the extract, from 0.
    """
    return list(_stand_ins(leaves, sorted(set(kept)), 0, len(leaves)))


def root_with(size: int, kept: Mapping[int, bytes], hashes: Sequence[bytes]) -> bytes:
    """Return the root of a log of so many entries, of which these leaf hashes and these stand-ins are known.

    Raises ExtractError when there are too few or too many hashes, or an index outside the log.
    """
    if size == 0 and not kept and not hashes:
        return EMPTY_ROOT
    if size < 1 or not all(0 <= index < size for index in kept):
        raise ExtractError(f"It holds entries that a log of {size} does not have.")
    left = iter(hashes)
    try:
        root = _root(kept, sorted(kept), 0, size, left)
    except StopIteration:
        raise ExtractError("Hashes are missing.") from None
    if next(left, None) is not None:
        raise ExtractError("There are more hashes than have a place.")
    return root


def _stand_ins(leaves: Sequence[bytes], kept: Sequence[int], first: int, end: int) -> Iterator[bytes]:
    if not kept:
        if end > first:
            yield root_of(leaves[first:end])
    elif end - first > 1:
        middle = _middle(first, end)
        yield from _stand_ins(leaves, [index for index in kept if index < middle], first, middle)
        yield from _stand_ins(leaves, [index for index in kept if index >= middle], middle, end)


def _root(leaf_of: Mapping[int, bytes], kept: Sequence[int], first: int, end: int, left: Iterator[bytes]) -> bytes:
    if not kept:
        return next(left)
    if end - first == 1:
        return leaf_of[first]
    middle = _middle(first, end)
    below = _root(leaf_of, [index for index in kept if index < middle], first, middle, left)
    return node_hash(below, _root(leaf_of, [index for index in kept if index >= middle], middle, end, left))


def _middle(first: int, end: int) -> int:
    """Return where RFC 6962, section 2.1, splits: after the largest power of two that is less than the number."""
    return first + (1 << (end - first - 1).bit_length() - 1)
