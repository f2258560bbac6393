"""Seals that somebody kept outside: files, mails that hold one, and folders of both."""

from collections.abc import Iterable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from models.checkpoints import Checkpoint, NotACheckpointError, note_in, read_note
from models.seal_key import known_keys

SUFFIXES = {".seal", ".eml", ".txt"}
"""What is looked at in a folder."""


def seals_in(paths: Iterable[Path], data_dir: Path) -> dict[Path, Checkpoint]:
    """Return the seals in files and folders, by file, each found to be signed by a key we know.

    Raises NotACheckpointError naming what cannot be read, ForeignSealError, BrokenSealError, SealKeyError.
    """
    keys = known_keys(data_dir)
    return {file: read_note(_text_of(file), keys) for path in paths for file in _files(path)}


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.iterdir() if each.suffix in SUFFIXES and each.is_file())
    if not found:
        raise NotACheckpointError(f"{path} holds no seal: no file there ends in {', '.join(sorted(SUFFIXES))}.")
    return found


def _text_of(file: Path) -> str:
    try:
        content = file.read_bytes()
        return note_in(_mail(content) if file.suffix == ".eml" else content.decode("utf-8"))
    except (OSError, ValueError, LookupError) as error:
        raise NotACheckpointError(f"{file} cannot be read as a seal.") from error


def _mail(content: bytes) -> str:
    """Return the words of a mail; what is attached says the same."""
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    return str(body.get_content()) if body else ""
