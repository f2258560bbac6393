"""Transactions that meet wait for each other in one order, and end: none is the victim of a deadlock."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from models import clock, cycles
from models.applying import apply_clinic
from models.clinic_folder.testing import CLINIC, POLICY, folder_of, write_folder
from models.duties import duty_named
from models.questions import Choice, Question
from models.requests import Wanted, locked, make_request, notify
from models.settings import load_settings
from models.store import CollisionError, Transaction, engine, transaction
from models.tables import Letter, NoticeKind, Person, PolicyVersion, Request
from notifications.links import make_link
from notifications.undelivered import mark_not_delivered

ANA = "elm-street/ana-ruiz"
VERSION_3 = POLICY.replace("version: 2", "version: 3").replace("2026-01-05", "2026-12-01").replace("Close", "Lock")


@pytest.fixture
def two(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Apply the small clinic, ask Ana twice about its policy, and give the requests' ids, sorted."""
    monkeypatch.setenv("WELLKEPT_DATA_DIR", str(tmp_path / "data"))
    load_settings.cache_clear()
    with transaction() as tx:
        apply_clinic(tx, folder_of(write_folder(tmp_path)), "test")
        cycle = cycles.begin(tx, duty_named("policy-review"), "elm-street", "2026", clock.today("UTC"), actor="test")
    with transaction() as tx:
        sha256 = tx.session.exec(select(PolicyVersion)).one().sha256
        choice = Choice(value="ok", label="OK", meaning="It stays.", past="Kept")
        about = {"subject_id": "elm-street/telehealth", "document_sha256": sha256}
        question = Question(
            verb="look", sentence="Look.", why="Every year.", asked_by="Ana", choices=(choice,), **about
        )
        made = [
            make_request(tx, Wanted(cycle.key, "elm-street", key, ANA, question, 30, "L-CAL"), {}) for key in ("a", "b")
        ]
        first, last = sorted(made, key=lambda request: request.id)
        last.due_on = first.due_on - timedelta(days=1)  # so the order of the days is not that of the ids
    yield [first.id, last.id]
    load_settings.cache_clear()


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Give a thread for the other transaction."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def meet(aside: ThreadPoolExecutor, other: Callable[[], object]) -> "Future[object]":
    """Let another transaction run until it waits for a lock of ours, or has ended."""
    running = aside.submit(other)
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 20
    while not running.done() and time.monotonic() < until:
        with engine().connect() as connection:
            if connection.execute(waiting).scalar():
                break
        time.sleep(0.02)
    return running


def publish_by_file(folder: Path) -> None:
    with transaction() as tx:
        apply_clinic(tx, folder_of(write_folder(folder, CLINIC, VERSION_3)), "test")


def write_a_letter(tx: Transaction, id_: str) -> Letter:
    person = tx.session.get_one(Person, ANA)
    words = {"kind": "ask", "subject": "x", "text_body": "x", "html_body": "x"}
    who = {"clinic": person.clinic, "person_id": person.id, "address": person.email}
    letter = Letter(id=id_, message_id=f"<{id_}@y>", written_at=clock.now(), **words, **who)
    tx.session.add(letter)
    tx.session.flush()
    return letter


def link(tx: Transaction, letter: Letter, request_id: str) -> None:
    make_link(tx, letter, tx.session.get_one(Request, request_id), ANA, clock.now(), 30)
    tx.session.flush()


def test_a_folder_is_applied_while_somebody_is_told_of_a_request_it_changes(
    two: list[str], aside: ThreadPoolExecutor, tmp_path: Path
) -> None:
    with transaction() as tx:
        request = locked(tx, two[0])
        applying = meet(aside, lambda: publish_by_file(tmp_path))
        notify(tx, request, ANA, NoticeKind.REMIND, at_once=False)  # its row points at the clinic's
    applying.result(timeout=30)


def test_a_folder_is_applied_while_a_letter_about_two_requests_is_settled(
    two: list[str], aside: ThreadPoolExecutor, tmp_path: Path
) -> None:
    with transaction() as tx:
        locked(tx, two[0])
        applying = meet(aside, lambda: publish_by_file(tmp_path))
        locked(tx, two[1])
    applying.result(timeout=30)


def test_a_letter_is_settled_while_another_is_written_about_the_same_requests(
    two: list[str], aside: ThreadPoolExecutor
) -> None:
    with transaction() as tx:
        older = write_a_letter(tx, "older")
        for request_id in two:
            link(tx, older, request_id)
    with transaction() as tx:
        letter = write_a_letter(tx, "newer")
        link(tx, letter, two[1])
        settling = meet(aside, lambda: mark_not_delivered("older", "no such mailbox"))
        link(tx, letter, two[0])
    assert settling.result(timeout=30) is True


def test_a_victim_of_a_deadlock_is_told_so_and_not_that_the_store_is_away(
    two: list[str], aside: ThreadPoolExecutor
) -> None:
    def the_other_way_round() -> None:
        with transaction() as tx:
            locked(tx, two[1])
            locked(tx, two[0])

    def ours() -> "Future[object]":
        with transaction() as tx:
            locked(tx, two[0])
            other = meet(aside, the_other_way_round)
            locked(tx, two[1])
        return other

    with pytest.raises(CollisionError, match=r"Nothing was changed\. Try it again"):
        ours().result(timeout=30)
