"""Kill -9 of the worker, its warm process and its runs, two hundred times: no run twice at once, and every cycle ends."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import anyio
import psutil
import pytest
from sqlmodel import col, select

from deployments.testing.clinic import SmallClinic, small_clinic
from deployments.testing.stack import Stack, running_stack
from models import clock, cycles, ledger
from models.answering import record_answer
from models.audit import verify
from models.duties import duty_named
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Cycle, Link, Person, Request, RequestState

KILLS = 200
OPEN_AT_ONCE = 12
SECONDS_BETWEEN = (0.2, 2.0)
PATIENCE_SECONDS = 600
VICTIMS = {"run": 6, "warm process": 3, "worker": 1}

pytestmark = [pytest.mark.crash, pytest.mark.stack, pytest.mark.timeout(2400)]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with running_stack(tmp_path / "stack", frozenset({"portal"}), stalled_after_seconds=5) as running:
        yield running


def processes(stack: Stack, name: str) -> list[psutil.Process]:
    """Return the worker, its warm processes, or its runs, as they are now."""
    pid = stack.pid("worker")
    if pid is None:
        return []
    try:
        worker = psutil.Process(pid)
        below = worker.children(recursive=True)
        found = {
            "worker": [worker],
            "warm process": [each for each in below if each.ppid() == pid],
            "run": [each for each in below if each.name().startswith("run ")],
        }
        return [each for each in found[name] if each.status() != psutil.STATUS_ZOMBIE]
    except psutil.NoSuchProcess:
        return []


class Life(threading.Thread):
    """Answers what is asked and begins new cycles, so that there is always something under way."""

    def __init__(self, clinic: SmallClinic) -> None:
        """Take the clinic."""
        super().__init__(daemon=True)
        self.clinic, self.begun, self.answered = clinic, 0, 0
        self.goes_on = True

    def run(self) -> None:
        """Live until stopped."""
        while self.goes_on:
            self._begin()
            for request in self._open():
                self._answer(request)
            time.sleep(0.3)

    def _begin(self) -> None:
        with transaction() as tx:
            for _ in range(OPEN_AT_ONCE - len(cycles.open_cycles(tx.session, self.clinic.slug))):
                self.begun += 1
                today = clock.today("America/New_York")
                cycles.begin(tx, duty_named("policy-review"), self.clinic.slug, f"no-{self.begun:04}", today, "test")

    def _open(self) -> list[Request]:
        with reading() as session:
            return list(session.exec(select(Request).where(Request.state == RequestState.OPEN)))

    def _answer(self, request: Request) -> None:
        with reading() as session:
            name = session.get_one(Person, request.holder_id).name
            link = session.exec(select(Link.id).where(Link.request_id == request.id)).first()
        if link is not None:
            record_answer(link, Submission("no_change", name, "It holds.", "", None, "", request.document_sha256))
            self.answered += 1


class Witness(threading.Thread):
    """Looks all the time whether two processes work on one run."""

    def __init__(self, stack: Stack) -> None:
        """Take the stack."""
        super().__init__(daemon=True)
        self.stack, self.twice, self.looks = stack, set[str](), 0
        self.goes_on = True

    def run(self) -> None:
        """Look until stopped."""
        while self.goes_on:
            names = Counter(_name_of(each) for each in psutil.process_iter(["name"]))
            self.twice |= {name for name, count in names.items() if count > 1 and name.startswith("run ")}
            self.looks += 1
            time.sleep(0.1)


def _name_of(process: psutil.Process) -> str:
    try:
        return "" if process.status() == psutil.STATUS_ZOMBIE else str(process.info["name"])
    except psutil.NoSuchProcess:
        return ""


def watch(stack: Stack, seconds: float) -> None:
    """Be the supervisor for a while: start again what has died."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        stack.supervisor.look()
        time.sleep(0.05)


def test_two_hundred_kills_end_in_whole_cycles(stack: Stack, tmp_path: Path):
    chance = random.Random(20261123)  # noqa: S311 - which process dies is no secret
    clinic = anyio.run(small_clinic, "elm", tmp_path / "elm")
    life, witness = Life(clinic), Witness(stack)
    life.start()
    witness.start()
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        watch(stack, chance.uniform(*SECONDS_BETWEEN))
        name = chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
        while not (found := processes(stack, name)):
            watch(stack, 0.1)
        chance.choice(found).kill()
        killed[name] += 1
    life.goes_on = False
    life.join()
    ends(stack, life)
    witness.goes_on = False
    witness.join()
    print(f"killed {dict(killed)}, cycles {life.begun}, looks {witness.looks}")  # noqa: T201 - told with -s

    assert witness.twice == set()
    assert len(processes(stack, "warm process")) <= 1
    with reading() as session:
        entries = [entry.body for entry in ledger.entries(session, "elm")]
        keys = session.exec(select(Cycle.key).where(Cycle.clinic == "elm")).all()
        assert verify("elm", ledger.entries(session, "elm")).findings == []
    for key in keys:
        about = [body for body in entries if f'"cycle":"{key}"'.encode() in body]
        counts = [
            sum(event in body for body in about) for event in (b"answer:noted", b"answer:recorded", b"cycle:closed")
        ]
        assert counts == [1, 1, 1], key


def ends(stack: Stack, life: Life) -> None:
    """Answer what is still asked, and see every cycle end."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        watch(stack, 1)
        for request in life._open():  # noqa: SLF001 - its own helper
            life._answer(request)  # noqa: SLF001
        with reading() as session:
            left = session.exec(select(Cycle).where(col(Cycle.closed_at).is_(None))).all()
        if not left and not processes(stack, "run"):  # a run that has closed its cycle still tells Prefect
            return
    pytest.fail(f"open: {[cycle.key for cycle in left]}, runs: {processes(stack, 'run')}")
