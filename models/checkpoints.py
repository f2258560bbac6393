"""Checkpoints: which root a log of which size had, signed.

The text is a checkpoint as C2SP's tlog-checkpoint writes it, with the moment as an extension line, in C2SP's
signed-note. The signature is plain Ed25519 over the text up to its blank line, so OpenSSL verifies it too.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from models.errors import WellkeptError

KEY_NAME = "wellkept"
"""Who signs, as the note's signature lines name it; which key it was, its id tells."""
_ED25519 = b"\x01"
_ID_BYTES = 4
_DASH = "\u2014"
_TEXT = re.compile(
    r"wellkept/(?P<log>[a-z0-9-]+)\n(?P<size>0|[1-9][0-9]*)\n(?P<root>[A-Za-z0-9+/]{43}=)\nsealed (?P<at>[0-9TZ:.-]+)\n"
)
_SIGNATURE = re.compile(rf"{_DASH} (?P<name>[^ +\n]+) (?P<base64>[A-Za-z0-9+/=]+)\n")
_NOTE = re.compile(rf"wellkept/[^\n]+\n[0-9]+\n[^\n]+\nsealed [^\n]+\n\n(?:{_DASH} [^\n]+\n)+")


class NotACheckpointError(WellkeptError):
    """This is not a seal of Wellkept's."""

    remedy = "Hand in the whole file as it was sent, from “wellkept/” to the line that begins with a dash."


class ForeignSealError(WellkeptError):
    """The seal was signed with a key that this record does not know."""

    remedy = "Check that it is of this practice; if it is, somebody may have put another key in place of ours."


class BrokenSealError(WellkeptError):
    """The seal's signature does not fit its text: one of the two was changed."""

    remedy = "Take the seal from whoever received it at the time, and compare that one."


@dataclass(frozen=True)
class Checkpoint:
    """What a log was at a moment."""

    log: str
    size: int
    """How many entries."""
    root: bytes
    """The Merkle tree hash of all of them, as RFC 6962 defines it."""
    at: str
    """When it was sealed: UTC, microseconds, as the ledger writes moments."""

    def text(self) -> str:
        """Return what is signed."""
        return f"wellkept/{self.log}\n{self.size}\n{b64encode(self.root).decode()}\nsealed {self.at}\n"

    def signed(self, key: Ed25519PrivateKey) -> str:
        """Return the note: the text, a blank line, and the signature."""
        signature = key_id(key.public_key()) + key.sign(self.text().encode())
        return f"{self.text()}\n{_DASH} {KEY_NAME} {b64encode(signature).decode()}\n"

    @classmethod
    def of(cls, note: str) -> Self:
        """Return what a note says it seals, whoever signed it. Raises NotACheckpointError."""
        return cls.read(note.replace("\r\n", "\n").partition("\n\n")[0] + "\n")

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a checkpoint's text. Raises NotACheckpointError."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise NotACheckpointError
        return cls(found["log"], int(found["size"]), _bytes_of(found["root"]), found["at"])


def note_in(text: str) -> str:
    """Return the one note that a text holds, such as a mail that was quoted or has words around it.

    A text without one is returned as it is: reading it says what is wrong.
    """
    lines = (line.lstrip("> \t\N{NO-BREAK SPACE}").rstrip() for line in text.splitlines())
    found = set(_NOTE.findall("\n".join(lines) + "\n"))
    return found.pop() if len(found) == 1 else text


def key_id(key: Ed25519PublicKey) -> bytes:
    """Return the four bytes by which a note's signature says which key made it."""
    return sha256(KEY_NAME.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:_ID_BYTES]


def known(keys: Iterable[Ed25519PublicKey]) -> dict[bytes, Ed25519PublicKey]:
    """Return keys by their ids, as `read_note` wants them."""
    return {key_id(key): key for key in keys}


def read_note(note: str, keys: Mapping[bytes, Ed25519PublicKey]) -> Checkpoint:
    """Return what a note seals, once a key that we know has been found to have signed it.

    Raises NotACheckpointError, ForeignSealError, BrokenSealError.
    """
    checkpoint = Checkpoint.of(note)
    _, blank, signatures = note.replace("\r\n", "\n").partition("\n\n")
    lines = [*_SIGNATURE.finditer(signatures)]
    if not blank or "".join(line[0] for line in lines) != signatures or not lines:
        raise NotACheckpointError
    ours = [_bytes_of(line["base64"]) for line in lines if line["name"] == KEY_NAME]
    made_by_known = [(keys[each[:_ID_BYTES]], each[_ID_BYTES:]) for each in ours if each[:_ID_BYTES] in keys]
    if not made_by_known:
        raise ForeignSealError
    for key, signature in made_by_known:
        _check(key, signature, checkpoint.text())
    return checkpoint


def signers(note: str) -> set[bytes]:
    """Return the ids of the keys that a note's signature lines name, whether or not they hold; none of garbled ones."""
    found = set()
    for line in _SIGNATURE.finditer(note.replace("\r\n", "\n").partition("\n\n")[2]):
        with suppress(NotACheckpointError):
            found |= {_bytes_of(line["base64"])[:_ID_BYTES]} if line["name"] == KEY_NAME else set()
    return found


def _check(key: Ed25519PublicKey, signature: bytes, text: str) -> None:
    try:
        key.verify(signature, text.encode())
    except InvalidSignature:
        raise BrokenSealError from None


def _bytes_of(base64: str) -> bytes:
    try:
        return b64decode(base64, validate=True)
    except NotBase64Error:
        raise NotACheckpointError from None
