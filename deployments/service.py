"""A service: one long-running process of the installation, as data."""

import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

CHILD = Path(__file__).with_name("child.py")


def nothing() -> None:
    """Do nothing, for a service that needs nothing done before it starts."""


@dataclass(frozen=True)
class Service:
    """How one process is started, known to be ready, and stopped. Times are seconds."""

    name: str
    argv: Sequence[str]
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] = nothing
    """Done before every start, also a restart, so it must be harmless the second time."""
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 10
    ready_seconds: float = 60
    orphan_signal: int = signal.SIGKILL
    """What the kernel sends it when the supervisor is gone without a word."""

    def command(self, parent: int) -> list[str]:
        """Return the command line that ties the process to its parent's life first."""
        return [*tied(parent, self.orphan_signal), *self.argv]


def tied(parent: int, signal_number: int) -> list[str]:
    """Return the words to put before a command line so that it ends with its parent."""
    return [sys.executable, "-I", "-S", str(CHILD), str(parent), str(int(signal_number))]


def answers(url: str) -> Callable[[], bool]:
    """Return a check that is true once a GET of the URL answers 200 within two seconds."""

    def check() -> bool:
        try:
            return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    return check


def at_once() -> bool:
    """Be ready as soon as it runs, for a service that listens nowhere."""
    return True
