"""The key that seals are signed with: Ed25519, in one file outside the database and its backups."""

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from models.checkpoints import known
from models.errors import WellkeptError
from models.private_file import refuse_open_file, write_once

FILE_NAME = "seal-key.pem"


class SealKeyError(WellkeptError):
    """The key that seals are signed with cannot be used."""

    remedy = f"Bring {FILE_NAME} back from the copy you keep of it. With another key, old seals cannot be checked."


@lru_cache(maxsize=4)
def load_seal_key(data_dir: Path) -> Ed25519PrivateKey:
    """Read `<data_dir>/seal-key.pem`, or make it on first use.

    Raises SealKeyError when it is broken, SecretFileError where others may read it.
    """
    path = data_dir / FILE_NAME
    if not path.exists():
        write_once(path, _fresh())
    refuse_open_file(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SealKeyError(f"{path} is broken.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyError(f"{path} holds a key of another kind.")
    return key


def known_keys(data_dir: Path) -> dict[bytes, Ed25519PublicKey]:
    """Return the keys that may have signed this installation's seals, by their ids; none is made.

    Raises SealKeyError, SecretFileError.
    """
    return known([load_seal_key(data_dir).public_key()]) if (data_dir / FILE_NAME).exists() else {}


def _fresh() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
