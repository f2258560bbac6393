"""The command line against a real store: what it says, what it changes, and how it refuses."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, text
from sqlmodel import select

from deployments.cli import main
from deployments.demo_clinic import demo_clinic_path
from models import clock
from models.applying import apply_clinic
from models.checkpoints import Checkpoint
from models.clinic_folder import read_clinic_folder
from models.events import Event
from models.seal_key import load_seal_key
from models.settings import load_settings
from models.store import reading, transaction
from models.store_kind import mark_kind
from models.tables import Clinic, Cycle, DemoClock, Leave, Person

CLINIC = "maple-grove"
DANA = "maple-grove/dana-whitfield"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a way to call `wellkept` on a store with the demo clinic: exit code, and all it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WELLKEPT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("WELLKEPT_DATABASE_URL", store)
    load_settings.cache_clear()
    with transaction() as tx:
        apply_clinic(tx, read_clinic_folder(demo_clinic_path()).need(), "test")

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return call


def test_the_demo_clinics_folder_has_no_mistakes(run: Run) -> None:
    assert run("clinics", "check", str(demo_clinic_path())) == (
        0,
        "Maple Grove Counseling: no mistakes; 7 people, 10 policies.\n",
    )


def test_a_broken_folder_is_told_with_file_line_and_remedy(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clinic.yaml").write_text("slug: Maple Grove\nname: M\ntime_zone: New York\n")
    code, said = run("clinics", "check", str(tmp_path))
    assert code == 1
    assert "clinic.yaml:1: " in said
    assert "clinic.yaml:3: " in said
    assert "Nothing was changed." in said
    code, said = run("clinics", "check", str(tmp_path), "--json")
    assert {"file", "line", "problem", "remedy"} == set(json.loads(said)[0])


def test_clinics_and_people_are_listed(run: Run) -> None:
    assert "Maple Grove Counseling" in run("clinics", "list")[1]
    assert "dana@maple-grove.example" in run("clinics", "list", "--people")[1]
    (clinic,) = json.loads(run("clinics", "list", "--json")[1])
    assert len(clinic["people"]) == 7


def test_a_cycle_is_started_once_listed_and_shown(run: Run) -> None:
    start = ("cycles", "start", "policy-review", "--clinic", CLINIC, "--period", "2027")
    assert "maple-grove/policy-review/2027 begins, due on" in run(*start)[1]
    assert "is there already" in run(*start)[1]
    (listed,) = json.loads(run("cycles", "list", "--json")[1])
    assert (listed["key"], listed["wake_wanted_at"] is not None) == ("maple-grove/policy-review/2027", True)
    assert "about to start" in run("cycles", "show", "maple-grove/policy-review/2027")[1]
    assert "maple-grove/policy-review/2027" in run("status")[1]


def test_a_closed_cycle_is_listed_only_when_all_are_wanted(run: Run) -> None:
    run("cycles", "start", "policy-review", "--clinic", CLINIC, "--period", "2027")
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, "maple-grove/policy-review/2027")
        cycle.began_at, cycle.closed_at = datetime(2027, 1, 16, 1, tzinfo=UTC), datetime(2027, 3, 17, 1, tzinfo=UTC)
    assert "No cycle is open" in run("cycles", "list")[1]
    listed = run("cycles", "list", "--all")[1]  # both at nine in the evening in New York
    assert "2027-01-15" in listed
    assert "closed on 2027-03-16" in listed


LEAVE = ("people", "leave", "maple-grove/omar-haddad", "--from", "2027-03-01", "--to", "2027-03-05")


def test_leave_is_noted_with_who_covers_and_taken_back(run: Run) -> None:
    assert "Omar Haddad is away from 2027-03-01 to 2027-03-05; Dana Whitfield covers." in run(*LEAVE)[1]
    with reading() as session:
        found = session.exec(select(Leave).where(Leave.person_id == "maple-grove/omar-haddad")).one()
        assert (found.first_day, found.last_day) == (date(2027, 3, 1), date(2027, 3, 5))
    assert "already away" in run(*LEAVE)[1]
    assert run(*LEAVE, "--remove")[0] == 0
    assert "has no leave" in run(*LEAVE, "--remove")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cycles", "show", "maple-grove/policy-review/1999"), "There is no cycle called"),
        (
            ("cycles", "start", "dusting", "--clinic", CLINIC),
            "Known: access, accounting, amendment, breach-list, denial-review, incident, policy-review, restriction, retention-review, third-party.",
        ),
        (("cycles", "start", "policy-review", "--clinic", "elm"), "wellkept clinics list"),
        (("cycles", "start", "policy-review", "--clinic", CLINIC, "--period", "a/b"), "is no period"),
        (("people", "leave", "maple-grove/nobody", "--from", "2027-03-01", "--to", "2027-03-05"), "There is nobody"),
        (("people", "leave", DANA, "--from", "2027-03-05", "--to", "2027-03-01"), "2027-03-01 is before 2027-03-05."),
        (("people", "leave", DANA, "--from", "March", "--to", "2027-03-01"), "is no day of the calendar"),
        (("people", "pin", DANA, "--demo-random"), "does not hold a demo store"),
        (("rounds", "--clinic", CLINIC, "--as-of", "2027-03-01"), "does not hold a demo store"),
        (("rounds", "--clinic", "elm"), "There is no clinic called"),
        (("ladder", "preview", "policy-review", "--clinic", CLINIC, "--start", "soon"), "Write year-month-day"),
        (("audit", "verify", "--clinic", "elm"), "There is no clinic called"),
        (("clinics", "apply", "nowhere"), "There is no such folder"),
    ],
)
def test_what_cannot_be_done_is_told_in_words_with_a_remedy(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, said = run(*arguments)
    assert code == 1
    assert words in said
    assert "Traceback" not in said


def test_a_pin_is_typed_twice_and_never_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "typer.prompt", lambda *_words, hide_input, confirmation_prompt: "839174" * hide_input * confirmation_prompt
    )
    code, said = run("people", "pin", DANA)
    assert (code, "839174" in said) == (0, False)
    with reading() as session:
        assert session.get_one(Person, DANA).pin_hash is not None


def test_a_demo_moves_its_clock_forward_and_never_back(run: Run, tmp_path: Path) -> None:
    mark_kind(tmp_path / "data", demo=True)
    with transaction() as tx:
        tx.session.add(DemoClock(offset_seconds=int(timedelta(days=40).total_seconds())))
    with reading():
        stands_on = clock.today("America/New_York")
    code, said = run("rounds", "--clinic", CLINIC, "--as-of", str(stands_on - timedelta(days=1)))
    assert code == 1
    assert f"The demo stands on {stands_on}" in said


def test_the_ladder_is_shown_with_real_days_names_and_cover(run: Run) -> None:
    preview = ("ladder", "preview", "policy-review", "--clinic", CLINIC, "--start", "2027-01-15")
    mails = json.loads(run(*preview, "--json")[1])
    reviews = [mail for mail in mails if mail["phase"] == "review" and mail["asked"] == "Ruth Castellano"]
    assert [(mail["day"], mail["rung"], mail["told"]) for mail in reviews] == [
        ("2027-01-15", "ask", "Ruth Castellano"),
        ("2027-02-11", "remind, 30 days before", "Priya Raman"),  # Ruth is away until the 26th
        ("2027-03-02", "remind, 14 days before", "Ruth Castellano"),
        ("2027-03-09", "remind, 7 days before", "Ruth Castellano"),
        ("2027-03-15", "remind, 1 day before", "Ruth Castellano"),
        ("2027-03-16", "remind, on the due date", "Ruth Castellano"),
        ("2027-03-17", "escalate, 1 day late", "Priya Raman"),
        ("2027-03-23", "escalate, 7 days late", "Dana Whitfield"),
        ("2027-03-30", "escalate, 14 days late", "Eleanor Marsh, PhD"),
        ("2027-04-15", "exception, 30 days late", "Eleanor Marsh, PhD"),
    ]
    assert "Thu 2027-04-15" in run(*preview)[1]


def test_the_retention_reviews_ladder_names_the_privacy_official(run: Run) -> None:
    preview = ("ladder", "preview", "retention-review", "--clinic", CLINIC, "--start", "2027-03-01")
    mails = json.loads(run(*preview, "--json")[1])
    assert {(mail["phase"], mail["asked"]) for mail in mails} == {("approval", "Dana Whitfield")}
    assert [(mail["day"], mail["told"]) for mail in mails][:3] == [
        ("2027-03-01", "Dana Whitfield"),
        ("2027-03-17", "Dana Whitfield"),
        ("2027-03-24", "Dana Whitfield"),
    ]


def test_a_whole_record_verifies_and_an_edited_one_does_not(run: Run, store: str) -> None:
    code, said = run("audit", "verify", "--without-prefect")
    assert (code, "as written" in said) == (0, True)
    assert "maple-grove: complete and unchanged since" in said
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER ledger_is_append_only ON ledger_entry"))
        connection.execute(
            text(
                "UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), 'test', 'tent'), 'UTF8')"
            )
        )
    engine.dispose()
    code, said = run("audit", "verify", "--json", "--without-prefect")
    (verdict,) = json.loads(said)
    assert (code, verdict["whole"]) == (1, False)
    assert "it was edited" in verdict["findings"][0]["problem"]


def test_that_prefect_could_not_be_asked_is_a_finding(run: Run) -> None:
    code, said = run("audit", "verify")
    assert code == 1
    assert "so it was not compared; `--without-prefect` leaves it out" in said
    assert "complete and unchanged" not in said


def test_a_seal_from_outside_tells_whether_the_past_was_rewritten_or_cut_off(
    run: Run, store: str, tmp_path: Path
) -> None:
    key, file = load_seal_key(tmp_path / "data"), tmp_path / "maple-grove.seal"
    with transaction() as tx:
        tx.seal(CLINIC, actor="test", key=key)
    file.write_text(tx.sealed[CLINIC].note)
    compare = ("audit", "compare", str(file))
    assert run(*compare)[0] == 0
    assert "The record still holds" in run(*compare)[1]
    assert run("audit", "verify", "--without-prefect")[0] == 0
    as_owner(
        store, "UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), 'test', 'tent'), 'UTF8')"
    )
    assert (run(*compare)[0], "The past was rewritten" in run(*compare)[1]) == (1, True)
    as_owner(store, "DELETE FROM ledger_entry")
    assert (run(*compare)[0], "The end was cut off" in run(*compare)[1]) == (1, True)
    file.write_text(Checkpoint.of(tx.sealed[CLINIC].note).signed(Ed25519PrivateKey.generate()))
    assert (run(*compare)[0], "a key that this record does not know" in run(*compare)[1]) == (1, True)


def test_a_folder_of_seals_is_compared_one_by_one(run: Run, tmp_path: Path) -> None:
    key, folder = load_seal_key(tmp_path / "data"), tmp_path / "seals"
    folder.mkdir()
    for number in range(2):
        with transaction() as tx:
            tx.record(CLINIC, Event.STEP_DONE, actor="test")
            tx.seal(CLINIC, actor="test", key=key)
        (folder / f"{number}.seal").write_text(tx.sealed[CLINIC].note)
    assert run("audit", "compare", str(folder))[0] == 0
    assert run("audit", "compare", str(folder))[1].count("The record still holds the") == 2
    last = Checkpoint.of(tx.sealed[CLINIC].note)
    (folder / "2.seal").write_text(Checkpoint(CLINIC, last.size, b"x" * 32, last.at).signed(key))
    (folder / "3.seal").write_text(Checkpoint("elsewhere", 5, b"x" * 32, last.at).signed(key))
    code, said = run("audit", "compare", str(folder), "--json")
    standings = [each["standing"] for each in json.loads(said)]
    assert (code, standings) == (1, ["holds", "holds", "rewritten", "not here", "two histories"])
    said = run("audit", "compare", str(folder))[1]
    assert f"Two seals over the first {last.size} entries of maple-grove differ" in said
    assert "There is no clinic called elsewhere here, so nothing is left of the 5 entries of elsewhere" in said


def as_owner(url: str, statement: str) -> None:
    """Do what the database's owner could do: switch the triggers off first."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ALL"))
        connection.execute(text(statement))
    engine.dispose()


def test_a_log_that_is_gone_as_a_whole_is_a_finding(run: Run, store: str) -> None:
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ALL"))
        connection.execute(text("TRUNCATE ledger_entry"))
    engine.dispose()
    code, said = run("audit", "verify")
    assert code == 1
    assert "its entries are gone" in said


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE seal DISABLE TRIGGER seals_are_append_only",
        "DROP TRIGGER copies_are_never_emptied ON history_copy",
        "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
        "DROP TRIGGER tombstones_are_append_only ON tombstone",
        "ALTER TABLE document DISABLE TRIGGER documents_are_never_changed",
    ],
)
def test_the_doctor_tells_when_nothing_refuses_changes_to_the_record(run: Run, store: str, statement: str) -> None:
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    found = {result["check"]: result for result in json.loads(run("doctor", "--json")[1])}
    guarded = {"seal", "history_copy", "ledger_entry", "tombstone", "document"}
    table = next(word for word in statement.split() if word in guarded)
    assert (found["append-only"]["well"], found["append-only"]["found"]) == (
        False,
        f"nothing refuses changes to {table}",
    )


@pytest.mark.parametrize("table", ["seal", "history_copy", "tombstone", "casefact"])
def test_the_doctor_tells_of_a_right_too_many(run: Run, store: str, table: str) -> None:
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT UPDATE ON {table} TO wellkept_app"))
    engine.dispose()
    found = {result["check"]: result for result in json.loads(run("doctor", "--json")[1])}
    assert found["ledger"]["found"] == f"wellkept_app may INSERT, SELECT, UPDATE in {table}"


def test_the_doctor_looks_at_store_ledger_and_engine(run: Run) -> None:
    code, said = run("doctor", "--json")
    found = {result["check"]: result for result in json.loads(said)}
    assert code == 1
    assert found["tables"]["well"]
    assert found["ledger"]["found"] == "wellkept_app may read and add, never change"
    assert found["append-only"]["well"]
    assert found["witness"]["found"].startswith("nobody outside keeps the seals of maple-grove")
    assert "does not answer" in found["Prefect server"]["found"]


def test_a_cycle_that_closed_without_asking_anybody_says_what_it_came_to(run: Run) -> None:
    run("cycles", "start", "retention-review", "--clinic", CLINIC, "--period", "2027")
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, "maple-grove/retention-review/2027")
        cycle.closed_at, cycle.outcome = clock.now(), {"summary": "Nothing is past its retention", "exceptions": []}
    code, said = run("cycles", "show", "maple-grove/retention-review/2027")
    assert (code, "; nobody was asked anything\n\nNothing is past its retention.\n" in said) == (0, True)


def test_documents_are_listed_with_the_day_until_which_they_are_kept(run: Run) -> None:
    rows = json.loads(run("retention", "list", "--clinic", CLINIC, "--json")[1])
    assert len(rows) == 10
    assert {row["until"] for row in rows} == {None}, "all are in force"
    code, said = run("retention", "list", "--clinic", CLINIC)
    assert (code, "10 documents, 0 of them free to go. Nothing goes by itself" in said) == (0, True)


def test_a_hold_is_placed_listed_and_lifted(run: Run) -> None:
    about = ("--clinic", CLINIC)
    assert run("retention", "holds", *about) == (0, "No hold is in place.\n")
    code, said = run("retention", "hold", *about, "--policy", "telehealth", "--reason", "A complaint.")
    assert (code, said.startswith("Hold maple-grove/1 is on the policy telehealth.")) == (0, True)
    (hold,) = json.loads(run("retention", "holds", *about, "--json")[1])
    assert (hold["policy_id"], hold["reason"]) == ("maple-grove/telehealth", "A complaint.")
    held = [row["what"] for row in json.loads(run("retention", "list", *about, "--json")[1]) if row["held"]]
    assert held == ["Telehealth, version 2"]
    assert run("retention", "lift", "maple-grove/1", "--reason", "Settled.")[0] == 0
    assert run("retention", "holds", *about) == (0, "No hold is in place.\n")
    assert run("audit", "verify", "--without-prefect")[0] == 0


def test_clocks_are_told_in_words_and_as_json(run: Run) -> None:
    code, said = run("clock", "access", "--received", "2027-01-30", "--state", "OH")
    assert (code, "Access governs: due on Monday, 1 March 2027; act by Monday, 1 March 2027." in said) == (0, True)
    assert "No rule of OH is known here. That is no proof that there is none." in said
    told = json.loads(
        run("clock", "access", "--received", "2027-01-30", "--state", "CA", "--kind", "copy", "--json")[1]
    )
    assert [clock["due_on"] for clock in told["clocks"]] == ["2027-03-01", "2027-02-14"]
    assert told["governs"] == {
        "clock": "CA copy",
        "cite": "Cal. H&S 123110(b)",
        "due_on": "2027-02-14",
        "act_by": "2027-02-12",
        "basis": "15 calendar days after receipt on 30 January 2027",
        "verified": "S",
    }
    extended = ("--extended-on", "2027-03-01", "--promised", "2027-03-20")
    assert "due on Saturday, 20 March 2027" in run("clock", "access", "--received", "2027-01-30", *extended)[1]
    assert "TX training governs" in run("clock", "training", "--hired", "2026-12-07", "--state", "TX")[1]
    assert "Looks back to: Monday, 28 February 2022." in run("clock", "accounting", "--received", "2028-02-29")[1]
    assert "due on Wednesday, 1 March 2034" in run("clock", "retention", "--created", "2028-02-29")[1]
    assert "2027-02-28" in run("clock", "cadence", "--anchor", "2027-01-31", "--months", "1")[1]


def test_the_doctor_tells_of_a_witness_who_is_inside(run: Run) -> None:
    with transaction() as tx:
        tx.session.get_one(Clinic, CLINIC).witness = "keeper@Maple-Grove.example"
    found = {result["check"]: result for result in json.loads(run("doctor", "--json")[1])}
    assert (found["witness"]["well"], "Name somebody outside" in found["witness"]["remedy"]) == (False, True)


def test_the_doctor_tells_that_the_key_for_seals_is_not_the_one_the_record_has(run: Run, tmp_path: Path) -> None:
    with transaction() as tx:
        tx.seal(CLINIC, actor="test", key=load_seal_key(tmp_path / "data"))
    found = {result["check"]: result for result in json.loads(run("doctor", "--json")[1])}
    assert found["key for seals"]["well"]
    (tmp_path / "data" / "seal-key.pem").unlink()
    load_seal_key(tmp_path / "data")
    found = {result["check"]: result for result in json.loads(run("doctor", "--json")[1])}
    assert found["key for seals"]["found"].startswith("The last seal of maple-grove was made with another key")
    code, said = run("audit", "new-key", "--yes")
    assert (code, "The last seal of maple-grove was made with another key" in said) == (1, True)
    assert run("audit", "new-key", "--yes", "--lost")[0] == 0
    found = {result["check"]: result for result in json.loads(run("doctor", "--json")[1])}
    assert found["key for seals"]["well"]


def test_the_doctor_finds_an_open_cycle_whose_duty_the_code_no_longer_has(run: Run) -> None:
    about: dict[str, Any] = {
        "clinic": CLINIC,
        "duty": "dusting",
        "period": "2027",
        "due_on": date(2027, 1, 1),
        "code_version": "0",
    }
    with transaction() as tx:
        tx.session.add(Cycle(key="maple-grove/dusting/2027", began_at=clock.now(), **about))
    assert "maple-grove/dusting/2027: this code has no such duty" in run("doctor")[1]


def test_the_doctor_finds_that_we_work_as_the_owner(run: Run, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELLKEPT_STORE_URL", store)
    assert "wellkept_owner may INSERT, SELECT, UPDATE, DELETE, TRUNCATE in ledger_entry" in run("doctor")[1]


def test_a_mail_that_is_no_report_changes_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Subject: hello\n\nhello\n")))
    assert run("mail", "bounce") == (0, "This is no delivery report about one of our letters.\n")


VERIFY, COMPARE = ("audit", "verify", "--without-prefect"), ("audit", "compare", "x.seal")


@pytest.mark.parametrize(
    ("table", "command"),
    [
        ("seal", VERIFY),
        ("tombstone", VERIFY),
        ("ledger_entry", VERIFY),
        ("ledger_entry", COMPARE),
        ("clinic", VERIFY),
        ("clinic", COMPARE),
        ("clinic", ("status",)),
    ],
)
def test_a_half_written_database_is_told_in_clear_words(
    run: Run, store: str, tmp_path: Path, table: str, command: tuple[str, ...]
) -> None:
    key = load_seal_key(tmp_path / "data")
    (tmp_path / "x.seal").write_text(Checkpoint(CLINIC, 1, b"x" * 32, "2026-01-01T00:00:00.000000Z").signed(key))
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {table} CASCADE"))
    engine.dispose()
    code, said = run(*command)
    assert code == 1
    assert f'The store is not whole: relation "{table}" does not exist.' in said
    assert "`wellkept restore FOLDER`" in said
