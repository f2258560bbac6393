"""What a log's seals say, held against its entries while these are read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.checkpoints import Checkpoint, read_note
from models.errors import WellkeptError
from models.events import Event
from models.merkle import Frontier
from models.tables import Seal

_SEALED = f'"event":"{Event.RECORD_SEALED}"'.encode()


@dataclass
class SealsSeen:
    """The seals of one log, each met when as many entries have been read as it covers."""

    log: str
    good: int = 0
    """How many hold so far."""
    last_at: str | None = None
    """When the last of them was made: UTC, as the ledger writes moments."""
    _due: dict[int, Checkpoint] = field(default_factory=dict)
    _broken: list[str] = field(default_factory=list)
    _met: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, log: str, seals: Iterable[Seal], keys: Mapping[bytes, Ed25519PublicKey]) -> "SealsSeen":
        """Read a log's seals with the keys that may have signed them."""
        seen = cls(log)
        for seal in seals:
            try:
                seen._take(seal, read_note(seal.note, keys))
            except WellkeptError as error:
                seen._met.add(seal.size)
                seen._broken.append(f"the seal over {seal.size} entries cannot be believed: {error.args[0]}")
        return seen

    def compare(self, frontier: Frontier, body: bytes) -> Iterator[str]:
        """Yield what does not fit now that an entry was read: the seal over what was read so far, one it tells of."""
        if _SEALED in body and (size := _size_told(body)) not in self._met:
            yield f"the seal over {size} entries, of which this entry tells, is gone"
        if checkpoint := self._due.pop(frontier.size, None):
            self._met.add(checkpoint.size)
            if checkpoint.root != frontier.root():
                yield f"the {checkpoint.size} entries up to this one are not those that were sealed at {checkpoint.at}"
                return
            self.good, self.last_at = self.good + 1, checkpoint.at

    def left_over(self, size: int) -> Iterator[str]:
        """Yield what is wrong with the seals themselves, once all entries were read."""
        yield from self._broken
        for each in self._due.values():
            yield f"{each.size} entries were sealed at {each.at}, and only {size} are left: the end was cut off"

    def _take(self, seal: Seal, checkpoint: Checkpoint) -> None:
        if (checkpoint.log, checkpoint.size) != (self.log, seal.size):
            told = f"{checkpoint.size} of {checkpoint.log}"
            self._broken.append(f"in place of the seal over {seal.size} entries stands one over {told}")
            return
        self._due[seal.size] = checkpoint


def _size_told(body: bytes) -> object:
    """Return of how many entries an entry says that they were sealed; whether it can be read is found elsewhere."""
    try:
        return json.loads(body)["facts"]["size"]
    except (ValueError, KeyError, TypeError):
        return None
