"""The warm process: holds the imports, has no threads, and forks one child for each flow run it is told of.

Its worker is at the other end of a socket. Told that there is no more, it ends after its last child. When the worker
dies, it ends at once, and its children with it.
"""

import gc
import logging
import os
import selectors
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from prefect.logging.handlers import PrefectConsoleHandler
from pydantic import BaseModel
from pydantic.errors import PydanticUserError

from deployments.worker.held_code import held_files
from deployments.worker.orders import Lines, Order, Ready, Report, line, read_order

ALWAYS = (
    "deployments.worker.child",
    "prefect.engine",
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.main",
    "prefect.events.clients",
    "prefect.flows",
    "prefect.utilities.visualization",
    "rich._emoji_codes",
    "anyio._backends._asyncio",
    "pytz",
    "encodings.idna",
)
"""What every flow run imports, some of it late."""
REHEARSALS = "wellkept.rehearsals"
_CHUNK = 1 << 16


def hold(modules: Iterable[str]) -> Ready:
    """Import what the children need, once, and return what came of it.

    A module that cannot be imported is left out: the flow run that needs it fails by itself, with its own words.
    """
    left_out: dict[str, str] = {}
    for name in (*ALWAYS, *modules):
        try:
            import_module(name)
        except Exception as error:  # noqa: BLE001 - a module may raise anything
            left_out[name] = f"{type(error).__name__}: {error}"
        if threads() > 1:
            return Ready(starts_threads=name)
    if said := _rehearse(modules):
        left_out["rehearsal"] = said
    _complete_models()
    _log_plainly()
    if threads() > 1:
        return Ready(starts_threads="A rehearsal")
    gc.collect()
    gc.freeze()  # what is held now is never looked at again, so its memory stays shared
    return Ready(held_files(), left_out)


def _rehearse(modules: Iterable[str]) -> str:
    """Let the packages of these modules do once what each of their runs would do for the first time.

    Such a function is an entry point of the group `wellkept.rehearsals` under the package's name. Returns what failed.
    """
    packages = {name.partition(".")[0] for name in modules}
    failed = []
    for entry in entry_points(group=REHEARSALS):
        if entry.name in packages:
            try:
                entry.load()()
            except Exception as error:  # noqa: BLE001 - a rehearsal may raise anything; runs do without it
                failed.append(f"{entry.value}: {type(error).__name__}: {error}")
    return "; ".join(failed)


def _complete_models() -> None:
    """Build the validators that Prefect leaves to their first use: each child would build them anew."""
    for model in _below(BaseModel):
        if not model.__pydantic_complete__:
            with suppress(PydanticUserError):
                model.model_rebuild(raise_errors=False)


def _log_plainly() -> None:
    """Write what is logged to a file as it is; Rich would lay out every line first, a twelfth of a short run's time."""
    for logger in logging.root.manager.loggerDict.values():
        for handler in getattr(logger, "handlers", []):
            if isinstance(handler, PrefectConsoleHandler) and not handler.console.is_terminal:
                handler.emit = partial(logging.StreamHandler.emit, handler)  # type: ignore[method-assign]


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


def threads() -> int:
    """Return how many threads this process has; those of C libraries count where the system tells."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()


class Warm:
    """The warm process's own work: wait, fork, reap."""

    def __init__(self, control: socket.socket) -> None:
        """Take the socket to the worker."""
        self._control = control
        self._lines = Lines()
        self._numbers: dict[int, int] = {}
        """Which order each child carries out, by process id."""
        self._more = True

    def serve(self) -> Order | None:
        """Fork until there is no more and no child; return None then, and in each child its order."""
        wakeup, signalled = socket.socketpair()
        for each in (wakeup, signalled):
            each.setblocking(False)
        signal.set_wakeup_fd(signalled.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector, wakeup, signalled:
            selector.register(self._control, selectors.EVENT_READ, self._hear)
            selector.register(wakeup, selectors.EVENT_READ, lambda: self._reap(wakeup))
            while self._more or self._numbers:
                for key, _ in selector.select():
                    order: Order | None = key.data()
                    if order is not None:
                        return order
        return None

    def _hear(self) -> Order | None:
        """Carry out what the worker says. Returns an order in the child that is to carry it out."""
        data = self._control.recv(_CHUNK)
        if not data:
            self._end_all()
        for said in self._lines.feed(data):
            if said is None:
                self._more = False
            elif self._fork(order := read_order(said)):
                return order
        return None

    def _fork(self, order: Order) -> bool:
        """Fork, and return True in the child."""
        try:
            pid = os.fork()
        except OSError as error:
            self._say(Report(order.number, error=f"No process could be forked: {error.strerror}."))
            return False
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return True
        self._numbers[pid] = order.number
        self._say(Report(order.number, pid=pid))
        return False

    def _reap(self, wakeup: socket.socket) -> None:
        with suppress(BlockingIOError):
            while wakeup.recv(_CHUNK):
                pass
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                if number := self._numbers.pop(pid, None):
                    self._say(Report(number, pid=pid, status=os.waitstatus_to_exitcode(status)))

    def _say(self, report: Report) -> None:
        with suppress(BrokenPipeError):
            self._control.sendall(line(report))

    def _end_all(self) -> None:
        """End as the worker has, without a word. On Linux the kernel is faster."""
        for pid in self._numbers:
            os.kill(pid, signal.SIGKILL)
        raise SystemExit(1)


def main() -> None:
    """Hold the modules named on the command line, say that all is ready, and serve; in a child, be a flow run."""
    control = socket.socket(fileno=int(sys.argv[1]))
    warm = os.getpid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the worker's to hear
    ready = hold(sys.argv[2:])
    control.sendall(line(ready))
    if ready.starts_threads:
        return
    order = Warm(control).serve()
    if order is not None:
        control.close()
        from deployments.worker.child import be  # noqa: PLC0415 - it is held; the warm process itself has no use for it

        be(order, warm)


if __name__ == "__main__":
    main()
