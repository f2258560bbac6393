"""One worker, measured: so many cycles that ask one person one thing, go to sleep, are answered, and go on."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
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
from models.store import reading
from models.tables import Cycle, Request

POLL_SECONDS = 1
"""How often each worker asks Prefect for runs."""
AT_ONCE = 4
"""How many runs each worker may have at once."""
IDLE_SECONDS = 20
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


def measure(stack: Stack, folder: Path, kind: str, waiting: int, answers: int, say: Callable[[str], None]) -> Measured:
    """Let a worker of a type set up so many waiting cycles and answer some of them, one after the other."""
    found = Measured(kind, waiting)
    clinic = anyio.run(small_clinic, f"{kind}-{waiting}", folder / "clinic")
    folder.joinpath("worker").mkdir()
    options = ["--limit", str(AT_ONCE)]
    poll = {"PREFECT_WORKER_QUERY_SECONDS": str(POLL_SECONDS)}
    with working(kind, folder / "worker", options, poll, pool=WORK_POOL) as worker:
        _until(lambda: _looked(clinic) == 1)  # what is read once has been read
        stable = {
            "worker": [worker.process.pid, _pid(stack, "relay")],
            "server": [_pid(stack, "prefect")],
            "database": [_pid(stack, "postgres")],
        }
        before, memory = _cpu(stable), memory_mib(stable["worker"][:1])
        began = time.perf_counter()
        keys = begin(clinic, waiting)
        _until(lambda: _looked(clinic) == waiting + 1, lambda: say(f"{_looked(clinic) - 1} of {waiting} wait"))
        found.set_up = time.perf_counter() - began
        time.sleep(5)
        set_up_cpu = _less(_cpu(stable), before)
        found.memory_per_waiting = max(memory_mib(stable["worker"][:1]) - memory, 0) / waiting
        found.idle_cores = _idle(stable["worker"][:1])
        before = _cpu(stable)
        began = time.perf_counter()
        for number, key in enumerate(keys[:answers], 1):
            found.latencies.append(_answer(key))
            say(f"{number} of {min(answers, waiting)} answered")
        time.sleep(5)
        answer_cpu = _less(_cpu(stable), before)
    per_cycle = {name: set_up_cpu[name] / waiting + answer_cpu[name] / len(found.latencies) for name in stable}
    found.worker_cpu, found.server_cpu, found.database_cpu = per_cycle.values()
    return found


def _looked(clinic: SmallClinic) -> int:
    """Return how many of the clinic's cycles have asked and wait."""
    with reading() as session:
        waits = select(func.count()).where(col(Cycle.wake_wanted_at).is_(None), Cycle.clinic == clinic.slug)
        return session.exec(waits).one()


def _answer(key: str) -> float:
    """Answer a cycle's request, and return how long its next step took."""
    with reading() as session:
        request = session.exec(select(Request).where(Request.cycle_key == key)).one()
        steps = steps_of(session, key)
        _until(lambda: link_of(request) is not None)
        began = time.perf_counter()
        answer(request)
        while steps_of(session, key) == steps:
            time.sleep(0.01)
    return time.perf_counter() - began


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


def _cpu(groups: dict[str, list[int]]) -> dict[str, float]:
    return {name: cpu_seconds(pids) for name, pids in groups.items()}


def _less(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}
