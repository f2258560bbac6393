"""Files that only their owner may read: written once, complete, and refused when others could read them."""

import os
import stat
import threading
from pathlib import Path

from models.errors import WellkeptError


class SecretFileError(WellkeptError):
    """The file of secrets cannot be used."""

    remedy = "Bring secrets.json back from your backup, or move it away and start again: new secrets are then made."


def write_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there, so that two first starts at once end with one of them, complete."""
    draft = _draft(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def replace_private(path: Path, content: bytes) -> None:
    """Write a file in the place of the one that is there, in one step: whoever reads has one of the two, whole."""
    _draft(path, content).replace(path)


def _draft(path: Path, content: bytes) -> Path:
    """Write a file beside its place, for its owner only, and return where."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def refuse_open_file(path: Path) -> None:
    """Raise SecretFileError when the group or others may read or write a file."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SecretFileError(f"{path} can be read by others.", remedy=f"Run `chmod 600 {path}`.")
