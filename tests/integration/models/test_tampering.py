"""Tampering by somebody with the password of the database's owner: each kind, and exactly what is found of it.

The record of these tests, by entry: 0 and 1 ask, 2 is the first answer, sealed over 3, of which 3 tells; 4 is a step;
5 is the second answer, sealed over 6, of which 6 tells; 7 is a step. Another clinic, oak, has an entry and a seal.
"""

import re
from collections.abc import Callable

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import make_url

from models import ledger
from models.answering import record_answer
from models.audit import Finding
from models.audit_record import check_documents, check_record
from models.checkpoints import Checkpoint
from models.documents import hash_of
from models.events import Event
from models.merkle import Frontier, leaf_hash
from models.seal_key import known_keys
from models.sealing import root_at, seals
from models.settings import load_settings
from models.store import snapshot, transaction
from models.submissions import Submission
from models.tables import Clinic
from portal.testing.grove import POLICY, Grove

CLINIC = "maple-grove"
Database = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def answered(store: str) -> list[str]:
    """Write the record; return the two requests that were answered."""
    grove = Grove.planted()
    asked = [grove.ask("maya"), grove.ask("theo")]
    for number, name in enumerate(("Maya Ortiz", "Theo Park")):
        given = Submission("keep", name, "Nothing changed.", shown_sha256=hash_of(POLICY))
        record_answer(asked[number].link_id, given)
        step()
    with transaction() as tx:
        tx.session.add(Clinic(slug="oak", name="Oak", time_zone="UTC"))
        tx.record("oak", Event.CLINIC_APPLIED, actor="test")
        tx.seal("oak", actor="test")
    return [each.request_id for each in asked]


def step() -> None:
    with transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine", cycle="maple-grove/policy-review/2027", step="x")


def as_owner(store: str) -> Database:
    """Connect as somebody with the owner's password, the triggers switched off."""
    url = make_url(store).set(drivername="postgresql")
    connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
    for table in ("ledger_entry", "seal", "answer", "document"):
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return connection


def found() -> list[Finding]:
    with snapshot() as session:
        keys = known_keys(load_settings().data_dir)
        return check_record(session, CLINIC, keys).findings + check_documents(session)


def bodies(database: Database) -> list[bytes]:
    rows = database.execute("SELECT body FROM ledger_entry WHERE log = %s ORDER BY seq", [CLINIC]).fetchall()
    return [bytes(row[0]) for row in rows]  # type: ignore[arg-type]


def write(database: Database, seq: int, body: bytes) -> None:
    """Put a body in an entry's place, with its leaf hash."""
    database.execute(
        "UPDATE ledger_entry SET body = %s, leaf = %s WHERE log = %s AND seq = %s", [body, leaf_hash(body), CLINIC, seq]
    )


def chained(database: Database, first: int, change: Callable[[bytes], bytes]) -> None:
    """Change an entry, and make all that follow fit again: a forked history."""
    written = bodies(database)
    prev = None
    for seq in range(first, len(written)):
        body = (
            change(written[seq])
            if seq == first
            else re.sub(rb'"prev":"[0-9a-f]*"', b'"prev":"%s"' % prev, written[seq])
        )
        write(database, seq, body)
        prev = leaf_hash(body).hex().encode()


def engine_was_nobody(body: bytes) -> bytes:
    return body.replace(b'"engine"', b'"nobody"')


def edits_a_body(database: Database) -> None:
    body = engine_was_nobody(bodies(database)[4])
    database.execute("UPDATE ledger_entry SET body = %s WHERE log = %s AND seq = 4", [body, CLINIC])


def edits_a_body_and_its_hash(database: Database) -> None:
    write(database, 4, engine_was_nobody(bodies(database)[4]))


def forks_the_history(database: Database) -> None:
    chained(database, 4, engine_was_nobody)


def deletes_an_entry(database: Database) -> None:
    database.execute("DELETE FROM ledger_entry WHERE log = %s AND seq = 4", [CLINIC])


def deletes_two_entries(database: Database) -> None:
    database.execute("DELETE FROM ledger_entry WHERE log = %s AND seq IN (3, 4)", [CLINIC])


def deletes_an_entry_and_closes_the_gap(database: Database) -> None:
    written = bodies(database)
    deletes_an_entry(database)
    for seq in range(5, len(written)):
        body = written[seq].replace(b'"seq":%d' % seq, b'"seq":%d' % (seq - 1))
        database.execute(
            "UPDATE ledger_entry SET seq = %s, body = %s, leaf = %s WHERE log = %s AND seq = %s",
            [seq - 1, body, leaf_hash(body), CLINIC, seq],
        )


def cuts_off_the_end(database: Database) -> None:
    database.execute("DELETE FROM ledger_entry WHERE log = %s AND seq >= 5", [CLINIC])


def cuts_off_the_end_with_its_seal(database: Database) -> None:
    cuts_off_the_end(database)
    database.execute("DELETE FROM seal WHERE log = %s AND size = 6", [CLINIC])


def swaps_two_entries(database: Database) -> None:
    fourth, seventh = (bodies(database)[seq] for seq in (4, 7))
    write(database, 4, seventh)
    write(database, 7, fourth)


def inserts_an_entry_of_last_year(database: Database) -> None:
    last = bodies(database)[-1]
    at = re.search(rb'"at":"(\d+)', last)
    assert at is not None
    body = last.replace(at[0], b'"at":"2019').replace(b'"seq":7', b'"seq":8')
    body = re.sub(rb'"prev":"[0-9a-f]*"', b'"prev":"%s"' % leaf_hash(last).hex().encode(), body)
    database.execute("INSERT INTO ledger_entry VALUES (%s, 8, %s, %s)", [CLINIC, body, leaf_hash(body)])


def empties_the_log(database: Database) -> None:
    database.execute("DELETE FROM ledger_entry WHERE log = %s", [CLINIC])


def overwrites_an_entry(database: Database) -> None:
    write(database, 4, b"not json")


def writes_an_entry_in_another_form(database: Database) -> None:
    write(database, 7, bodies(database)[7].replace(b'","', b'", "', 1))


def appends_a_byte(database: Database) -> None:
    database.execute("UPDATE ledger_entry SET body = body || ' '::bytea WHERE log = %s AND seq = 4", [CLINIC])


def takes_an_entry_of_another_clinic(database: Database) -> None:
    row = database.execute("SELECT body FROM ledger_entry WHERE log = 'oak' AND seq = 0").fetchone()
    assert row is not None
    write(database, 0, bytes(row[0]))  # type: ignore[arg-type]


def deletes_a_seal(database: Database) -> None:
    database.execute("DELETE FROM seal WHERE log = %s AND size = 3", [CLINIC])


def takes_the_seal_of_another_clinic(database: Database) -> None:
    database.execute(
        "UPDATE seal SET note = (SELECT note FROM seal WHERE log = 'oak') WHERE log = %s AND size = 3", [CLINIC]
    )


def seals_with_another_key(database: Database) -> None:
    row = database.execute("SELECT note FROM seal WHERE log = %s AND size = 6", [CLINIC]).fetchone()
    assert row is not None
    note = Checkpoint.of(str(row[0])).signed(Ed25519PrivateKey.generate())
    database.execute("UPDATE seal SET note = %s WHERE log = %s AND size = 6", [note, CLINIC])


def forks_the_history_and_seals_it_anew(database: Database) -> None:
    forks_the_history(database)
    frontier = Frontier()
    for body in bodies(database)[:6]:
        frontier.add(leaf_hash(body))
    note = Checkpoint(CLINIC, 6, frontier.root(), "2026-11-26T08:00:00.000000Z").signed(Ed25519PrivateKey.generate())
    database.execute("UPDATE seal SET note = %s WHERE log = %s AND size = 6", [note, CLINIC])


def changes_what_a_seal_says(database: Database) -> None:
    database.execute(
        "UPDATE seal SET note = replace(note, 'sealed 20', 'sealed 19') WHERE log = %s AND size = 6", [CLINIC]
    )


def tears_a_seal(database: Database) -> None:
    database.execute("UPDATE seal SET note = left(note, 40) WHERE log = %s AND size = 6", [CLINIC])


def answers_twice_in_the_ledger(database: Database) -> None:
    last, again = bodies(database)[-1], bodies(database)[5]
    body = again.replace(b'"seq":5', b'"seq":8')
    body = re.sub(rb'"prev":"[0-9a-f]*"', b'"prev":"%s"' % leaf_hash(last).hex().encode(), body)
    at = re.search(rb'"at":"[^"]*"', last)
    assert at is not None
    body = re.sub(rb'"at":"[^"]*"', at[0], body)
    database.execute("INSERT INTO ledger_entry VALUES (%s, 8, %s, %s)", [CLINIC, body, leaf_hash(body)])


def deletes_an_answer(database: Database) -> None:
    database.execute("DELETE FROM answer WHERE by_id = 'maple-grove/theo'")


def changes_what_was_chosen(database: Database) -> None:
    database.execute("UPDATE answer SET choice = 'changed' WHERE by_id = 'maple-grove/theo'")


def changes_who_answered(database: Database) -> None:
    database.execute("UPDATE answer SET by_id = 'maple-grove/omar' WHERE by_id = 'maple-grove/theo'")


def changes_a_reason(database: Database) -> None:
    database.execute("UPDATE answer SET reason = 'I was told to.' WHERE by_id = 'maple-grove/theo'")


def answers_about_another_text(database: Database) -> None:
    database.execute("UPDATE answer SET shown_sha256 = repeat('0', 64) WHERE by_id = 'maple-grove/theo'")


def puts_an_answer_in(database: Database) -> None:
    database.execute(
        "INSERT INTO request SELECT 'forged', cycle_key, 'forged', clinic, asked_id, holder_id, title, question, tier,"
        " document_sha256, asked_at, asked_on, due_on, ladder, next_rung_at, not_before, state, delivery, closed_at,"
        " closed_because FROM request LIMIT 1"
    )
    columns = "choice, reason, reason_salt, handed_in_sha256, picked_id, by_id, for_id, answered_at, days_late, tier, shown_sha256, link_id"
    database.execute(f"INSERT INTO answer (request_id, {columns}) SELECT 'forged', {columns} FROM answer LIMIT 1")  # type: ignore[arg-type]  # noqa: S608


def changes_a_document(database: Database) -> None:
    database.execute("UPDATE document SET text = text || 'And one thing more.'")


MISFIT = "it does not follow the entry before it: that one, or this one, is not what was written there"
NOT_SEALED = "the 6 entries up to this one are not those that were sealed at …"
TAMPERING: list[tuple[Callable[[Database], None], list[tuple[int | None, str]]]] = [
    (edits_a_body, [(4, "the body does not match its hash: it was edited"), (5, NOT_SEALED)]),
    (edits_a_body_and_its_hash, [(5, MISFIT), (5, NOT_SEALED)]),
    (forks_the_history, [(5, NOT_SEALED)]),
    (deletes_an_entry, [(5, "entry 4 is missing before this one"), (6, NOT_SEALED)]),
    (deletes_two_entries, [(5, "entry 3 to 4 are missing before this one"), (7, NOT_SEALED)]),
    (deletes_an_entry_and_closes_the_gap, [(4, MISFIT), (5, MISFIT), (5, NOT_SEALED), (6, MISFIT)]),
    (cuts_off_the_end, [(None, "6 entries were sealed at …, and 5 are left: the end was cut off"), (None, "the answer to … is told of in no entry: it was put in")]),
    (cuts_off_the_end_with_its_seal, [(None, "the answer to … is told of in no entry: it was put in")]),
    (swaps_two_entries, [(4, "its seq is 7 where 4 belongs"), (4, MISFIT), (5, MISFIT), (5, "it is dated …, before the entry it follows (…)"), (5, NOT_SEALED), (6, "it is dated …"), (7, "its seq is 4 where 7 belongs"), (7, MISFIT), (7, "it is dated …")]),
    (inserts_an_entry_of_last_year, [(8, "it is dated 2019…, before the entry it follows (…)")]),
    (empties_the_log, [(None, "3 entries were sealed at …, and 0 are left: the end was cut off"), (None, "6 entries were sealed at …, and 0 are left: the end was cut off"), (None, "the log is empty, and the clinic is there: its entries are gone"), (None, "the answer to … is told of in no entry: it was put in"), (None, "the answer to … is told of in no entry: it was put in")]),
    (overwrites_an_entry, [(4, "the body cannot be read: it was overwritten"), (5, MISFIT), (5, NOT_SEALED)]),
    (writes_an_entry_in_another_form, [(7, "the body is not canonical JSON: it was written again by something else")]),
    (appends_a_byte, [(4, "the body does not match its hash: it was edited"), (4, "the body is not canonical JSON: it was written again by something else"), (5, NOT_SEALED)]),
    (takes_an_entry_of_another_clinic, [(0, "its log is 'oak' where 'maple-grove' belongs"), (1, MISFIT), (1, "it is dated …"), (2, "it is dated …"), (2, "the 3 entries up to this one are not those that were sealed at …"), (3, "it is dated …"), (4, "it is dated …"), (5, "it is dated …"), (6, "it is dated …"), (7, "it is dated …"), (None, "1 later seal over the same entries cannot hold either")]),
    (deletes_a_seal, [(3, "the seal over 3 entries, of which this entry tells, is gone")]),
    (takes_the_seal_of_another_clinic, [(2, "in place of the seal over 3 entries stands one over 1 of oak")]),
    (seals_with_another_key, [(5, "the seal over 6 entries cannot be believed: The seal was signed with a key that this record does not know.")]),
    (forks_the_history_and_seals_it_anew, [(5, "the seal over 6 entries cannot be believed: The seal was signed with a key that this record does not know.")]),
    (changes_what_a_seal_says, [(5, "the seal over 6 entries cannot be believed: The seal's signature does not fit its text: one of the two was changed.")]),
    (tears_a_seal, [(5, "the seal over 6 entries cannot be believed: This is not a seal of Wellkept's.")]),
    (answers_twice_in_the_ledger, [(8, "the answer to … is told of twice, first in entry 5")]),
    (deletes_an_answer, [(5, "the answer to …, of which this entry tells, is gone")]),
    (changes_what_was_chosen, [(5, "the answer this entry tells of was changed: its choice")]),
    (changes_who_answered, [(5, "the answer this entry tells of was changed: its by")]),
    (changes_a_reason, [(5, "the answer this entry tells of was changed: its reason")]),
    (answers_about_another_text, [(5, "the answer this entry tells of was changed: its shown_sha256")]),
    (puts_an_answer_in, [(None, "the answer to forged is told of in no entry: it was put in")]),
    (changes_a_document, [(None, "the document … is not the text that has this hash: it was changed")]),
]  # fmt: skip


def test_a_record_nobody_touched_is_whole(answered: list[str]):
    assert found() == []
    with snapshot() as session:
        assert [seal.size for seal in seals(session, CLINIC)] == [3, 6]
        assert ledger.count(session, CLINIC) == 8


@pytest.mark.parametrize(("tamper", "expected"), TAMPERING, ids=[tamper.__name__ for tamper, _ in TAMPERING])
def test_tampering_is_found(
    answered: list[str],
    store: str,
    tamper: Callable[[Database], None],
    expected: list[tuple[int | None, str]],
):
    with as_owner(store) as database:
        tamper(database)
    told = found()
    assert [finding.seq for finding in told] == [seq for seq, _ in expected], told
    for finding, (_, words) in zip(told, expected, strict=True):
        pattern = re.escape(words).replace("…", ".+")
        assert re.fullmatch(pattern, finding.problem), finding


def test_what_was_cut_off_before_anybody_else_held_a_seal_shows_against_a_seal_from_outside(
    answered: list[str], store: str
):
    with snapshot() as session:
        (_, outside) = seals(session, CLINIC)
    checkpoint = Checkpoint.of(outside.note)
    with as_owner(store) as database:
        cuts_off_the_end_with_its_seal(database)
        deletes_an_answer(database)
    assert found() == [], "nothing in the database tells of it any more"
    with snapshot() as session:
        assert root_at(session, CLINIC, checkpoint.size) is None
