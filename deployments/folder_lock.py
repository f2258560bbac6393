"""The lock of a data folder: one supervisor at a time."""

import fcntl
import os
from pathlib import Path

from models.errors import WellkeptError

FILE_NAME = "supervisor.lock"


class AlreadyRunningError(WellkeptError):
    """Wellkept already runs on this data folder."""

    remedy = "Use what runs, or end it with Ctrl-C in its terminal."


class FolderLock:
    """Held from the first start to the last stop. The kernel lets go of it when the process dies."""

    def __init__(self, data_dir: Path) -> None:
        """Take the data folder, which is made if there is none."""
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = data_dir / FILE_NAME
        self._descriptor = -1

    def take(self) -> None:
        """Take the lock and write our process id into it. Raises AlreadyRunningError naming the holder's."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20).decode().strip() or "unknown"
            os.close(descriptor)
            raise AlreadyRunningError(f"Process {holder} already runs {self.path.parent}.") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock, if it is held."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
