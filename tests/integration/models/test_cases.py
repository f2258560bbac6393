"""Cases: their facts are encrypted where they lie, bound to their place, and every look at them is in the ledger."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import RaiseException
from sqlalchemy import make_url

from deployments.postgres import program
from models import ledger
from models.audit_record import check_record
from models.case_keys import FILE_NAME, CaseKeyError, add_case_key, load_case_keys
from models.cases import (
    BrokenCaseError,
    ShreddedError,
    UnknownCaseError,
    cases_about,
    open_case,
    read_facts,
    shred,
    wrap_anew,
    write_fact,
)
from models.disclosures import write_disclosure
from models.events import Event
from models.private_file import SecretFileError
from models.revocations import note_revocation
from models.seal_key import known_keys
from models.settings import load_settings
from models.store import snapshot, transaction
from models.tables import Clinic

CLINIC, CANARY = "elm-street", "Zebulon Quackenbush, born 4 March 1961"
FACTS = {"requester": CANARY, "scope": "Everything of 2026 about Zebulon Quackenbush"}
Database = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(autouse=True)
def case(store: str) -> str:
    """Return a case that was just opened."""
    with transaction() as tx:
        tx.session.add(Clinic(slug=CLINIC, name="Elm", time_zone="UTC"))
        tx.record(CLINIC, Event.CLINIC_APPLIED, actor="test")
    with transaction() as tx:
        return open_case(tx, CLINIC, "ACC", FACTS, "elm-street/ana").id


@pytest.fixture
def database(store: str) -> Iterator[Database]:
    url = make_url(store).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def folder() -> Path:
    return load_settings().data_dir


def seen(case: str, why: str = "intake") -> dict[str, str]:
    with transaction() as tx:
        return read_facts(tx, case, "elm-street/ana", why)


def entries() -> list[dict[str, object]]:
    with snapshot() as session:
        return [json.loads(entry.body) for entry in ledger.entries(session, CLINIC)]


def test_what_was_written_is_read_by_whoever_has_the_key(case: str):
    assert case == "elm-street/ACC-0001"
    assert seen(case) == FACTS
    with transaction() as tx:
        write_fact(tx, case, "scope", "Only March.", "elm-street/ben")
    assert seen(case) == {**FACTS, "scope": "Only March."}


def test_every_look_is_in_the_ledger(case: str):
    seen(case, "clinician's review")
    last = entries()[-1]
    assert (last["event"], last["actor"]) == (Event.CASE_VIEWED, "elm-street/ana")
    assert last["facts"] == {"case": case, "why": "clinician's review"}


def test_nothing_of_a_fact_is_in_the_database(case: str, store: str, tmp_path: Path):
    seen(case)
    url = make_url(store).set(drivername="postgresql").render_as_string(hide_password=False)
    dump = subprocess.run([program("pg_dump"), f"--dbname={url}"], check=True, capture_output=True, timeout=60).stdout
    for word in ("Zebulon", "Quackenbush", "1961", "Everything of 2026"):
        assert word.encode() not in dump
        assert word.encode().hex().encode() not in dump
    assert case.encode() in dump, "the dump is of this store"


def test_numbers_have_no_gaps_and_no_twins_however_many_are_opened_at_once(case: str):
    def opened(_: int) -> str:
        with transaction() as tx:
            return open_case(tx, CLINIC, "ACC", {"requester": "x"}, "test").id

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(opened, range(16)))
    assert sorted(made) == [f"elm-street/ACC-{number:04}" for number in range(2, 18)]
    with transaction() as tx:
        assert open_case(tx, CLINIC, "INC", {}, "test").id == "elm-street/INC-0001"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casefact SET encrypted = set_byte(encrypted, 20, get_byte(encrypted, 20) # 1) WHERE name = 'scope'",
        "UPDATE casefact SET encrypted = (SELECT encrypted FROM casefact WHERE name = 'requester') WHERE name = 'scope'",
        "UPDATE casefact SET name = 'purpose' WHERE name = 'scope'",
        'UPDATE "case" SET wrapped_key = set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1)',
        "UPDATE \"case\" SET wrapped_key = '\\x00'",
    ],
)
def test_what_was_changed_or_moved_is_not_read(case: str, database: Database, statement: str):
    database.execute("ALTER TABLE casefact DISABLE TRIGGER USER")
    database.execute(statement)  # type: ignore[call-overload]
    with pytest.raises(BrokenCaseError, match="is not what was written"):
        seen(case)


def test_a_key_of_one_case_opens_no_other(case: str, database: Database):
    with transaction() as tx:
        other = open_case(tx, CLINIC, "ACC", {"requester": "Somebody else"}, "test").id
    database.execute(
        'UPDATE "case" SET wrapped_key = (SELECT wrapped_key FROM "case" WHERE id = %s) WHERE id = %s', [case, other]
    )
    with pytest.raises(BrokenCaseError):
        seen(other)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE casefact SET encrypted = ''", "DELETE FROM casefact", "TRUNCATE casefact"],
)
def test_the_database_refuses_to_change_a_fact(database: Database, statement: str):
    with pytest.raises(RaiseException, match="append-only"):
        database.execute(statement)  # type: ignore[call-overload]


def test_a_rotation_may_break_off_anywhere(case: str):
    with transaction() as tx:
        other = open_case(tx, CLINIC, "ACC", FACTS, "test").id
    new = add_case_key(folder())
    assert seen(case) == FACTS, "no case has the new key yet"
    with transaction() as tx:
        assert wrap_anew(tx, case, "test")
    assert (seen(case), seen(other)) == (FACTS, FACTS)
    with transaction() as tx:
        assert not wrap_anew(tx, case, "test")
        assert wrap_anew(tx, other, "test")
    assert [entry["facts"] for entry in entries() if entry["event"] == Event.CASE_KEY_WRAPPED] == [
        {"case": each, "key": new.id} for each in (case, other)
    ]
    only_new = [each for each in json.loads((folder() / FILE_NAME).read_text()) if each["id"] == new.id]
    (folder() / FILE_NAME).write_text(json.dumps(only_new))
    assert (seen(case), seen(other)) == (FACTS, FACTS)


def test_a_case_that_was_shredded_is_read_by_nobody_and_the_record_still_verifies(case: str):
    with transaction() as tx:
        shred(tx, case, "elm-street/ana")
        shred(tx, case, "elm-street/ana")
    for act in (lambda tx: read_facts(tx, case, "a", "b"), lambda tx: write_fact(tx, case, "scope", "x", "a")):
        with pytest.raises(ShreddedError), transaction() as tx:
            act(tx)
    with transaction() as tx:
        assert not wrap_anew(tx, case, "test")
    assert [entry["event"] for entry in entries()].count(Event.CASE_SHREDDED) == 1
    with snapshot() as session:
        assert check_record(session, CLINIC, known_keys(folder())).findings == []


def test_without_the_keys_nothing_is_read_and_no_new_ones_are_made(case: str):
    (folder() / FILE_NAME).rename(folder() / "away")
    with pytest.raises(CaseKeyError, match="is not there"):
        seen(case)
    with pytest.raises(CaseKeyError, match="is not there"), transaction() as tx:
        open_case(tx, CLINIC, "ACC", FACTS, "test")
    assert not (folder() / FILE_NAME).exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '[{"id": "a", "key": "AAAA"}]', '[{"id": "a", "key": "!"}]'])
def test_a_broken_file_of_keys_is_told(case: str, content: str):
    (folder() / FILE_NAME).write_text(content)
    with pytest.raises(CaseKeyError, match="is broken"):
        load_case_keys(folder())


def test_a_file_of_keys_that_others_can_read_is_refused(case: str):
    (folder() / FILE_NAME).chmod(0o644)
    with pytest.raises(SecretFileError, match="can be read by others"):
        seen(case)


def test_a_case_that_is_not_there_is_told():
    with pytest.raises(UnknownCaseError, match="There is no case called"), transaction() as tx:
        read_facts(tx, "elm-street/ACC-0099", "a", "b")


def findings() -> list[str]:
    with snapshot() as session:
        return [finding.problem for finding in check_record(session, CLINIC, known_keys(folder())).findings]


PUT_IN = (
    "INSERT INTO disclosure SELECT case_id, 'requester', clinic, subject, disclosed_on, basis, accountable, "
    "part_2_consent, written_at FROM disclosure"
)
TAMPERING = {
    # what somebody with all rights does: the statement, and what the check says
    "edits a commitment": ("UPDATE casefact SET commitment = repeat('0', 64) WHERE name = 'scope'", "was changed"),
    "edits a fact": ("UPDATE casefact SET encrypted = encrypted || '\\x00'", "cannot be read as what was written"),
    "takes a fact": ("DELETE FROM casefact WHERE name = 'scope'", "is there 0 times and was written 1"),
    "puts a fact in": (
        "INSERT INTO casefact SELECT case_id, name, 2, encrypted, commitment, written_by, written_at FROM casefact",
        "told of in no entry: it was put in",
    ),
    "moves a receipt": ("UPDATE \"case\" SET received_on = '2027-02-15'", "was received is not the one"),
    "takes a revocation back": (
        "UPDATE \"case\" SET told = told - 'revoked_at'",
        "tells its cycle is not what this entry",
    ),
    "changes what the cycle is told": (
        'UPDATE "case" SET told = told || \'{"kind": "copy"}\'',
        "tells its cycle is not",
    ),
    "takes a case": (
        'DELETE FROM casefact; DELETE FROM disclosure; DELETE FROM "case"',
        "of which this entry tells, is gone",
    ),
    "takes a disclosure": ("DELETE FROM disclosure", "is gone from the log"),
    "edits a disclosure": ("UPDATE disclosure SET accountable = false", "is not as this entry tells"),
    "puts a disclosure in": (PUT_IN, "told of in no entry: it was put in"),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_whoever_tampers_with_a_case_is_found_out(case: str, database: Database, how: str) -> None:
    statement, says = TAMPERING[how]
    with transaction() as tx:
        write_disclosure(tx, case, "scope", date(2027, 2, 1), "45 CFR 164.512(e)", {}, accountable=True, part_2=False)
        note_revocation(tx, case, datetime(2026, 2, 5, tzinfo=UTC), "elm-street/ana")
        note_revocation(tx, case, datetime(2026, 1, 5, tzinfo=UTC), "elm-street/ana")
    assert findings() == []
    database.execute("ALTER TABLE casefact DISABLE TRIGGER USER; ALTER TABLE disclosure DISABLE TRIGGER USER")
    database.execute(statement)
    assert any(says in problem for problem in findings()), findings()


def test_a_shredded_case_still_verifies(case: str) -> None:
    with transaction() as tx:
        shred(tx, case, "elm-street/ana")
    assert findings() == []


def test_two_cases_about_one_person_are_found_and_the_store_alone_does_not_say_whose(case: str) -> None:
    with transaction() as tx:
        first = open_case(tx, CLINIC, "ACC", {}, "elm-street/ana", about="zebulon|1961-03-04")
        open_case(tx, CLINIC, "ACC", {}, "elm-street/ana", about="ada|1961-03-04")
        second = open_case(tx, CLINIC, "TPR", {}, "elm-street/ana", about="zebulon|1961-03-04")
        assert [each.id for each in cases_about(tx.session, CLINIC, "zebulon|1961-03-04")] == [first.id, second.id]
        assert first.subject is not None
        assert first.subject != sha256(b"zebulon|1961-03-04").hexdigest()
