"""Kill -9 at random points, fifty times: no answer is lost, no mail is doubled, every cycle ends."""

import contextvars
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
from deployments.testing.visitor import Visitors
from flows.rounds import rounds
from models import ledger
from models.audit import verify
from models.store import reading
from models.tables import Answer, LedgerEntry, Letter, LetterState, Link, Notice, NoticeKind

KILLS = 50
CLINICS = 3
SECONDS_BETWEEN = (2.0, 6.0)
PATIENCE_SECONDS = 600
# How often each is killed, relative to the others. A Prefect server takes the longest to come back.
VICTIMS = {"flow process": 5, "warm process": 2, "worker": 3, "portal": 3, "relay": 2, "prefect": 1}

pytestmark = [pytest.mark.crash, pytest.mark.stack, pytest.mark.timeout(1500)]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with running_stack(tmp_path / "stack", stalled_after_seconds=20) as running:
        yield running


class Keeper:
    """Makes rounds over and over, like many days, and shrugs when Prefect is away: one thread a clinic."""

    def __init__(self, slugs: list[str]) -> None:
        """Begin."""
        self.made, self._stop = 0, threading.Event()
        work = [(contextvars.copy_context(), slug) for slug in slugs]
        self._threads = [threading.Thread(target=each.run, args=(self._work, slug), daemon=True) for each, slug in work]
        for thread in self._threads:
            thread.start()

    def _work(self, slug: str) -> None:
        while not self._stop.wait(5):
            try:
                anyio.run(rounds, slug)
                self.made += 1
            except Exception:  # noqa: BLE001, S112 - whatever was killed, the next rounds come
                continue

    def stop(self) -> None:
        """Make no more rounds."""
        self._stop.set()
        for thread in self._threads:
            thread.join(200)


def victims(stack: Stack, name: str) -> list[psutil.Process]:
    """Return the processes that a kill of this name means just now."""
    pid = stack.pid("worker" if name in {"flow process", "warm process"} else name)
    if pid is None:
        return []
    process = psutil.Process(pid)
    if name == "warm process":
        return process.children()
    if name == "flow process":
        return [each for each in process.children(recursive=True) if each.ppid() != pid]
    return [process]


def kill_one(stack: Stack, chance: random.Random) -> str | None:
    """Kill something that runs, and return what it was."""
    name = chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
    try:
        if found := victims(stack, name):
            chance.choice(found).kill()
            return name
    except psutil.NoSuchProcess:
        return None
    return None


def watch(stack: Stack, seconds: float) -> None:
    """Be the supervisor for a while: start again what has died."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        stack.supervisor.look()
        time.sleep(0.1)


def test_fifty_kills_lose_nothing(stack: Stack, tmp_path: Path):
    chance = random.Random(20261123)  # noqa: S311 - which process dies is no secret
    slugs = [f"elm-{number}" for number in range(CLINICS)]

    async def begin() -> list[SmallClinic]:
        return [await small_clinic(slug, tmp_path / slug) for slug in slugs]

    clinics = anyio.run(begin)
    no_process_sleeps_with_a_cycle(stack, clinics)
    people = Visitors(stack.mails, lambda address: "Ana Ruiz" if address.startswith("ana@") else "Ben Cole")
    people.start()
    keeper = Keeper(slugs)
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        watch(stack, chance.uniform(*SECONDS_BETWEEN))
        if name := kill_one(stack, chance):
            killed[name] += 1
    until = time.monotonic() + PATIENCE_SECONDS
    while any(clinic.cycle().closed_at is None for clinic in clinics) and time.monotonic() < until:
        watch(stack, 1)
    people.stop()
    keeper.stop()
    what = f"killed {dict(killed)}, rounds made {keeper.made}, receipts seen {len(people.acknowledged)}"
    print(what)  # noqa: T201 - a run with -s tells what it did

    assert [clinic.slug for clinic in clinics if clinic.cycle().closed_at is None] == []
    everything_was_recorded_once(clinics, people)
    no_mail_was_written_twice(stack, slugs, killed["relay"])
    for slug in slugs:
        with reading() as session:
            assert verify(slug, ledger.entries(session, slug)).findings == []


def no_process_sleeps_with_a_cycle(stack: Stack, clinics: list[SmallClinic]) -> None:
    """Once every cycle waits, the worker has no child left; it takes a moment to see each of them out."""
    until = time.monotonic() + 120
    while any(clinic.cycle().wake_wanted_at for clinic in clinics) or victims(stack, "flow process"):
        assert time.monotonic() < until, victims(stack, "flow process")
        watch(stack, 0.5)


def everything_was_recorded_once(clinics: list[SmallClinic], people: Visitors) -> None:
    """Every receipt somebody saw stands in the store as they gave it; every request has one answer and one entry."""
    with reading() as session:
        answers = {answer.request_id: answer for answer in session.exec(select(Answer))}
        bodies = [entry.body for entry in session.exec(select(LedgerEntry))]
    for receipt in people.acknowledged:
        path, choice = receipt.split()
        assert answers[path.split("/")[3]].choice == choice
    recorded = [body for body in bodies if b'"event":"portal:answer:recorded"' in body]
    for clinic in clinics:
        kinds = Counter(request.key.split(":")[0] for request in clinic.requests(None))
        assert kinds == {"review": 1, "approve": 1, "attest": 2}
        for request in clinic.requests(None):
            assert request.id in answers
            assert sum(request.id.encode() in body for body in recorded) == 1


def no_mail_was_written_twice(stack: Stack, slugs: list[str], relay_kills: int) -> None:
    """One asking, one letter, one mail; after a kill of the relay a mail may come again, to the letter the same."""
    with reading() as session:
        letters = session.exec(select(Letter).where(col(Letter.clinic).in_(slugs))).all()
        asked = session.exec(select(Notice.person_id, Notice.request_id).where(Notice.kind == NoticeKind.ASK)).all()
        links = session.exec(select(Link.request_id, Link.person_id).where(col(Link.request_id).is_not(None))).all()
    assert max(Counter(asked).values()) == 1
    assert max(Counter(links).values()) == 1
    assert {letter.state for letter in letters} == {LetterState.ACCEPTED}
    mails = Counter(mail.message_id for mail in stack.mails.mails())
    assert set(mails) == {letter.message_id for letter in letters}
    again = [message_id for message_id, times in mails.items() if times > 1]
    assert len(again) <= relay_kills
    for message_id in again:
        assert len({tuple(mail.links) for mail in stack.mails.mails() if mail.message_id == message_id}) == 1
