"""One worker, measured: so many cycles that ask one person one thing, go to sleep, are answered, and go on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import quantiles

import anyio
from sqlmodel import col, func, select

from deployments.prefect_server import WORK_POOL
from deployments.testing.bench.cost import cpu_seconds, memory_mib
from deployments.testing.bench.cycles import answer, begin, link_of, steps_of
from deployments.testing.clinic import SmallClinic, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.working import working
from models import clock
from models.store import reading
from models.tables import Cycle, Request

POLL_SECONDS = 1
"""How often each worker asks Prefect for runs."""
AT_ONCE = 4
"""How many runs each worker may have at once."""
IDLE_SECONDS = 20
SETTLING_SECONDS = 5
"""For what still ends after the last step: logs, events, pages."""
_PERCENTS = 100


@dataclass
class Measured:
    """What a worker did with so many waiting cycles. Times are seconds, memory MiB."""

    kind: str
    waiting: int
    set_up: float = 0
    latencies: list[float] = field(default_factory=list)
    worker_cpu: float = 0
    """Per cycle: worker, its runs, and the relay."""
    server_cpu: float = 0
    """Per cycle: the Prefect server."""
    database_cpu: float = 0
    memory_per_waiting: float = 0
    """Of the worker and all below it, more than before; what it has given back meanwhile counts as nothing."""
    idle_cores: float = 0
    """Of the worker, while everything waits."""

    @property
    def cpu(self) -> float:
        """Return the CPU seconds per cycle of everything together."""
        return self.worker_cpu + self.server_cpu + self.database_cpu

    @property
    def p50(self) -> float:
        """Return the median time from answer to next step."""
        return self._percentile(50)

    @property
    def p95(self) -> float:
        """Return the time from answer to next step that one in twenty exceeds."""
        return self._percentile(95)

    def _percentile(self, percent: int) -> float:
        return quantiles(self.latencies, n=_PERCENTS, method="inclusive")[percent - 1]


@dataclass
class Ready:
    """A clinic, and a worker that has set up one cycle and read what is read once."""

    clinic: SmallClinic
    worker: int
    """The worker's process id."""
    pids: dict[str, list[int]]
    """Who computes: the worker with the relay, the Prefect server, PostgreSQL."""

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds each has used so far."""
        return {name: cpu_seconds(pids) for name, pids in self.pids.items()}

    def set_up(self, waiting: int, say: Callable[[str], None]) -> list[str]:
        """Begin so many cycles and return their keys when all of them wait."""
        keys = begin(self.clinic, waiting)
        _until(lambda: self._waits() == waiting + 1, lambda: say(f"{self._waits() - 1} of {waiting} wait"))
        return keys

    def _waits(self) -> int:
        return _looked(self.clinic)


@contextmanager
def ready(stack: Stack, folder: Path, kind: str, name: str) -> Iterator[Ready]:
    """Start a worker of a type, with a clinic of this name."""
    clinic = anyio.run(small_clinic, name, folder / "clinic")
    folder.joinpath("worker").mkdir()
    options = ["--limit", str(AT_ONCE)]
    poll = {"PREFECT_WORKER_QUERY_SECONDS": str(POLL_SECONDS)}
    with working(kind, folder / "worker", options, poll, pool=WORK_POOL) as worker:
        _until(lambda: _looked(clinic) == 1)
        pids = {
            "worker": [worker.process.pid, _pid(stack, "relay")],
            "server": [_pid(stack, "prefect")],
            "database": [_pid(stack, "postgres")],
        }
        yield Ready(clinic, worker.process.pid, pids)


def measure(stack: Stack, folder: Path, kind: str, waiting: int, answers: int, say: Callable[[str], None]) -> Measured:
    """Let a worker of a type set up so many waiting cycles and answer some of them, one after the other."""
    found = Measured(kind, waiting)
    with ready(stack, folder, kind, f"{kind}-{waiting}") as bench:
        before, memory = bench.cpu(), memory_mib([bench.worker])
        began = time.perf_counter()
        keys = bench.set_up(waiting, say)
        found.set_up = time.perf_counter() - began
        time.sleep(SETTLING_SECONDS)
        set_up_cpu = less(bench.cpu(), before)
        found.memory_per_waiting = max(memory_mib([bench.worker]) - memory, 0) / waiting
        found.idle_cores = _idle([bench.worker])
        before = bench.cpu()
        for number, key in enumerate(keys[:answers], 1):
            found.latencies.append(answer_and_wait(key).seconds)
            say(f"{number} of {min(answers, waiting)} answered")
        time.sleep(SETTLING_SECONDS)
        answer_cpu = less(bench.cpu(), before)
    per_cycle = {name: set_up_cpu[name] / waiting + answer_cpu[name] / len(found.latencies) for name in before}
    found.worker_cpu, found.server_cpu, found.database_cpu = per_cycle.values()
    return found


def _looked(clinic: SmallClinic) -> int:
    """Return how many of the clinic's cycles have asked and wait."""
    with reading() as session:
        waits = select(func.count()).where(col(Cycle.wake_wanted_at).is_(None), Cycle.clinic == clinic.slug)
        return session.exec(waits).one()


@dataclass
class Answered:
    """An answered cycle, and when its next step was done."""

    key: str
    began: datetime
    seconds: float
    """From answer to next step, by the clock of the one who waits."""


def answer_and_wait(key: str) -> Answered:
    """Answer a cycle's request, and wait for its next step."""
    with reading() as session:
        request = session.exec(select(Request).where(Request.cycle_key == key)).one()
        steps = steps_of(session, key)
        _until(lambda: link_of(request) is not None)
        moment, began = clock.real_now(), time.perf_counter()
        answer(request)
        while steps_of(session, key) == steps:
            time.sleep(0.01)
    return Answered(key, moment, time.perf_counter() - began)


def _idle(pids: list[int]) -> float:
    before = cpu_seconds(pids)
    time.sleep(IDLE_SECONDS)
    return (cpu_seconds(pids) - before) / IDLE_SECONDS


def _until(enough: Callable[[], bool], say: Callable[[], None] = lambda: None) -> None:
    while not enough():
        say()
        time.sleep(0.1)


def _pid(stack: Stack, name: str) -> int:
    pid = stack.pid(name)
    assert pid is not None  # noqa: S101 - the stack runs
    return pid


def less(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    """Return how much more each has than before."""
    return {name: after[name] - before[name] for name in after}
