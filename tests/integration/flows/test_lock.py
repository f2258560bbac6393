"""One process works on a cycle; a process that was cut off neither closes it nor sends it to sleep."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import anyio
import psycopg
import pytest
from prefect.exceptions import Abort

from deployments.postgres import Postgres
from flows.engine.closing import Outcome, close
from flows.engine.current import Running
from flows.engine.lock import Lock, only_process
from models.applying import apply_clinic
from models.clinic_folder.testing import folder_of, write_folder
from models.cycles import begin, cycle_named
from models.duties.policy_review import POLICY_REVIEW
from models.ledger import entries
from models.locks import end_holder, lock_connection, try_lock
from models.store import reading, transaction

pytestmark = pytest.mark.usefixtures("store")
CLINIC, ZONE = "elm-street", "America/New_York"


@pytest.fixture
def running(store: str, tmp_path: Path) -> Running:
    """Return a cycle that has begun, as its process knows it."""
    with transaction() as tx:
        apply_clinic(tx, folder_of(write_folder(tmp_path)), "test")
    with transaction() as tx:
        row = begin(tx, POLICY_REVIEW, CLINIC, "2026", date(2026, 1, 15), "test")
    return Running(row.key, CLINIC, ZONE, POLICY_REVIEW, "2026", row.due_on, uuid4(), None)


def in_its_process(running: Running, body: Callable[[Lock], None]) -> None:
    """Do something while this process holds the cycle's lock."""

    async def run() -> None:
        async with only_process(running.key) as lock:
            body(lock)

    anyio.run(run)


def cut_off(running: Running) -> None:
    """Do what rounds does to a process that hangs."""
    assert end_holder(f"cycle:{running.key}")


def closings(running: Running) -> int:
    with reading() as session:
        events = [json.loads(row.body)["event"] for row in entries(session, running.clinic)]
    return events.count("cycle:cycle:closed")


def test_who_holds_the_lock_goes_on(running: Running) -> None:
    in_its_process(running, Lock.need)


def test_who_was_cut_off_is_told_before_closing_and_leaves_without_another_error(running: Running) -> None:
    def body(lock: Lock) -> None:
        cut_off(running)
        lock.need()

    with pytest.raises(Abort, match="cut off"):
        in_its_process(running, body)


def test_who_was_cut_off_is_told_even_when_somebody_else_works_by_now(running: Running) -> None:
    def body(lock: Lock) -> None:
        cut_off(running)
        with lock_connection() as other:
            assert try_lock(other, f"cycle:{running.key}")
            lock.need()

    with pytest.raises(Abort, match="cut off"):
        in_its_process(running, body)


def test_a_dead_connection_does_not_turn_the_end_of_a_run_into_another(running: Running) -> None:
    def body(lock: Lock) -> None:
        cut_off(running)
        raise Abort("the run's own end")

    with pytest.raises(Abort, match="the run's own end"):
        in_its_process(running, body)


def test_a_lock_of_the_same_name_in_another_store_is_left_alone(store: str, postgres: Postgres) -> None:
    with psycopg.connect(f"host={postgres.socket_folder} user=postgres dbname=postgres", autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('cycle:same', 0))")
        assert not end_holder("cycle:same")
        other.execute("SELECT 'it lives'")


def test_two_processes_that_close_a_cycle_close_it_once(running: Running) -> None:
    close(running, Outcome("1 policy: 1 unchanged"))
    close(running, Outcome("What a process that hung came to"))
    assert closings(running) == 1
    with reading() as session:
        assert cycle_named(session, running.key).outcome["summary"] == "1 policy: 1 unchanged"
