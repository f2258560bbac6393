"""The hashes of RFC 6962: leaves, nodes, and the root of a growing log."""

from collections.abc import Iterable
from hashlib import sha256

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
