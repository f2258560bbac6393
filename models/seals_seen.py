"""What a log's seals say, held against its entries while these are read."""

from collections.abc import Iterable, Iterator, Mapping

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.checkpoints import Checkpoint, key_id, read_note, signers
from models.errors import WellkeptError
from models.events import Event
from models.key_change import KeyChange
from models.merkle import Frontier
from models.tables import Seal
from models.words import count_in_words

_KEY_CHANGED = f'"event":"{Event.SEAL_KEY_CHANGED}"'.encode()
_KEY_LOST = f'"event":"{Event.SEAL_KEY_LOST}"'.encode()
_SEALED = f'"event":"{Event.RECORD_SEALED}"'.encode()


class SealsSeen:
    """The seals of one log, each met when as many entries have been read as it covers; they are read on the way."""

    def __init__(self, log: str, seals: Iterable[Seal], keys: Mapping[bytes, Ed25519PublicKey]) -> None:
        """Take a log's seals in order of their sizes, and the keys that may have signed them."""
        self.good = 0
        """How many hold so far."""
        self.last_at: str | None = None
        """When the last of them was made: UTC, as the ledger writes moments."""
        self._log, self._keys = log, keys
        self._seals = iter(seals)
        self._next = next(self._seals, None)
        self._met = 0
        self._key: bytes | None = None
        """The id of the key that is in use by now."""
        self._since_break = 0
        self._foreign = 0

    def compare(self, frontier: Frontier, body: bytes) -> Iterator[str]:
        """Yield what does not fit now that an entry was read: the seal it tells of, the seal over all until here."""
        if _SEALED in body and not self._is_there(size := _size_told(body)):
            yield f"the seal over {size} entries, of which this entry tells, is gone"
        if _KEY_CHANGED in body and not self._takes_new_key(body):
            yield "the change of the key, of which this entry tells, was not signed by both keys, or is not ours"
        if _KEY_LOST in body:
            yield from self._lose_key(body)
        while self._next and self._next.size <= frontier.size:
            yield from self._meet(self._next, frontier)
            self._met = self._next.size
            self._next = next(self._seals, None)

    def left_over(self, size: int, end: int) -> Iterator[str]:
        """Yield what is wrong with the seals, once all entries were read: so many, the last numbered `end - 1`."""
        if self._since_break > 1:
            yield f"{count_in_words(self._since_break - 1, 'later seal')} over the same entries cannot hold either"
        if self._foreign > 1:
            yield f"{count_in_words(self._foreign - 1, 'later seal')} cannot be believed either"
        if self._met and self._met == end:
            yield "the entry that tells of the last seal is gone: the end was cut off"
        while self._next:
            checkpoint = self._believed(self._next)
            if isinstance(checkpoint, str):
                yield checkpoint
            else:
                sealed = f"{checkpoint.size} entries were sealed at {checkpoint.at}"
                yield f"{sealed}, and {size} are left: the end was cut off"
            self._next = next(self._seals, None)

    def _is_there(self, size: object) -> bool:
        """Tell whether there is a seal over so many entries; where some are gone it is still to come."""
        return size == self._met or (self._next is not None and size == self._next.size)

    def _meet(self, seal: Seal, frontier: Frontier) -> Iterator[str]:
        foreign = not signers(seal.note) & set(self._keys)
        self._foreign += foreign
        checkpoint = self._believed(seal)
        if isinstance(checkpoint, str):
            if not foreign or self._foreign == 1:  # one stands for all
                yield checkpoint
        elif checkpoint.root == frontier.root():
            self.good, self.last_at = self.good + 1, checkpoint.at
        else:
            self._since_break += 1
            if self._since_break == 1:  # whatever is sealed after it holds the same wrong entries
                yield f"the {checkpoint.size} entries up to this one are not those that were sealed at {checkpoint.at}"

    def _believed(self, seal: Seal) -> Checkpoint | str:
        """Return what a seal says, or why it cannot be believed."""
        try:
            checkpoint = read_note(seal.note, self._keys)
        except WellkeptError as error:
            return f"{_over(seal)} cannot be believed: {error.args[0]}"
        if (checkpoint.log, checkpoint.size) == (self._log, seal.size):
            return (
                checkpoint if self._is_in_use(seal) else f"{_over(seal)} was made with a key that was not in use then"
            )
        return f"in place of the seal over {seal.size} entries stands one over {checkpoint.size} of {checkpoint.log}"

    def _is_in_use(self, seal: Seal) -> bool:
        """Tell whether a seal was made with the key in use; the first seal's key is the first in use."""
        makers = signers(seal.note) & set(self._keys)
        self._key = self._key or next(iter(makers))
        return self._key in makers

    def _lose_key(self, body: bytes) -> Iterator[str]:
        """Take the key that an entry says is used from here on, without the one before having signed it."""
        try:
            new = key_id(Ed25519PublicKey.from_public_bytes(bytes.fromhex(orjson.loads(body)["facts"]["new"])))
        except (ValueError, KeyError, TypeError):
            new = b""
        if new in self._keys:
            self._key = new
        yield "the key for seals was lost here, as this entry tells: no seal before it proves anything any more"

    def _takes_new_key(self, body: bytes) -> bool:
        """Take the key that an entry says follows, if that is stated by both and we know it."""
        try:
            change = KeyChange(**orjson.loads(body)["facts"])
            old, new = key_id(change.old_key), key_id(change.new_key)
        except (ValueError, KeyError, TypeError):
            return False
        if self._key not in {None, old} or new not in self._keys or not change.holds():
            return False
        self._key = new
        return True


def _over(seal: Seal) -> str:
    return f"the seal over {seal.size} entries"


def _size_told(body: bytes) -> object:
    """Return of how many entries an entry says that they were sealed; whether it can be read is found elsewhere."""
    try:
        return orjson.loads(body)["facts"]["size"]
    except (ValueError, KeyError, TypeError):
        return None
