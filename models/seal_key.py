"""The key that seals are signed with: Ed25519, in one file outside the database and its backups; and its predecessors.

Beside it stands a chain of statements, each signed by a key and the one that followed it. So whoever trusts the key of
today knows those of before, and nobody with an old one can name a follower.
"""

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from models.checkpoints import known
from models.errors import WellkeptError
from models.key_change import KeyChange, chain_of, changes_in
from models.private_file import refuse_open_file, write_once

FILE_NAME = "seal-key.pem"
NEXT_NAME = "seal-key.next.pem"
CHAIN_NAME = "seal-keys.json"


class SealKeyError(WellkeptError):
    """The key that seals are signed with cannot be used."""

    remedy = (
        f"Bring {FILE_NAME} and {CHAIN_NAME} back from the copy you keep of them; without, old seals prove nothing."
    )


class LostKeyError(SealKeyError):
    """The key that is here is not the one the record was sealed with."""

    remedy = (
        f"Bring {FILE_NAME} and {CHAIN_NAME} back from the copy you keep of them. If there is none: `wellkept audit "
        "new-key --lost` goes on with the key that is here, and the record tells that older seals cannot be checked."
    )


def load_seal_key(data_dir: Path) -> Ed25519PrivateKey:
    """Read `<data_dir>/seal-key.pem`, or make it on first use; a change that broke off half-way is brought to its end.

    Raises SealKeyError when it is broken, SecretFileError where others may read it.
    """
    path = data_dir / FILE_NAME
    if (data_dir / NEXT_NAME).exists():
        _finish_change(data_dir)
    if not path.exists():
        write_once(path, _pem(Ed25519PrivateKey.generate()))
    refuse_open_file(path)
    now = path.stat()
    return _read(path, (now.st_ino, now.st_mtime_ns, now.st_size))


def known_keys(data_dir: Path) -> dict[bytes, Ed25519PublicKey]:
    """Return the keys that may have signed this installation's seals, by their ids; none is made.

    Raises SealKeyError, also where the chain of statements does not hold, and SecretFileError.
    """
    if not (data_dir / FILE_NAME).exists():
        return {}
    key = load_seal_key(data_dir).public_key()
    return known([key, *(change.old_key for change in key_changes(data_dir))])


def key_changes(data_dir: Path) -> list[KeyChange]:
    """Return the changes that led to the key of now, the last first. Raises SealKeyError, SecretFileError."""
    if not (data_dir / FILE_NAME).exists():
        return []
    try:
        return chain_of(load_seal_key(data_dir).public_key(), _stated(data_dir))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SealKeyError(f"{data_dir / CHAIN_NAME} is broken.") from error


def change_seal_key(data_dir: Path, at: str) -> KeyChange:
    """Put a new key in the place of the one of now, which signs it; the old private key is gone afterwards.

    A crash leaves the old key in use, or the new one: a change that is stated is brought to its end by whoever reads
    next. Raises SealKeyError, SecretFileError.
    """
    old, new = load_seal_key(data_dir), Ed25519PrivateKey.generate()
    changes = [*reversed(key_changes(data_dir)), KeyChange.signed(old, new, at)]
    (data_dir / NEXT_NAME).unlink(missing_ok=True)
    write_once(data_dir / NEXT_NAME, _pem(new))
    draft = data_dir / f"{CHAIN_NAME}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    write_once(draft, changes_in(changes))
    draft.replace(data_dir / CHAIN_NAME)
    _finish_change(data_dir)
    return changes[-1]


def _finish_change(data_dir: Path) -> None:
    """Take the next key if the chain states it; one that it does not state yet is left alone."""
    with suppress(FileNotFoundError):
        key = _load(data_dir / NEXT_NAME).public_key().public_bytes_raw().hex()
        stated = _stated(data_dir)
        if stated and stated[-1].new == key:
            (data_dir / NEXT_NAME).replace(data_dir / FILE_NAME)


def _stated(data_dir: Path) -> list[KeyChange]:
    path = data_dir / CHAIN_NAME
    return KeyChange.read_all(path.read_bytes()) if path.exists() else []


@lru_cache(maxsize=4)
def _read(path: Path, _: tuple[int, int, int]) -> Ed25519PrivateKey:
    """Read a key once for each version of its file."""
    return _load(path)


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError) as error:
        raise SealKeyError(f"{path} is broken.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyError(f"{path} holds a key of another kind.")
    return key


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
