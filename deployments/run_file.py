"""The run file: which processes the last start began, so that the next one ends what was left, and nothing else."""

import contextlib
import json
import os
import secrets
import signal
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

FILE_NAME = "run.json"
MARK = "WELLKEPT_RUN"
_CLOCK_SLACK_SECONDS = 2
"""psutil adds the time of boot to ticks since boot, and time synchronisation moves the former."""


@dataclass(frozen=True)
class Running:
    """A process that was started: its id alone would be ambiguous, ids are used again."""

    name: str
    pid: int
    created: float
    stop_signal: int

    @property
    def alive(self) -> bool:
        """Return whether the process that was started still runs."""
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # gone, or another user's by now
            found = psutil.Process(self.pid)
            return self._is(found) and found.status() != psutil.STATUS_ZOMBIE
        return False

    def process(self, mark: str) -> psutil.Process | None:
        """Return the process if it still runs, is the one that was started, and carries the mark of its run."""
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # gone, or another user's by now
            found = psutil.Process(self.pid)
            return found if self._is(found) and found.environ().get(MARK) == mark else None
        return None

    def _is(self, found: psutil.Process) -> bool:
        return abs(found.create_time() - self.created) < _CLOCK_SLACK_SECONDS


class RunFile:
    """`<data_dir>/run.json`, kept current while a supervisor runs."""

    def __init__(self, data_dir: Path) -> None:
        """Take the data folder. Nothing is read or written yet."""
        self.path = data_dir / FILE_NAME
        self.mark = secrets.token_hex(16)

    def write(self, running: list[Running]) -> None:
        """Write what runs now, whole or not at all."""
        draft = self.path.with_suffix(".new")
        record = {"mark": self.mark, "supervisor": os.getpid(), "processes": [asdict(each) for each in running]}
        draft.write_text(json.dumps(record, indent=1))
        draft.replace(self.path)

    def remove(self) -> None:
        """Forget the run: everything it began has ended."""
        self.path.unlink(missing_ok=True)

    def end_stale(self, seconds: float = 15) -> list[str]:
        """End what an earlier run left behind, the last started first. Returns the names of what was ended.

        PostgreSQL overwrites its environment, mark and all; `Postgres.prepare` ends one that was left.
        """
        mark, left = self._read()
        ended = [each.name for each in reversed(left) if _end(each.process(mark), each.stop_signal, seconds)]
        ended += end_marked(mark)
        self.remove()
        return ended

    def _read(self) -> tuple[str, list[Running]]:
        """Return the mark and processes of the earlier run; a broken file tells of none."""
        try:
            record = json.loads(self.path.read_text())
            return str(record["mark"]), [Running(**each) for each in record["processes"]]
        except (OSError, ValueError, KeyError, TypeError):
            return "", []


def end_marked(mark: str) -> list[str]:
    """Kill what carries the mark of a run in its environment: children of a child that died before them."""
    return [f"process {process.pid}" for process in marked(mark) if _end(process, signal.SIGKILL, 5)] if mark else []


def marked(mark: str) -> Iterator[psutil.Process]:
    """Yield the processes whose environment carries the mark of a run."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # not ours, or gone by now
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                yield process


def _end(process: psutil.Process | None, stop_signal: int, seconds: float) -> bool:
    """Stop a process, kill it when it does not within the time. Returns whether there was one."""
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):  # it may end by itself meanwhile
        process.send_signal(stop_signal)
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(5)
    return True
