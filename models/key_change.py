"""A change of the key that seals are signed with: a statement that both keys have signed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True)
class KeyChange:
    """One key follows another. Keys and signatures are hex."""

    old: str
    new: str
    at: str
    """When, as the ledger writes moments."""
    by_old: str
    """The old key's signature of the statement."""
    by_new: str

    @classmethod
    def signed(cls, old: Ed25519PrivateKey, new: Ed25519PrivateKey, at: str) -> Self:
        """State that one key follows another, with the signatures of both."""
        keys = (old.public_key().public_bytes_raw().hex(), new.public_key().public_bytes_raw().hex())
        statement = _statement(*keys, at)
        return cls(*keys, at, old.sign(statement).hex(), new.sign(statement).hex())

    @classmethod
    def read_all(cls, content: bytes) -> list[Self]:
        """Read the statements of a chain. Raises ValueError, TypeError or KeyError when they are something else."""
        return [cls(**each) for each in json.loads(content)["changes"]]

    @property
    def old_key(self) -> Ed25519PublicKey:
        """Return the key before."""
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.old))

    @property
    def new_key(self) -> Ed25519PublicKey:
        """Return the key that follows."""
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.new))

    def holds(self) -> bool:
        """Tell whether both keys have signed it."""
        statement = _statement(self.old, self.new, self.at)
        try:
            self.old_key.verify(bytes.fromhex(self.by_old), statement)
            self.new_key.verify(bytes.fromhex(self.by_new), statement)
        except (InvalidSignature, ValueError):
            return False
        return True


def changes_in(changes: Iterable[KeyChange]) -> bytes:
    """Return changes as the chain's file holds them, the first first."""
    return (json.dumps({"changes": [asdict(change) for change in changes]}, indent=1) + "\n").encode()


def chain_of(key: Ed25519PublicKey, changes: Sequence[KeyChange]) -> list[KeyChange]:
    """Return the changes that led to a key, the last first. Raises ValueError when a statement does not hold."""
    found: list[KeyChange] = []
    current = key.public_bytes_raw().hex()
    for change in reversed(changes):
        if change.new != current or not change.holds():
            raise ValueError("a statement was changed, or does not belong here")
        found.append(change)
        current = change.old
    return found


def _statement(old: str, new: str, at: str) -> bytes:
    return f"wellkept key\n{old}\n{new}\n{at}\n".encode()
