"""Seals: whoever changes what was sealed, or the seals, is found; whoever cuts off the end is found by a seal."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from models import ledger
from models.audit import Verdict, verify
from models.checkpoints import Checkpoint, known
from models.events import Event
from models.merkle import EMPTY_ROOT
from models.sealing import newest_seal, root_at, seals
from models.seals_seen import SealsSeen
from models.store import reading, transaction
from models.tables import Seal

pytestmark = pytest.mark.usefixtures("store")
CLINIC = "elm-street"
KEY = Ed25519PrivateKey.generate()
KEYS = known([KEY.public_key()])


def write(number: int) -> None:
    with transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine", cycle="elm-street/test/2027", number=number)


def sealed(key: Ed25519PrivateKey = KEY) -> Seal:
    with transaction() as tx:
        tx.seal(CLINIC, actor="test", key=key)
    return tx.sealed[CLINIC]


def record_of_three_seals() -> None:
    """Leave entries 0 to 4, a seal over 5; 5 tells of it; 6 to 8, over 9; 9; 10, over 11; 11; and 12, not sealed."""
    for entries in (5, 3, 1):
        for number in range(entries):
            write(number)
        sealed()
    write(0)


def verdict() -> Verdict:
    with reading() as session:
        seen = SealsSeen(CLINIC, seals(session, CLINIC), KEYS)
        return verify(CLINIC, ledger.entries(session, CLINIC), seen)


def as_owner(url: str, *statements: str) -> None:
    """Do what somebody with the owner's password could do: switch the triggers off first."""
    engine = create_engine(url)
    tables = ("ledger_entry", "seal")
    with engine.begin() as connection:
        for statement in (*(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables), *statements):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_record_with_its_seals_is_whole():
    record_of_three_seals()
    found = verdict()
    assert (found.size, found.seals, found.findings) == (13, 3, [])
    with reading() as session:
        last = newest_seal(session, CLINIC)
        assert last is not None
        assert (last.size, root_at(session, CLINIC, 11)) == (11, Checkpoint.of(last.note).root)
        assert [each.size for each in seals(session, CLINIC)] == [5, 9, 11]


def test_an_empty_log_is_not_sealed():
    with transaction() as tx:
        tx.seal(CLINIC, actor="test", key=KEY)
    assert tx.sealed == {}
    with reading() as session:
        assert (root_at(session, CLINIC, 0), root_at(session, CLINIC, 1)) == (EMPTY_ROOT, None)


def test_who_seals_and_writes_at_once_leaves_one_line_of_seals():
    write(0)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: sealed() if number % 2 else write(number), range(40)))
    found = verdict()
    assert found.findings == []
    assert found.seals >= 1


REWRITTEN = (
    "UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"engine\"', '\"nobody\"'), 'UTF8')"
    " WHERE seq = 3"
)
LEAF_TOO = "UPDATE ledger_entry SET leaf = sha256('\\x00'::bytea || body) WHERE seq = 3"
CUT = "DELETE FROM ledger_entry WHERE seq > 6"


@pytest.mark.parametrize(("statements", "found"), [
    ([REWRITTEN, LEAF_TOO], "the 5 entries up to this one are not those that were sealed at"),
    ([CUT], "9 entries were sealed at"),
    (["DELETE FROM seal WHERE size = 9"], "the seal over 9 entries, of which this entry tells, is gone"),
    (["DELETE FROM seal"], "the seal over 5 entries, of which this entry tells, is gone"),
    (["UPDATE seal SET note = replace(note, '\n9\n', '\n8\n') WHERE size = 9"], "cannot be believed: The seal's signature"),
    (["UPDATE seal SET note = (SELECT note FROM seal WHERE size = 5) WHERE size = 9"], "in place of the seal over 9 entries"),
    (["UPDATE seal SET note = 'x' WHERE size = 9"], "cannot be believed: This is not a seal of Wellkept's."),
])  # fmt: skip
def test_what_the_owner_of_the_database_can_do_is_found(store: str, statements: list[str], found: str):
    record_of_three_seals()
    as_owner(store, *statements)
    assert any(found in finding.problem for finding in verdict().findings), verdict().findings


def test_a_seal_made_with_another_key_is_found():
    write(0)
    sealed(Ed25519PrivateKey.generate())
    assert ["a key that this record does not know" in finding.problem for finding in verdict().findings] == [True]


def test_the_application_can_neither_change_a_seal_nor_take_it_away(tmp_path: Path):
    write(0)
    sealed()
    for statement in ("UPDATE seal SET note = ''", "DELETE FROM seal", "TRUNCATE seal"):
        with pytest.raises(DBAPIError), transaction() as tx:
            tx.session.connection().exec_driver_sql(statement)
    assert verdict().findings == []


def test_seals_go_on_from_peaks_that_were_changed_and_are_found_then(store: str):
    record_of_three_seals()
    as_owner(store, "UPDATE seal SET peaks = set_byte(peaks, 0, 255 - get_byte(peaks, 0)) WHERE size = 11")
    sealed()
    assert ["are not those that were sealed" in finding.problem for finding in verdict().findings] == [True]
