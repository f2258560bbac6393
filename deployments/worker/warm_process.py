"""The worker's side of one warm process: starts it, sends it orders, hears how they end."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from logging import Logger, LoggerAdapter
from typing import Any, Self

import psutil
from prefect.settings import get_current_settings

from deployments.service import tied
from deployments.worker.held_code import HeldCode, real_ns
from deployments.worker.orders import NO_MORE, Lines, Order, Ready, Report, line

_START_SECONDS = 60
_GONE_SECONDS = 10
_CHUNK = 1 << 16
Log = Logger | LoggerAdapter[Any]


@dataclass(frozen=True)
class Limits:
    """How long a warm process serves, unless its code changes first."""

    runs: int = 1000
    growth: float = 2.0
    """How many times the memory it began with it may take."""


class NotForkedError(RuntimeError):
    """A flow run could not be forked; nothing of it has been run."""


class StartsThreadsError(NotForkedError):
    """A module starts a thread when it is imported, so nothing that holds it can be forked."""

    def __init__(self, module: str) -> None:
        """Take the module's name."""
        super().__init__(f"{module} starts a thread when it is imported.")
        self.module = module


@dataclass(eq=False)
class ForkedProcess:
    """A flow run's process, as Prefect's runner wants one: a process id, a way to wait, a return code."""

    pid: int
    returncode: int | None = None
    _end: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> None:
        """Wait for the end; then there is a return code, negative after a signal."""
        await self._end.wait()

    def end(self, status: int) -> None:
        """Note how it ended."""
        self.returncode = status
        self._end.set()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class WarmProcess:
    """One warm process: its socket, and the children it has forked."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        """Take a process that has just been started."""
        loop = asyncio.get_running_loop()
        self._process, self._control = process, control
        self._ready: asyncio.Future[Ready] = loop.create_future()
        self._begun: dict[int, asyncio.Future[ForkedProcess]] = {}
        self._children: dict[int, ForkedProcess] = {}
        self._code = HeldCode([], 0)
        self._memory = 0
        self._forked = 0
        self._answers = True
        self._listening = loop.create_task(self._listen())

    @classmethod
    async def start(cls, modules: Sequence[str], log: Log) -> Self:
        """Start one that holds these modules. Raises NotForkedError when it cannot be made ready."""
        began = real_ns()
        ours, theirs = socket.socketpair()
        command = [*tied(os.getpid(), signal.SIGKILL), sys.executable, "-m", "deployments.worker.warm"]
        ours.setblocking(False)
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *command,
                str(theirs.fileno()),
                *modules,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env={**os.environ, **get_current_settings().to_environment_variables(exclude_unset=True)},
            )
        made = cls(process, ours)
        await made._until_ready(began, log)
        return made

    async def _until_ready(self, began: int, log: Log) -> None:
        try:
            ready = await asyncio.wait_for(self._ready, _START_SECONDS)
        except TimeoutError as error:
            raise NotForkedError(f"The warm process was not ready after {_START_SECONDS} seconds.") from error
        finally:
            if not self._ready.done() or self._ready.cancelled() or self._ready.exception():
                self.kill()
        if ready.starts_threads:
            raise StartsThreadsError(ready.starts_threads)
        for module, why in ready.left_out.items():
            log.warning("%s is not held warm, its runs do that themselves: %s", module, why)
        self._code = HeldCode(ready.files, began)
        self._memory = _memory_of(self._process.pid)
        log.info("The warm process %s holds %s files.", self._process.pid, len(ready.files))

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def why_replace(self, limits: Limits) -> str | None:
        """Return why it should make place for a new one, or None."""
        if not self._answers:
            return "it has died"
        if self._forked >= limits.runs:
            return f"it has forked {self._forked} runs"
        if changed := self._code.changed():
            return f"{changed} has changed"
        if _memory_of(self._process.pid) > limits.growth * self._memory:
            return "it has grown"
        return None

    async def fork(self, order: Order) -> ForkedProcess:
        """Fork a run. Raises NotForkedError."""
        loop = asyncio.get_running_loop()
        self._forked += 1
        number = self._forked
        begun: asyncio.Future[ForkedProcess] = loop.create_future()
        self._begun[number] = begun
        try:
            if not self._answers:
                raise NotForkedError("The warm process has died.")
            await loop.sock_sendall(self._control, line(replace(order, number=number)))
            return await begun
        except OSError as error:
            self._answers = False
            raise NotForkedError(f"The warm process does not answer: {error}.") from error
        finally:
            del self._begun[number]

    async def retire(self) -> None:
        """Give it no more orders, and wait until its last child and itself have ended."""
        with suppress(OSError):
            await asyncio.get_running_loop().sock_sendall(self._control, NO_MORE)
        await asyncio.shield(self._listening)  # whoever stops waiting must not stop it: others hear by it of their end

    def kill(self) -> None:
        """End it at once, and with it its children."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def _listen(self) -> None:
        """Hear its reports until it ends."""
        lines = Lines()
        with suppress(OSError):
            while data := await asyncio.get_running_loop().sock_recv(self._control, _CHUNK):
                for said in lines.feed(data):
                    self._hear(said or {})
        self._answers = False  # its end is known later, by way of the operating system
        self._control.close()
        await self._process.wait()
        await self._end_what_is_left()

    def _hear(self, said: dict[str, Any]) -> None:
        if not self._ready.done():
            self._ready.set_result(Ready(**said))
            return
        report = Report(**said)
        if report.status is not None:
            if child := self._children.pop(report.number, None):
                child.end(report.status)
            return
        begun = self._begun.get(report.number)
        if report.pid is None:
            if begun and not begun.done():
                begun.set_exception(NotForkedError(report.error))
            return
        child = self._children[report.number] = ForkedProcess(report.pid)
        if begun and not begun.done():
            begun.set_result(child)
        else:
            child.send(signal.SIGKILL)  # whoever wanted it has gone

    async def _end_what_is_left(self) -> None:
        """See that no child outlives its warm process, and tell those who wait."""
        died = NotForkedError(f"The warm process ended with code {self._process.returncode}.")
        if not self._ready.done():
            self._ready.set_exception(died)
        for begun in self._begun.values():
            if not begun.done():
                begun.set_exception(died)
        for child in self._children.values():
            child.send(signal.SIGKILL)
        for _ in range(_GONE_SECONDS * 50):
            if not any(_lives(child.pid) for child in self._children.values()):
                break
            await asyncio.sleep(0.02)
        for child in self._children.values():
            child.end(-signal.SIGKILL)
        self._children.clear()


def _memory_of(pid: int) -> int:
    """Return the memory a process takes, in bytes; 0 when it has ended."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _lives(pid: int) -> bool:
    """Return whether a process still runs; a zombie does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
