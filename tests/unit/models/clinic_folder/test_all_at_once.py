"""Every mistake of a folder is told at one go, in reading order."""

import json
from pathlib import Path

import pytest

from models.clinic_folder import BrokenFolderError, Mistake, read_clinic_folder
from models.clinic_folder.testing import CLINIC, POLICY, folder_of, mistakes_of, the_only_mistake, write_folder
from models.roles import Role


def test_many_mistakes_are_all_told_at_once_in_reading_order(tmp_path: Path):
    clinic = CLINIC
    for right, wrong in [
        ("America/New_York", "America/NewYork"),
        ("rounds_at:", "round_at:"),
        ("name: Ana Ruiz", "nmae: Ana Ruiz"),
        ("privacy_official, ", ""),
        ("deputy: ben-cole", "deputy: bob-cole"),
        ("last_day: 2027-03-05", "last_day: 2027-02-05"),
        ("ben@elm-street.example", "ana@elm-street.example"),
        ("[clinician]", "[clinican]"),
        ("handles_phi: yes", "handles_phi: maybe"),
    ]:
        clinic = clinic.replace(right, wrong)
    policy = (
        POLICY.replace("version: 2", "version: x").replace("owner: ana-ruiz", "owner: al").replace("the", "<script>")
    )
    root = write_folder(tmp_path, clinic, policy)
    (root / "policies" / "access.md").write_bytes(b"\xff")
    assert [(mistake.file, mistake.line) for mistake in mistakes_of(root)] == [
        ("clinic.yaml", 3),  # time zone
        ("clinic.yaml", 5),  # round_at
        ("clinic.yaml", 6),  # nobody is privacy official
        ("clinic.yaml", 7),  # name is missing
        ("clinic.yaml", 8),  # nmae
        ("clinic.yaml", 11),  # unknown deputy
        ("clinic.yaml", 14),  # leave ends before it begins
        ("clinic.yaml", 17),  # the same e-mail twice
        ("clinic.yaml", 18),  # unknown role
        ("clinic.yaml", 23),  # handles_phi
        ("policies/access.md", 1),  # not UTF-8
        ("policies/telehealth.md", 3),  # unknown owner
        ("policies/telehealth.md", 4),  # version
        ("policies/telehealth.md", 11),  # script
    ]


def test_a_broken_clinic_yaml_does_not_hide_mistakes_in_policies(tmp_path: Path):
    root = write_folder(tmp_path, "slug: [", POLICY.replace("version: 2", "version: x"))
    assert [mistake.file for mistake in mistakes_of(root)] == ["clinic.yaml", "policies/telehealth.md"]


def test_a_circle_of_three_is_told_once_and_only_when_all_are_away(tmp_path: Path):
    people = [
        {"id": name, "name": name, "email": f"{name}@x.example", "deputy": deputy, "leave": leave, "roles": list(Role)}
        for name, deputy, leave in [
            ("a", "b", [{"first_day": "2027-01-01", "last_day": "2027-01-31"}]),
            ("b", "c", [{"first_day": "2027-01-10", "last_day": "2027-01-20"}]),
            ("c", "a", [{"first_day": "2027-01-20", "last_day": "2027-02-20"}]),
            ("d", "a", []),
        ]
    ]
    clinic = {"slug": "x", "name": "X", "time_zone": "America/Chicago", "states": ["IL"], "people": people}
    policy = POLICY.replace("ana-ruiz", "d")
    problem = the_only_mistake(write_folder(tmp_path, json.dumps(clinic), policy)).problem
    assert problem == "a and b and c stand in for each other, and all are away on 2027-01-20."
    people[2]["leave"] = [{"first_day": "2027-01-21", "last_day": "2027-02-20"}]
    folder_of(write_folder(tmp_path, json.dumps(clinic), policy))


def test_a_mistake_reads_like_a_compilers():
    assert str(Mistake("clinic.yaml", 3, "Wrong.", "Mend it.")) == "clinic.yaml:3: Wrong. Mend it."
    assert str(Mistake("policies", None, "Wrong.", "Mend it.")) == "policies: Wrong. Mend it."


def test_whoever_needs_the_folder_is_told_every_mistake(tmp_path: Path):
    with pytest.raises(BrokenFolderError, match=r"(?s)clinic.yaml: The file is missing.*There are no policies"):
        read_clinic_folder(tmp_path).need()
