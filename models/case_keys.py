"""The keys that the cases' own keys are encrypted with: one file outside the database and its backups.

A new one is added at its end by a rotation, which encrypts the key of every case anew; the older stay readable, for a
rotation may break off half-way.
"""

import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from models.errors import WellkeptError
from models.private_file import refuse_open_file, replace_private, write_once

FILE_NAME = "case-keys.json"
KEY_BYTES = 32


class CaseKeyError(WellkeptError):
    """The keys of the cases cannot be used. Without them their facts cannot be read by anybody."""

    remedy = f"Bring {FILE_NAME} back from the copy you keep of it."


@dataclass(frozen=True)
class CaseKey:
    """A key, and the name that a case has for it."""

    id: str
    key: bytes


def load_case_keys(data_dir: Path, *, make: bool = False) -> list[CaseKey]:
    """Read the keys, the newest last; `make` makes the first if there is none. Raises CaseKeyError, SecretFileError."""
    path = data_dir / FILE_NAME
    if make:
        write_once(path, _as_json([_fresh()]))
    if not path.exists():
        raise CaseKeyError(f"{path} is not there.")
    refuse_open_file(path)
    try:
        keys = [CaseKey(each["id"], b64decode(each["key"], validate=True)) for each in json.loads(path.read_bytes())]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseKeyError(f"{path} is broken.") from error
    if not keys or any(len(each.key) != KEY_BYTES for each in keys):
        raise CaseKeyError(f"{path} is broken.")
    return keys


def add_case_key(data_dir: Path) -> CaseKey:
    """Add a new key, in one step; the older ones stay. Raises CaseKeyError, SecretFileError."""
    keys = [*load_case_keys(data_dir), _fresh()]
    replace_private(data_dir / FILE_NAME, _as_json(keys))
    return keys[-1]


def key_named(keys: list[CaseKey], id_: str) -> CaseKey:
    """Return the key with a name. Raises CaseKeyError where it is not among them."""
    for each in keys:
        if each.id == id_:
            return each
    raise CaseKeyError(f"The key {id_} is not in {FILE_NAME}.")


def _fresh() -> CaseKey:
    return CaseKey(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES))


def _as_json(keys: list[CaseKey]) -> bytes:
    told = [{"id": each.id, "key": b64encode(each.key).decode()} for each in keys]
    return (json.dumps(told, indent=1) + "\n").encode()
