"""The retention review: what was kept long enough is listed, decided on with a PIN, deleted, and leaves a tombstone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import RaiseException
from sqlalchemy import make_url
from sqlmodel import select

from deployments.testing.practice import Colleague, Practice
from flows.engine import Outcome
from flows.retention_review import retention_review
from models.applying import apply_clinic
from models.audit import Finding
from models.audit_record import check_documents, check_record
from models.binder.binder import gather
from models.binder.scope import Scope
from models.clinic_folder.testing import folder_of, write_folder
from models.documents import hash_of
from models.documents_kept import documents_kept
from models.duties.retention_review import DELETE, KEEP
from models.errors import WellkeptError
from models.events import Event
from models.holds import UnknownHoldError, lift_hold, place_hold
from models.purging import purge
from models.seal_key import known_keys
from models.settings import load_settings
from models.store import reading, snapshot, transaction
from models.tables import Cycle, Document, Tombstone

ANA = Colleague("ana-ruiz", "privacy_official, practice_owner", deputy="ben-cole")
BEN = Colleague("ben-cole", deputy="ana-ruiz")
OLD = "# Doors\n"
TODAY = date(2033, 3, 1)
pytestmark = pytest.mark.usefixtures("offline")


@dataclass(frozen=True)
class Archive(Practice):
    """A practice with an old policy version, and a retention review."""

    @property
    def duty(self) -> str:
        """Return which duty's cycle it has."""
        return "retention-review"

    def replace_policy(self, version: int, effective_on: date, text: str) -> None:
        """Put another version of the policy in force by the folder."""
        policy = self.folder / "policies" / "telehealth.md"
        head = policy.read_text().partition("---\n# ")[0]
        lines = [line for line in head.splitlines() if not line.startswith(("version", "effective_on"))]
        lines += [f"version: {version}", f"effective_on: {effective_on}", "---"]
        policy.write_text("\n".join(lines) + "\n" + text)
        with transaction() as tx:
            apply_clinic(tx, folder_of(self.folder), "test")

    def review(self) -> Outcome | None:
        """Let the cycle look."""
        return self.look(lambda: retention_review.procedure(self.slug, "2026"))  # type: ignore[attr-defined]

    def decide(self, choice: str) -> None:
        """Answer what the review asks, as whoever has it."""
        (request,) = self.requests()
        self.answer(request, choice, "No dispute, audit or investigation needs them.")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return a practice on the first day on which its old version may go: it was in force until 28 February 2027."""
    archive = Archive.of(tmp_path, ANA, BEN, today=TODAY)
    assert isinstance(archive, Archive)
    archive.replace_policy(2, date(2027, 3, 1), "# Doors and windows\n")
    return archive


def text_of(text: str) -> str | None:
    """Return what the store has of a text."""
    with reading() as session:
        row = session.get(Document, hash_of(text))
    return row.text if row else None


def found() -> list[Finding]:
    with snapshot() as session:
        keys = known_keys(load_settings().data_dir)
        return check_record(session, "oak-lane", keys).findings + check_documents(session)


def test_what_was_kept_long_enough_is_deleted_once_that_is_approved(archive: Archive):
    assert archive.review() is None
    (request,) = archive.requests()
    assert (request.title, request.holder_id) == ("decide on the deletion of 1 document", "oak-lane/ana-ruiz")
    with reading() as session:
        listed = session.get_one(Document, request.document_sha256).text
    kept = "kept since 2025-01-05, to be kept until 2033-02-28 (45 CFR 164.316(b)(2)(i), 164.530(j)(2))"
    assert f"- **Telehealth, version 1**, {kept}. SHA-256: `{hash_of(OLD)}`" in listed
    archive.decide(DELETE.value)
    outcome = archive.review()
    assert outcome is not None
    assert outcome.summary == "1 document deleted"
    assert text_of(OLD) == ""
    with reading() as session:
        stone = session.exec(select(Tombstone)).one()
        assert hash_of(OLD) not in {each.sha256 for each in documents_kept(session, "oak-lane")}
    assert (stone.sha256, stone.retain_until) == (hash_of(OLD), date(2033, 2, 28))
    (approved, purged) = archive.events(Event.PURGE_APPROVED, Event.DOCUMENT_PURGED)
    assert approved["list_sha256"] == purged["list_sha256"] == request.document_sha256
    assert found() == []


def test_a_day_before_nothing_is_past_its_retention(tmp_path: Path):
    archive = Archive.of(tmp_path, ANA, BEN, today=date(2033, 2, 28))
    assert isinstance(archive, Archive)
    archive.replace_policy(2, date(2027, 3, 1), "# Doors and windows\n")
    outcome = archive.review()
    assert outcome is not None
    assert outcome.summary == "Nothing is past its retention"
    assert archive.requests() == []


def test_what_is_kept_for_another_year_stays(archive: Archive):
    archive.review()
    archive.decide(KEEP.value)
    outcome = archive.review()
    assert outcome is not None
    assert outcome.summary == "1 document kept, as Ana Ruiz decided"
    assert text_of(OLD) == OLD
    assert found() == []


@pytest.mark.parametrize("policy", [None, "telehealth"])
def test_a_hold_keeps_what_is_past_its_retention(archive: Archive, policy: str | None):
    with transaction() as tx:
        place_hold(tx, "oak-lane", policy, "A complaint.", "test")
    outcome = archive.review()
    assert outcome is not None
    assert outcome.summary == "Nothing is past its retention; 1 document kept by a hold"


def test_a_hold_that_comes_after_the_approval_spares_what_it_covers(archive: Archive):
    archive.review()
    archive.decide(DELETE.value)
    with transaction() as tx:
        place_hold(tx, "oak-lane", "telehealth", "A complaint.", "test")
    outcome = archive.review()
    assert outcome is not None
    assert outcome.summary == "0 documents deleted, 1 spared because they are needed or held by now"
    assert text_of(OLD) == OLD
    assert found() == []


def test_a_hold_that_was_lifted_keeps_nothing_and_is_not_lifted_twice(archive: Archive):
    with transaction() as tx:
        hold = place_hold(tx, "oak-lane", None, "A complaint.", "test")
    with transaction() as tx:
        lift_hold(tx, hold.id, "Settled.", "test")
    with pytest.raises(UnknownHoldError), transaction() as tx:
        lift_hold(tx, hold.id, "Settled.", "test")
    assert archive.review() is None
    assert len(archive.requests()) == 1
    placed, lifted = archive.events(Event.HOLD_PLACED, Event.HOLD_LIFTED)
    assert "complaint" not in str(placed) + str(lifted)


def test_what_another_clinic_keeps_stays_for_it(archive: Archive, tmp_path: Path):
    written = tmp_path / "sister"
    written.mkdir()
    yaml = (tmp_path / "clinic.yaml").read_text().replace("oak-lane", "elm-lane")
    policy = (tmp_path / "policies" / "telehealth.md").read_text().replace("# Doors and windows\n", OLD)
    with transaction() as tx:
        apply_clinic(tx, folder_of(write_folder(written, yaml, policy)), "test")
    archive.review()
    archive.decide(DELETE.value)
    archive.review()
    assert text_of(OLD) == OLD
    with reading() as session:
        assert session.exec(select(Tombstone.clinic)).all() == ["oak-lane"]
    assert found() == []


def test_a_text_that_was_deleted_comes_back_when_it_is_put_in_force_again(archive: Archive):
    archive.review()
    archive.decide(DELETE.value)
    archive.review()
    archive.replace_policy(3, date(2026, 1, 1), OLD)
    assert text_of(OLD) == OLD
    with reading() as session:
        (kept,) = (each for each in documents_kept(session, "oak-lane") if each.sha256 == hash_of(OLD))
    assert kept.until is None
    assert found() == []


def test_nobody_purges_without_an_approval(archive: Archive):
    archive.review()
    (request,) = archive.requests()
    archive.decide(KEEP.value)
    with pytest.raises(WellkeptError, match="Nobody has approved"), transaction() as tx:
        purge(tx, tx.session.get_one(Cycle, archive.cycle_key), request.id, [hash_of(OLD)], {})
    assert text_of(OLD) == OLD


Database = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def database(store: str) -> Iterator[Database]:
    url = make_url(store).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET text = ''",
        "UPDATE document SET text = 'Something else.'",
        "UPDATE document SET stored_at = now()",
        "DELETE FROM document",
        "TRUNCATE document CASCADE",
    ],
)
def test_the_database_lets_no_text_go_without_a_tombstone(archive: Archive, database: Database, statement: str):
    assert archive.review() is None
    with pytest.raises(RaiseException, match=r"is refused on|append-only"):
        database.execute(statement)  # type: ignore[call-overload]


def blanks_another(database: Database) -> None:
    database.execute("UPDATE document SET text = '' WHERE text LIKE '# Doors and%'")


def takes_the_tombstone(database: Database) -> None:
    database.execute("DELETE FROM tombstone")


def puts_in_a_tombstone(database: Database) -> None:
    database.execute("UPDATE document SET text = '' WHERE text LIKE '# Doors and%'")
    database.execute(
        "INSERT INTO tombstone SELECT clinic, (SELECT sha256 FROM policyversion WHERE number = 2), request_id, "
        "list_sha256, retain_until, purged_at FROM tombstone"
    )


def changes_the_tombstone(database: Database) -> None:
    database.execute("UPDATE tombstone SET retain_until = '2030-01-01'")


def changes_the_list(database: Database) -> None:
    database.execute(
        "UPDATE document SET text = replace(text, %s, %s) WHERE text LIKE '# What may%%'", [hash_of(OLD), "0" * 64]
    )


NEW = hash_of("# Doors and windows\n")
KINDS: list[tuple[Callable[[Database], None], list[str]]] = [
    (blanks_another, [f"the text of Telehealth, version 2 ({NEW}) is gone, and nobody", f"the document {NEW} is not"]),
    (takes_the_tombstone, ["has no tombstone: it was taken away", "and nobody approved", "it was changed"]),
    (puts_in_a_tombstone, [f"the tombstone of {NEW} is told of in no entry: it was put in"]),
    (changes_the_tombstone, ["is not as this entry tells: it was changed"]),
    (changes_the_list, ["was on no list that anybody approved", "it was changed"]),
]


@pytest.mark.parametrize(("tamper", "expected"), KINDS)
def test_tampering_with_purges_is_found(
    archive: Archive, database: Database, tamper: Callable[[Database], None], expected: list[str]
):
    archive.review()
    archive.decide(DELETE.value)
    archive.review()
    assert found() == []
    for table in ("document", "tombstone"):
        database.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[call-overload]
    tamper(database)
    problems = [finding.problem for finding in found()]
    assert len(problems) == len(expected), problems
    assert all(any(words in problem for problem in problems) for words in expected), problems


def test_a_binder_says_that_a_policys_text_was_deleted_and_by_whom(archive: Archive):
    archive.review()
    archive.decide(DELETE.value)
    archive.review()
    scope = Scope("oak-lane", "America/New_York", date(2026, 1, 1), TODAY)
    with snapshot() as session:
        binder = gather(session, scope)
    (gap,) = (each.what for each in binder.gaps if "deleted" in each.what)
    assert gap.startswith("Telehealth, version 1: its text was deleted after its retention")
    (row,) = next(sheet.rows for sheet in binder.sheets if sheet.name == "deleted-documents")
    assert (row[:2], row[3:5]) == (("Telehealth, version 1", "2033-02-28"), ("Ana Ruiz", hash_of(OLD)))
    assert [path for path in binder.files if path.startswith("documents/")] == ["documents/telehealth-version-2.md"]
