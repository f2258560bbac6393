"""What a warm process holds, to notice when it is no longer what lies on the disk."""

import os
import sys
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

_LOCKS = ("*.lock", "pylock*.toml")


def held_files() -> list[str]:
    """Return the files this process's modules came from, and the lock files beside them on the import path."""
    modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    folders = (Path(entry) for entry in sys.path if entry)
    locks = (str(path) for folder in folders if folder.is_dir() for path in chain(*map(folder.glob, _LOCKS)))
    return sorted({*filter(None, modules), *locks})


class HeldCode:
    """The files a warm process holds, as they were when it read them."""

    def __init__(self, files: Iterable[str], began_ns: int) -> None:
        """Take the files, and when the process that read them began, in nanoseconds of real time."""
        self._began_ns = began_ns
        self._seen = {path: _time_of(path) for path in files}

    def changed(self) -> str | None:
        """Return a file that was changed or taken away since it was read, or None."""
        stale = (path for path, seen in self._seen.items() if seen > self._began_ns or _time_of(path) != seen)
        return next(stale, None)


def real_ns() -> int:
    """Return the real time in nanoseconds, as files bear it."""
    return time.time_ns()


def _time_of(path: str) -> int:
    """Return when a file was last changed, in nanoseconds, or 0 when it is not there."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - a thousand files before every run: Path takes ten times as long
    except OSError:
        return 0
