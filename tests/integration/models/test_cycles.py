"""A cycle begins once, however many begin it at the same time."""

import json
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.applying import apply_clinic
from models.clinic_folder.testing import folder_of, write_folder
from models.cycles import begin
from models.duties.policy_review import POLICY_REVIEW
from models.ledger import entries
from models.store import Transaction, reading, transaction

pytestmark = pytest.mark.usefixtures("store")
CLINIC = "elm-street"


def begun(tx: Transaction, actor: str) -> str:
    return begin(tx, POLICY_REVIEW, CLINIC, "2026", date(2026, 1, 15), actor).key


def somebody_waits(session: Session) -> bool:
    return bool(session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())


def test_a_schedule_and_the_command_line_begin_a_cycle_at_once_and_it_begins_once(tmp_path: Path) -> None:
    with transaction() as tx:
        apply_clinic(tx, folder_of(write_folder(tmp_path)), "test")
    found: list[str] = []

    def by_command_line() -> None:
        with transaction() as tx:
            found.append(begun(tx, "command line"))

    other = threading.Thread(target=by_command_line)
    with transaction() as tx:
        found.append(begun(tx, "schedule"))
        tx.session.flush()
        other.start()
        until = time.monotonic() + 10
        while not somebody_waits(tx.session) and time.monotonic() < until:
            time.sleep(0.05)
    other.join(10)

    assert found == ["elm-street/policy-review/2026"] * 2
    with reading() as session:
        bodies = [json.loads(row.body) for row in entries(session, CLINIC)]
    assert [body["actor"] for body in bodies if body["event"] == "cycle:cycle:begun"] == ["schedule"]
