"""The hashes of RFC 6962: leaves, nodes, and the root of a growing log."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Self

_HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(body: bytes) -> bytes:
    """Return SHA-256(0x00 || body), the leaf hash of RFC 6962, section 2.1."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right), the node hash of RFC 6962, section 2.1."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the complete subtrees of a log, enough to add leaves and tell the root in O(log n) memory."""

    def __init__(self) -> None:
        """Begin with an empty log."""
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        height, node = 0, leaf
        while self._peaks and self._peaks[-1][0] == height:
            node = node_hash(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))
        self.size += 1

    @classmethod
    def of(cls, size: int, peaks: bytes) -> Self:
        """Return the frontier of a log of so many leaves, from what `peaks` said of it."""
        made = cls()
        made.size = size
        heights = [height for height in range(size.bit_length() - 1, -1, -1) if size >> height & 1]
        hashes = [peaks[first : first + _HASH_BYTES] for first in range(0, len(peaks), _HASH_BYTES)]
        made._peaks = list(zip(heights, hashes, strict=True))
        return made

    def peaks(self) -> bytes:
        """Return the roots of the complete subtrees, the largest first, one after the other."""
        return b"".join(root for _, root in self._peaks)

    def root(self) -> bytes:
        """Return the Merkle tree hash of what was added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the Merkle tree hash of leaf hashes in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()
