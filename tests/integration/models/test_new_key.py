"""A new key for seals: the old one signs it, the record tells of it, and neither can be used out of its time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine

from models import ledger, seal_key
from models.audit_record import check_record
from models.checkpoints import Checkpoint, key_id, signers
from models.events import Event
from models.key_change import KeyChange
from models.seal_key import (
    CHAIN_NAME,
    FILE_NAME,
    NEXT_NAME,
    LostKeyError,
    SealKeyError,
    change_seal_key,
    known_keys,
    load_seal_key,
)
from models.sealing import need_seal_key, seals
from models.settings import load_settings
from models.store import snapshot, transaction
from models.tables import Clinic, Seal

pytestmark = pytest.mark.usefixtures("store")
CLINIC, AT = "elm-street", "2027-01-15T12:00:00.000000Z"


@pytest.fixture
def folder() -> Path:
    folder = load_settings().data_dir
    with transaction() as tx:
        tx.session.add(Clinic(slug=CLINIC, name="Elm", time_zone="UTC"))
        tx.record(CLINIC, Event.CLINIC_APPLIED, actor="test")
    return folder


def sealed() -> Seal:
    with transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine")
        tx.seal(CLINIC, actor="test")
    return tx.sealed[CLINIC]


def found(folder: Path) -> list[str]:
    with snapshot() as session:
        return [each.problem for each in check_record(session, CLINIC, known_keys(folder)).findings]


def events() -> list[str]:
    with snapshot() as session:
        return [json.loads(entry.body)["event"] for entry in ledger.entries(session, CLINIC)]


def as_owner(store: str, statement: str, *values: object) -> None:
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE seal DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement, values)
    engine.dispose()


def test_seals_of_the_old_key_and_of_the_new_one_hold(folder: Path):
    sealed()
    old = load_seal_key(folder)
    for _ in range(2):
        change_seal_key(folder, AT)
        sealed()
        sealed()
    assert load_seal_key(folder) is not old
    assert len(known_keys(folder)) == 3
    assert found(folder) == []
    assert events().count("seal:key:changed") == 2
    with snapshot() as session:
        assert len(list(seals(session, CLINIC))) == 5


def test_two_changes_before_the_next_seal_are_both_told_of(folder: Path):
    sealed()
    change_seal_key(folder, AT)
    change_seal_key(folder, AT)
    sealed()
    assert events().count("seal:key:changed") == 2
    assert found(folder) == []


def test_the_first_key_needs_nobody_to_tell_of_it(folder: Path):
    change_seal_key(folder, AT)
    sealed()
    assert events().count("seal:key:changed") == 0
    assert found(folder) == []


def test_a_stolen_old_key_makes_no_seal_any_more(folder: Path, store: str):
    sealed()
    stolen = load_seal_key(folder)
    change_seal_key(folder, AT)
    made = sealed()
    as_owner(store, "UPDATE seal SET note = %s WHERE size = %s", Checkpoint.of(made.note).signed(stolen), made.size)
    assert found(folder) == [f"the seal over {made.size} entries was made with a key that was not in use then"]


def test_a_new_key_makes_no_seal_of_before(folder: Path, store: str):
    first = sealed()
    change_seal_key(folder, AT)
    sealed()
    forged = Checkpoint.of(first.note).signed(load_seal_key(folder))
    as_owner(store, "UPDATE seal SET note = %s WHERE size = %s", forged, first.size)
    assert "the change of the key, of which this entry tells, was not signed by both keys, or is not ours" in found(
        folder
    )


def test_whoever_has_cached_the_key_takes_the_new_one_without_a_restart(folder: Path):
    before = load_seal_key(folder)
    change = change_seal_key(folder, AT)
    assert load_seal_key(folder).public_key().public_bytes_raw().hex() == change.new
    assert load_seal_key(folder) is not before
    made = sealed()
    assert signers(made.note) == {key_id(load_seal_key(folder).public_key())}


@pytest.mark.parametrize("step", ["nothing stated yet", "stated", "all done"])
def test_a_change_that_broke_off_leaves_one_of_both_keys_in_use(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    sealed()
    old = load_seal_key(folder).public_key().public_bytes_raw().hex()
    with monkeypatch.context() as broken:
        if step == "nothing stated yet":
            broken.setattr(seal_key, "changes_in", lambda _: 1 / 0)
        elif step == "stated":
            broken.setattr(seal_key, "_finish_change", lambda _: 1 / 0)
        if step == "all done":
            change_seal_key(folder, AT)
        else:
            with pytest.raises(ZeroDivisionError):
                change_seal_key(folder, AT)
    now = load_seal_key(folder).public_key().public_bytes_raw().hex()
    assert (now == old) == (step == "nothing stated yet")
    sealed()
    assert found(folder) == []
    change_seal_key(folder, AT)
    sealed()
    assert found(folder) == []
    assert not (folder / NEXT_NAME).exists()


@pytest.mark.parametrize("what", ["torn", "a statement forged", "a statement taken out"])
def test_a_chain_that_does_not_hold_is_told_and_believes_nothing(folder: Path, what: str):
    for _ in range(2):
        change_seal_key(folder, AT)
    chain = json.loads((folder / CHAIN_NAME).read_text())
    if what == "a statement forged":
        chain["changes"][0]["old"] = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    elif what == "a statement taken out":
        del chain["changes"][1]
    (folder / CHAIN_NAME).write_text("{" if what == "torn" else json.dumps(chain))
    with pytest.raises(SealKeyError, match=r"seal-keys\.json is broken"):
        known_keys(folder)


def test_a_forged_change_in_the_record_is_found(folder: Path):
    sealed()
    forged = KeyChange.signed(Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), AT)
    with transaction() as tx:
        tx.record(CLINIC, Event.SEAL_KEY_CHANGED, actor="test", **forged.__dict__)
    assert found(folder) == [
        "the change of the key, of which this entry tells, was not signed by both keys, or is not ours"
    ]


def test_the_old_private_key_is_gone(folder: Path):
    before = (load_seal_key(folder), (folder / FILE_NAME).read_bytes())[1]
    change_seal_key(folder, AT)
    assert all(before not in path.read_bytes() for path in folder.iterdir() if path.is_file())


def without_the_key(folder: Path) -> bytes:
    """Lose the key; return what its file held."""
    content = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).unlink()
    return content


def test_without_the_key_what_happens_is_recorded_and_nothing_is_sealed(folder: Path, caplog: pytest.LogCaptureFixture):
    first = sealed()
    without_the_key(folder)
    with transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine")
        tx.seal(CLINIC, actor="test")
    assert (tx.sealed, events()[-1]) == ({}, Event.STEP_DONE)
    assert "The record was not sealed: The last seal of elm-street was made with another key" in caplog.text
    with snapshot() as session:
        assert [seal.note for seal in seals(session, CLINIC)] == [first.note]


def test_rounds_are_told_that_the_key_is_lost(folder: Path):
    sealed()
    without_the_key(folder)
    with transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine")
    with pytest.raises(LostKeyError, match="new-key --lost"), transaction() as tx:
        tx.seal(CLINIC, actor="rounds", key=load_seal_key(folder))
    with snapshot() as session, pytest.raises(LostKeyError):
        need_seal_key(session, [CLINIC], folder)


def test_the_key_that_is_brought_back_goes_on_as_if_nothing_had_been(folder: Path):
    sealed()
    content = without_the_key(folder)
    with transaction() as tx:
        tx.record(CLINIC, Event.STEP_DONE, actor="engine")
        tx.seal(CLINIC, actor="test")
    (folder / FILE_NAME).write_bytes(content)
    assert sealed().size == 5
    assert found(folder) == []


def test_a_key_that_is_lost_for_good_is_told_by_the_record_for_ever(folder: Path):
    for _ in range(3):
        sealed()
    without_the_key(folder)
    with transaction() as tx:
        tx.seal(CLINIC, actor="test", lost=True)
    assert events()[-2:] == [Event.SEAL_KEY_LOST, Event.RECORD_SEALED]
    assert sealed().size == tx.sealed[CLINIC].size + 2
    assert events().count(Event.SEAL_KEY_LOST) == 1
    assert found(folder) == [
        "the seal over 2 entries cannot be believed: The seal was signed with a key that this record does not know.",
        "the key for seals was lost here, as this entry tells: no seal before it proves anything any more",
        "2 later seals cannot be believed either",
    ]


DIES = """
import os, sys
from pathlib import Path
from models.seal_key import change_seal_key

folder, steps = Path(sys.argv[1]), int(sys.argv[2])

def die_at_step(event, arguments):
    global steps
    if event in {"open", "os.link", "os.rename", "os.remove"} and str(folder) in str(arguments[0]):
        steps -= 1
        if steps == 0:
            os._exit(9)

sys.addaudithook(die_at_step)
change_seal_key(folder, "2027-01-15T12:00:00.000000Z")
"""
"""Changes the key and dies before so many steps of it that touch a file."""


def test_a_crash_before_any_step_of_the_change_leaves_the_old_key_or_the_new_one(folder: Path, tmp_path: Path):
    died, which, clinic = True, set(), 0
    while died:
        clinic += 1
        place = tmp_path / str(clinic)
        old = load_seal_key(place).public_key()
        done = subprocess.run([sys.executable, "-c", DIES, str(place), str(clinic)], check=False, timeout=60)
        died = done.returncode == 9
        assert died or done.returncode == 0
        now = load_seal_key(place).public_key()
        assert key_id(old) in known_keys(place)
        assert {key_id(now)} <= set(known_keys(place)) <= {key_id(now), key_id(old)}
        which.add(now == old)
        change_seal_key(place, AT)
        assert {key_id(old), key_id(now)} <= set(known_keys(place))
    assert which == {True, False}
    assert clinic > 8
