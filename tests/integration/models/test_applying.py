"""Applying a clinic folder makes the store say what the folder says, once, with one ledger entry."""

import json
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel import SQLModel, select

from models.applying import Applied, OwnerLeftError, SameVersionError, apply_clinic
from models.clinic_folder.testing import CLINIC, POLICY, folder_of, write_folder
from models.documents import text_of
from models.events import Event
from models.ledger import entries
from models.policies import publish_version, version_in_force
from models.store import reading, transaction
from models.tables import Clinic, Leave, Person, Policy, PolicyVersion, Vendor

pytestmark = pytest.mark.usefixtures("store")
Row = TypeVar("Row", bound=SQLModel)
BEN_GONE = CLINIC[: CLINIC.index("  - id: ben-cole")] + CLINIC[CLINIC.index("vendors:") :]
BEN_GONE = BEN_GONE.replace("    deputy: ben-cole\n", "")
NEW_VENDOR = CLINIC.replace("name: Quill", "name: Inkwell")
VERSION_3 = POLICY.replace("version: 2", "version: 3").replace("2026-01-05", "2026-12-01").replace("Close", "Lock")


def apply(root: Path, clinic: str = CLINIC, policy: str = POLICY) -> Applied:
    folder = folder_of(write_folder(root, clinic, policy))
    with transaction() as tx:
        return apply_clinic(tx, folder, "test")


def rows(table: type[Row]) -> list[Row]:
    with reading() as session:
        return list(session.exec(select(table)))


def events() -> list[dict[str, Any]]:
    with reading() as session:
        return [json.loads(row.body) for row in entries(session, "elm-street")]


def test_a_fresh_store_gets_everything_and_one_entry(tmp_path: Path) -> None:
    applied = apply(tmp_path)
    (clinic,) = rows(Clinic)
    assert (clinic.name, clinic.duties) == ("Elm Street Therapy", {"policy-review": {"starts_on": "01-15"}})
    assert {person.id: person.deputy_id for person in rows(Person)} == {
        "elm-street/ana-ruiz": "elm-street/ben-cole",
        "elm-street/ben-cole": "elm-street/ana-ruiz",
    }
    assert [(leave.first_day, leave.last_day) for leave in rows(Leave)] == [(date(2027, 3, 1), date(2027, 3, 5))]
    assert [(vendor.name, vendor.handles_phi) for vendor in rows(Vendor)] == [("Quill", "yes")]
    assert [(version.number, version.replaced_on) for version in rows(PolicyVersion)] == [(2, None)]
    (entry,) = events()
    assert entry["event"] == "clinic:folder:applied"
    facts = entry["facts"]
    assert (facts["sha256"], facts["people"], facts["added"]) == (applied.sha256, 2, len(applied.added))


def test_a_second_time_changes_nothing_and_writes_no_entry(tmp_path: Path) -> None:
    first = apply(tmp_path)
    second = apply(tmp_path)
    assert not second.any
    assert second.sha256 == first.sha256
    assert len(events()) == 1


@pytest.mark.parametrize(
    ("clinic", "policy", "kind", "words"),
    [
        (CLINIC.replace("Elm Street Therapy", "Elm & Oak"), POLICY, "changed", "Elm & Oak: name"),
        (CLINIC.replace("ana@", "ana.ruiz@"), POLICY, "changed", "Ana Ruiz: email"),
        (CLINIC.replace("    roles: [clinician]", "    roles: [counsel]"), POLICY, "changed", "Ben Cole: roles"),
        (CLINIC.replace("2027-03-05", "2027-03-08"), POLICY, "added", "Ana Ruiz: leave from 2027-03-01 to 2027-03-08"),
        (CLINIC.replace("2027-03-05", "2027-03-08"), POLICY, "removed", "Ana Ruiz: leave from 2027-03-01 to 2027-03-05"),
        (NEW_VENDOR, POLICY, "added", "Vendor Inkwell"),
        (NEW_VENDOR, POLICY, "removed", "Vendor Quill"),
        (BEN_GONE, POLICY, "removed", "Ben Cole: no longer works here; the record keeps the name"),
        (CLINIC, POLICY.replace("owner: ana-ruiz", "owner: ben-cole"), "changed", "Telehealth: owner"),
        (CLINIC, VERSION_3, "added", "Telehealth, version 3, in force from 2026-12-01"),
    ],
)  # fmt: skip
def test_what_differs_is_done_and_told_in_words(
    tmp_path: Path, clinic: str, policy: str, kind: str, words: str
) -> None:
    apply(tmp_path)
    applied = apply(tmp_path, clinic, policy)
    assert words in getattr(applied, kind)
    assert len(events()) == 2
    assert not apply(tmp_path, clinic, policy).any


def test_a_person_who_is_gone_stays_in_the_store_and_may_come_back_with_the_same_pin(tmp_path: Path) -> None:
    apply(tmp_path)
    with transaction() as tx:
        tx.session.get_one(Person, "elm-street/ben-cole").pin_hash = "argon"
    apply(tmp_path, BEN_GONE)
    assert {person.slug: person.active for person in rows(Person)} == {"ana-ruiz": True, "ben-cole": False}
    apply(tmp_path)
    assert {person.slug: (person.active, person.pin_hash) for person in rows(Person)}["ben-cole"] == (True, "argon")


def test_a_higher_version_ends_the_one_before_on_its_day(tmp_path: Path) -> None:
    apply(tmp_path)
    apply(tmp_path, policy=VERSION_3)
    before, after = sorted(rows(PolicyVersion), key=lambda version: version.number)
    assert (before.number, before.replaced_on) == (2, date(2026, 12, 1))
    assert (after.number, after.replaced_on) == (3, None)
    with reading() as session:
        assert "Lock the door" in text_of(session, after.sha256)


def test_another_text_under_the_same_number_is_refused_by_file_and_nothing_changes(tmp_path: Path) -> None:
    apply(tmp_path)
    with pytest.raises(SameVersionError, match=r"policies/telehealth\.md.*let the policy review publish"):
        apply(tmp_path, NEW_VENDOR, POLICY.replace("Close", "Lock"))
    assert [vendor.name for vendor in rows(Vendor)] == ["Quill"]
    assert len(events()) == 1


def test_a_version_that_a_review_has_overtaken_is_left_alone_with_a_remark(tmp_path: Path) -> None:
    apply(tmp_path)
    with transaction() as tx:
        digest = rows(PolicyVersion)[0].sha256
        who = {"author_id": "elm-street/ana-ruiz", "approved_by_id": "elm-street/ben-cole"}
        publish_version(tx.session, "elm-street/telehealth", digest, 2, effective_on=date(2026, 6, 1), **who)
    applied = apply(tmp_path)
    assert not applied.any
    assert "version 3 is in force since a review published it" in applied.remarks[0]
    with reading() as session:
        version = version_in_force(session, "elm-street/telehealth")
        assert version is not None
        assert version.number == 3


def test_a_policy_without_a_file_stays_and_its_owner_may_not_be_gone(tmp_path: Path) -> None:
    second = POLICY.replace("Telehealth", "Doors").replace("owner: ana-ruiz", "owner: ben-cole")
    (tmp_path / "policies").mkdir()
    extra = tmp_path / "policies" / "doors.md"
    extra.write_text(second)
    apply(tmp_path)
    extra.unlink()
    assert apply(tmp_path).remarks == ["“Doors” has no file in the folder; it stays in force and is reviewed."]
    with pytest.raises(OwnerLeftError, match="Ben Cole"):
        apply(tmp_path, BEN_GONE)
    assert {policy.slug for policy in rows(Policy)} == {"telehealth", "doors"}


ANA, BEN = "elm-street/ana-ruiz", "elm-street/ben-cole"
IN_THE_RECORD = [
    # what the folder says now, and what the ledger says of that
    (CLINIC.replace("    deputy: ana-ruiz\n", ""), POLICY, {"change": "changed", "person": BEN, "fields": ["deputy_id"], "deputy_id": None}),
    (CLINIC.replace("[clinician]", "[counsel]"), POLICY, {"change": "changed", "person": BEN, "fields": ["roles"], "roles": ["counsel"]}),
    (CLINIC.replace("Ben Cole", "Ben Coleman"), POLICY, {"change": "changed", "person": BEN, "fields": ["name"]}),
    (BEN_GONE, POLICY, {"change": "removed", "person": BEN}),
    (CLINIC.replace("2027-03-05", "2027-03-08"), POLICY, {"change": "added", "person": ANA, "leave": ["2027-03-01", "2027-03-08"]}),
    (CLINIC.replace("service: health record", "service: notes"), POLICY, {"change": "changed", "vendor": "Quill", "fields": ["service"], "service": "notes"}),
    (CLINIC.replace('"07:00"', '"06:30"'), POLICY, {"change": "changed", "clinic": "elm-street", "fields": ["rounds_at"], "rounds_at": "06:30"}),
    (CLINIC, POLICY.replace("owner: ana-ruiz", "owner: ben-cole"), {"change": "changed", "policy": "elm-street/telehealth", "fields": ["owner_id"], "owner_id": BEN}),
    (CLINIC, VERSION_3, {"change": "added", "policy": "elm-street/telehealth", "version": 3, "effective_on": "2026-12-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("clinic", "policy", "said"), IN_THE_RECORD)
def test_the_ledger_says_what_was_changed_and_by_whom(
    tmp_path: Path, clinic: str, policy: str, said: dict[str, object]
) -> None:
    apply(tmp_path)
    apply(tmp_path, clinic, policy)
    assert events()[-1]["actor"] == "test"
    assert said in events()[-1]["facts"]["changes"]


def test_of_an_address_the_ledger_holds_what_proves_it_and_nothing_that_tells_it(tmp_path: Path) -> None:
    apply(tmp_path)
    apply(tmp_path, CLINIC.replace("ana@", "ana.ruiz@"))
    (change,) = events()[-1]["facts"]["changes"]
    proof = change.pop("email_commitment")
    assert change == {"change": "changed", "person": ANA, "fields": ["email"]}
    with reading() as session:
        told = text_of(session, proof)
        assert told.endswith("ana.ruiz@elm-street.example")
        assert len(told.removesuffix("ana.ruiz@elm-street.example")) == 64, "256 random bits stand before it"
        assert not any("@" in row.body.decode() for row in entries(session, "elm-street"))


def give_to_ben() -> None:
    """Do what a review does that finds the policy a new owner."""
    with transaction() as tx:
        tx.session.get_one(Policy, "elm-street/telehealth").owner_id = BEN
        tx.record("elm-street", Event.POLICY_OWNER_CHANGED, actor="engine", policy="elm-street/telehealth", owner=BEN)


def owner() -> str:
    return rows(Policy)[0].owner_id


def test_an_owner_whom_a_review_chose_stays_and_the_person_who_applies_is_told(tmp_path: Path) -> None:
    apply(tmp_path)
    give_to_ben()
    for clinic in (CLINIC, CLINIC.replace("2027-03-05", "2027-03-08"), CLINIC):  # also after another change
        (remark,) = apply(tmp_path, clinic).remarks
        assert owner() == BEN
    assert remark == (
        "policies/telehealth.md names Ana Ruiz as the owner; a review gave “Telehealth” to Ben Cole, and that stays. "
        "Write `owner: ben-cole` there; whom the file names afterwards is the owner again."
    )


def test_a_file_that_has_caught_up_with_the_review_may_name_another_owner(tmp_path: Path) -> None:
    apply(tmp_path)
    give_to_ben()
    caught_up = apply(tmp_path, policy=POLICY.replace("owner: ana-ruiz", "owner: ben-cole"))
    assert (caught_up.any, caught_up.remarks, owner()) == (False, [], BEN)
    assert apply(tmp_path).changed == ["Telehealth: owner"]
    assert owner() == ANA


def test_an_owner_whom_a_review_chose_and_who_has_left_gives_way_to_the_file(tmp_path: Path) -> None:
    apply(tmp_path)
    give_to_ben()
    apply(tmp_path, BEN_GONE)
    assert owner() == ANA
