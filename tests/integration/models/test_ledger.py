"""The ledger keeps everything, in order, and shows what was done to it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from models import ledger
from models.audit import Verdict, verify
from models.events import Event
from models.store import reading, transaction

CLINIC = "elm-street"


def write(number: int) -> None:
    with transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine", cycle="elm-street/test/2027", number=number)


def verdict() -> Verdict:
    with reading() as session:
        return verify(CLINIC, ledger.entries(session, CLINIC))


def as_owner(url: str, *statements: str) -> None:
    """Do what somebody with the owner's password could do: drop the triggers first."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in ("ALTER TABLE ledger_entry DISABLE TRIGGER ALL", *statements):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_entries_follow_each_other_without_gaps(store: str):
    for number in range(5):
        write(number)
    found = verdict()
    assert (found.size, found.findings) == (5, [])


def test_writers_at_once_leave_one_line_of_entries(store: str):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    found = verdict()
    assert (found.size, found.findings) == (40, [])


def test_a_transaction_that_fails_leaves_no_entry(store: str):
    with pytest.raises(ZeroDivisionError), transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine")
        _ = 1 / 0
    assert verdict().size == 0


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_entry SET body = 'x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"],
)
def test_the_database_refuses_changes_even_to_the_owner(store: str, statement: str):
    write(1)
    engine = create_engine(store)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize("table", ["ledger_entry", "answer", "document"])
def test_the_application_may_not_even_try(store: str, table: str):
    write(1)
    with pytest.raises(DBAPIError, match="permission denied"), transaction() as tx:
        tx.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - a literal


TAMPERING = [
    # what somebody does with the owner's password, what is found, and at which entry
    (
        "UPDATE ledger_entry SET body = replace(convert_from(body, 'UTF8'), '\"number\":2', '\"number\":9')::bytea WHERE seq = 2",
        "edited",
        2,
    ),
    ("DELETE FROM ledger_entry WHERE seq = 2", "entry 2 is missing", 3),
    (
        "UPDATE ledger_entry SET body = 'not json', leaf = sha256('\\x00'::bytea || 'not json'::bytea) WHERE seq = 2",
        "overwritten",
        2,
    ),
    ("UPDATE ledger_entry SET seq = seq + 100 WHERE seq = 4", "its seq is 4", 104),
    (
        "UPDATE ledger_entry a SET body = b.body, leaf = b.leaf FROM ledger_entry b WHERE a.seq = 1 AND b.seq = 3",
        "its seq is 3",
        1,
    ),
    (
        "UPDATE ledger_entry SET body = body || ' '::bytea, leaf = sha256('\\x00'::bytea || body || ' '::bytea) WHERE seq = 2",
        "not canonical",
        2,
    ),
]


@pytest.mark.parametrize(("statement", "problem", "seq"), TAMPERING)
def test_tampering_shows(store: str, statement: str, problem: str, seq: int):
    for number in range(5):
        write(number)
    as_owner(store, statement)
    assert any(problem in finding.problem and finding.seq == seq for finding in verdict().findings), verdict().findings


def test_what_is_stored_is_the_canonical_form_to_the_byte(store: str):
    write(7)
    with reading() as session:
        body = next(ledger.entries(session, CLINIC)).body
    assert body.startswith(b'{"actor":"engine","at":"')
    assert body.endswith(
        b'Z","cycle":"elm-street/test/2027","event":"cycle:step:done","facts":{"number":7},"log":"elm-street","prev":"'
        + b"0" * 64
        + b'","run":{},"seq":0,"v":1}'
    )
