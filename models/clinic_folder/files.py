"""Files of a clinic folder, read without leaving the folder."""

from dataclasses import dataclass
from pathlib import Path

from models.clinic_folder.mistakes import Mistake

LARGEST_FILE = 1_000_000
"""Bytes."""
LEADS_OUT = "The link leads out of the folder."
GET_RIGHTS = "Give yourself the right to read it."


@dataclass(frozen=True)
class FileText:
    """The text of one file, or why there is none."""

    text: str = ""
    mistake: Mistake | None = None


def leaves(root: Path, path: Path) -> bool:
    """Say whether a path, all symbolic links followed, lies outside the folder."""
    try:
        return not path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a link that goes round in circles leads nowhere inside
        return True


def read_text(root: Path, path: Path) -> FileText:
    """Return a file's text, line ends as they are, without a byte order mark."""
    name = path.relative_to(root).as_posix()
    problem, remedy, raw = _read_bytes(root, path)
    if problem:
        return FileText(mistake=Mistake(name, None, problem, remedy))
    try:
        return FileText(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return FileText(mistake=Mistake(name, line, "The file is not UTF-8 text.", "Save it again as UTF-8."))


def listed(root: Path, folder: Path) -> tuple[list[Path], Mistake | None]:
    """Return what lies in a folder, by name, without hidden files; none of it if the folder is elsewhere or shut."""
    name = folder.relative_to(root).as_posix()
    if leaves(root, folder):
        return [], Mistake(name, None, LEADS_OUT, "Put the folder itself here.")
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        return [], Mistake(name, None, f"The folder cannot be read ({error.strerror}).", GET_RIGHTS)
    return [path for path in paths if not path.name.startswith(".")], None


def is_folder(path: Path) -> bool:
    """Say whether a folder can be found at a path."""
    try:
        return path.is_dir()
    except OSError:  # a name too long, or a folder above it that is shut: not to be found either way
        return False


def is_file(path: Path) -> bool:
    """Say whether a file can be found at a path."""
    try:
        return path.is_file()
    except OSError:  # as above
        return False


def _read_bytes(root: Path, path: Path) -> tuple[str, str, bytes]:
    if leaves(root, path):
        return LEADS_OUT, "Put the file itself here.", b""
    try:
        if not path.exists():
            return "The file is missing.", "Create it; the demo clinic shows how one looks.", b""
        if not path.is_file():
            return "This is not a file.", "Put a plain text file here.", b""
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        return f"The file cannot be read ({error.strerror}).", GET_RIGHTS, b""
    if len(raw) > LARGEST_FILE:
        return "The file is larger than 1 MB.", "Keep text only; leave out pictures and annexes.", b""
    return "", "", raw
