"""Many cycles through one worker: does it stay as it was? `make bench ARGS="endurance --cycles 2000"`."""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import anyio
import psutil
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from deployments.prefect_server import WORK_POOL
from deployments.testing.bench.cost import memory_mib
from deployments.testing.bench.cycles import answer, begin
from deployments.testing.clinic import SmallClinic, small_clinic
from deployments.testing.working import Working, working
from models.store import reading
from models.tables import Cycle, Link, Request, RequestState

AT_ONCE = 4
_BATCH = 40
"""How many cycles are begun together."""
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True)
class Sample:
    """A worker at one moment."""

    done: int
    """Cycles that have closed."""
    seconds: float
    worker_mib: float
    warm_mib: float
    processes: int
    """Below the worker: the warm process, and runs."""
    zombies: int
    open_files: int
    """Of the worker."""
    connections: int
    """To the store's database, by anybody."""

    @classmethod
    def columns(cls) -> list[str]:
        """Return what is sampled."""
        return [each.name.replace("_", " ") for each in fields(cls)]


def endure(folder: Path, number: int, say: Callable[[Sample], None]) -> list[Sample]:
    """Let so many cycles begin, wait, be answered and close, through one worker; `say` gets each sample.

    Raises AssertionError when a cycle is lost.
    """
    clinic = anyio.run(small_clinic, "endurance", folder / "clinic")
    folder.joinpath("worker").mkdir()
    samples = []
    with working("wellkept", folder / "worker", ["--limit", str(AT_ONCE)], pool=WORK_POOL) as worker:
        began = time.perf_counter()
        for first in range(0, number, _BATCH):
            begin(clinic, min(_BATCH, number - first), first)
            while _unfinished(clinic):
                _answer_all(clinic)
                time.sleep(0.2)
            samples.append(_sample(clinic, worker, time.perf_counter() - began))
            say(samples[-1])
    return samples


def _is_zombie(process: psutil.Process) -> bool:
    """Tell whether a process has died and nobody took note; one that went meanwhile has not."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _unfinished(clinic: SmallClinic) -> int:
    with reading() as session:
        still = select(func.count()).where(Cycle.clinic == clinic.slug, col(Cycle.closed_at).is_(None))
        return session.exec(still).one()


def _answer_all(clinic: SmallClinic) -> None:
    with reading() as session:
        for request in _answerable(session, clinic):
            answer(request)


def _answerable(session: Session, clinic: SmallClinic) -> list[Request]:
    asked = select(Request).where(Request.clinic == clinic.slug, Request.state == RequestState.OPEN)
    return list(session.exec(asked.where(col(Request.id).in_(select(Link.request_id)))))


def _sample(clinic: SmallClinic, worker: Working, seconds: float) -> Sample:
    process = psutil.Process(worker.process.pid)
    below = process.children(recursive=True)
    warm = [each.pid for each in process.children()]
    with reading() as session:
        connections = session.connection().execute(text(_CONNECTIONS)).scalar_one()
        closed = select(func.count()).where(Cycle.clinic == clinic.slug, col(Cycle.closed_at).is_not(None))
        done = session.exec(closed).one()
    return Sample(
        done,
        seconds,
        memory_mib([process.pid]),
        memory_mib(warm),
        len(below),
        sum(_is_zombie(each) for each in below),
        process.num_fds(),
        connections,
    )
