"""The supervisor: starts services in order, keeps them running, stops them in reverse order.

It works in the thread that calls it, and that thread must live as long as the services: the kernel ends a tied child
when the thread that began it ends.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import psutil

from deployments.folder_lock import FolderLock
from deployments.reaper import Reaper
from deployments.run_file import MARK, RunFile, Running, end_marked
from deployments.service import Service
from models.errors import WellkeptError
from models.settings import PREFIX

OnEvent = Callable[[str, str], None]
_PAUSE_SECONDS = 0.1
_LONGEST_BACK_OFF_SECONDS = 30.0
_SETTLED_SECONDS = 10
"""A service that ran this long starts its back-off anew."""
_FOR_THE_SUPERVISOR = (f"{PREFIX}DATABASE_URL", f"{PREFIX}PREFECT_DATABASE_URL")
"""Variables with the rights of a database's owner; no service learns them."""
_LOG_LINES = 15
_LARGEST_LOG_BYTES = 20_000_000


class NotReadyError(WellkeptError):
    """A service does not get ready."""

    remedy = "Its log in the data folder's logs/ has the rest; `wellkept doctor` checks the installation."


class StoppedError(WellkeptError):
    """Stopped while starting, as asked."""

    remedy = ""


@dataclass
class Child:
    """A service and the process that is it at present."""

    service: Service
    process: subprocess.Popen[bytes] | None = None
    running: Running | None = None
    began: float = 0.0
    deaths: int = 0
    next_start: float = 0.0
    ready: bool = False

    @property
    def alive(self) -> bool:
        """Return whether the process runs."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs the services of one data folder. Use it with `with`: leaving the block stops everything it started."""

    def __init__(
        self,
        data_dir: Path,
        on_event: OnEvent = lambda _name, _text: None,
        *,
        largest_log: int = _LARGEST_LOG_BYTES,
    ) -> None:
        """Take the data folder, whom to tell, `on_event(service name, what happened)`, and a log's limit in bytes."""
        self.largest_log = largest_log
        self.data_dir = data_dir.absolute()
        self.on_event = on_event
        self.children: list[Child] = []
        self._lock = FolderLock(self.data_dir)
        self._run_file = RunFile(self.data_dir)
        self._reaper: Reaper | None = None
        self._stop_asked = False

    def __enter__(self) -> Self:
        """Take the folder's lock and end what an earlier run left. Raises AlreadyRunningError."""
        self._lock.take()
        for name in self._run_file.end_stale():
            self.on_event(name, "was left running by an earlier start and has been ended")
        self._reaper = Reaper(self._run_file.mark)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop everything and let go of the folder."""
        self.stop()
        if self._reaper:
            self._reaper.dismiss()
        self._lock.release()

    def handle_signals(self) -> None:
        """Let SIGINT and SIGTERM ask for the stop; asking again changes nothing. Main thread only."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def ask_to_stop(self) -> None:
        """Have `watch`, or a start under way, end soon."""
        self._stop_asked = True

    def start(self, services: Iterable[Service]) -> None:
        """Start services one after the other, each once the one before is ready.

        Raises NotReadyError with the last lines of its log, or StoppedError.
        """
        for service in services:
            child = Child(service)
            self.children.append(child)
            self.on_event(service.name, "starting")
            self._begin(child)
            self._wait_ready(child)

    def watch(self) -> None:
        """Keep the services running until somebody asks to stop."""
        while not self._stop_asked:
            self.look()
            time.sleep(_PAUSE_SECONDS)

    def look(self) -> None:
        """Look at every service and its log once and start again what has died, with a growing delay."""
        for child in self.children:
            self._bound_log(child.service.name)
            if child.alive:
                self._note_ready(child)
            elif child.process is not None:
                self._note_death(child)
            elif time.monotonic() >= child.next_start:
                self._begin_again(child)

    def stop(self) -> None:
        """Stop all services, the last started first, and whatever they left behind."""
        for child in reversed(self.children):
            self._stop_child(child)
        self.children.clear()
        end_marked(self._run_file.mark)
        self._run_file.remove()

    def log_path(self, name: str) -> Path:
        """Return where a service's output goes."""
        return self.data_dir / "logs" / f"{name}.log"

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.ask_to_stop()

    def _begin(self, child: Child) -> None:
        """Start the process of a service in a session of its own, so that Ctrl-C reaches only the supervisor."""
        service = child.service
        service.before()
        child.process = subprocess.Popen(  # noqa: S603 - our own services
            service.command(os.getpid()),
            env={**_inherited(), **service.env, MARK: self._run_file.mark},
            cwd=self.data_dir,
            stdin=subprocess.DEVNULL,
            stdout=(log := self._open_log(service.name)),
            stderr=log,
            start_new_session=True,
        )
        os.close(log)
        child.began, child.ready = time.monotonic(), False
        child.running = _as_running(service, child.process.pid)
        self._run_file.write([each.running for each in self.children if each.running and each.alive])

    def _begin_again(self, child: Child) -> None:
        """Start a service that died; what goes wrong before it runs counts as another death."""
        try:
            self.on_event(child.service.name, "starting again")
            self._begin(child)
        except Exception as error:  # noqa: BLE001 - one service's trouble must not end the others
            self._delay(child, f"could not be started again: {error}")

    def _wait_ready(self, child: Child) -> None:
        """Wait for the first readiness. Raises NotReadyError or StoppedError."""
        until = child.began + child.service.ready_seconds
        while not child.service.ready():
            if self._stop_asked:
                raise StoppedError
            if not child.alive or time.monotonic() > until:
                raise NotReadyError(self._why_not_ready(child))
            time.sleep(_PAUSE_SECONDS)
        self._note_ready(child, known=True)

    def _why_not_ready(self, child: Child) -> str:
        what = "does not get ready" if child.alive else "ended at once"
        return f"{child.service.name} {what}. Its last words:\n{self.last_words(child.service.name)}\n"

    def last_words(self, name: str) -> str:
        """Return the last lines of a service's log."""
        lines = self.log_path(name).read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-_LOG_LINES:])

    def _note_ready(self, child: Child, *, known: bool = False) -> None:
        """Say once that a service is ready; end one that does not get ready after a restart."""
        if child.ready:
            return
        elapsed = time.monotonic() - child.began
        if known or child.service.ready():
            child.ready = True
            self.on_event(child.service.name, f"ready after {elapsed:.1f} s")
        elif elapsed > child.service.ready_seconds:
            self._stop_child(child)

    def _note_death(self, child: Child) -> None:
        """Note that a service died, and when it is started again."""
        code = child.process.poll() if child.process else None
        if time.monotonic() - child.began > _SETTLED_SECONDS:
            child.deaths = 0
        self._delay(child, f"ended by itself ({_ending(code)})")

    def _delay(self, child: Child, what: str) -> None:
        """Put off the next start of a service: 0.5 s, 1 s, 2 s and so on up to 30 s."""
        seconds = min(_LONGEST_BACK_OFF_SECONDS, 0.5 * 2**child.deaths)
        child.process, child.running = None, None
        child.deaths += 1
        child.next_start = time.monotonic() + seconds
        self.on_event(child.service.name, f"{what}; starting again in {seconds:.1f} s")

    def _stop_child(self, child: Child) -> None:
        """Stop one process group: first asked, then killed."""
        if child.process is None or not child.alive:
            return
        self.on_event(child.service.name, "stopping")
        _signal_group(child.process.pid, child.service.stop_signal)
        try:
            child.process.wait(child.service.stop_seconds)
        except subprocess.TimeoutExpired:
            self.on_event(child.service.name, "does not stop and is killed")
            _signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()

    def _open_log(self, name: str) -> int:
        """Open a service's log for appending."""
        path = self.log_path(name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self._bound_log(name)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _bound_log(self, name: str) -> None:
        """Copy a log that is too large aside, over the copy before, and empty it under the service that writes on.

        A line written just then may be lost, and without room for the copy all are: better that than a full disk.
        """
        path = self.log_path(name)
        with contextlib.suppress(OSError):
            if path.stat().st_size > self.largest_log:
                try:
                    shutil.copy(path, path.with_suffix(".log.1"))
                finally:
                    os.truncate(path, 0)


def _as_running(service: Service, pid: int) -> Running | None:
    """Return the entry of a new process for the run file, or None when it is gone already."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return Running(service.name, pid, psutil.Process(pid).create_time(), int(service.stop_signal))
    return None


def _inherited() -> dict[str, str]:
    """Return our own variables but Prefect's: those of somebody's other Prefect would lead a service there.

    The addresses that only migrations and the Prefect server need are empty, which outweighs settings.env.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | dict.fromkeys(_FOR_THE_SUPERVISOR, "")


def _signal_group(group: int, number: int) -> None:
    """Signal a process group that may be empty by now."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def _ending(code: int | None) -> str:
    """Return how a process ended, in words."""
    return f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
