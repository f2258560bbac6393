"""What lies in a clinic folder: missing, misnamed, linked elsewhere."""

import os
from pathlib import Path

import pytest

from models.clinic_folder import Mistake
from models.clinic_folder.testing import POLICY, folder_of, mistakes_of, the_only_mistake, write_folder


def the_whole_files(mistake: Mistake) -> tuple[str, str]:
    """Return the file and the problem of a mistake that has no line."""
    assert mistake.line is None
    return mistake.file, mistake.problem


def test_a_missing_folder_is_one_mistake(tmp_path: Path):
    missing = tmp_path / "nowhere"
    assert the_whole_files(the_only_mistake(missing)) == (str(missing), "There is no such folder.")
    assert the_only_mistake(Path("x" * 5000)).problem == "There is no such folder."


def test_an_empty_folder_lacks_its_clinic_yaml_and_its_policies(tmp_path: Path):
    assert [(mistake.file, mistake.problem) for mistake in mistakes_of(tmp_path)] == [
        ("clinic.yaml", "The file is missing."),
        ("policies", "There are no policies."),
    ]


@pytest.mark.parametrize("name", ["Telehealth Policy.md", "sanctions.docx", "access.markdown"])
def test_a_file_that_would_be_left_out_is_a_mistake(tmp_path: Path, name: str):
    (write_folder(tmp_path) / "policies" / name).write_text(POLICY)
    problem = "The file's name is not that of a policy."
    assert the_whole_files(the_only_mistake(tmp_path)) == (f"policies/{name}", problem)


def test_hidden_files_are_left_alone(tmp_path: Path):
    (write_folder(tmp_path) / "policies" / ".DS_Store").write_bytes(b"\xff\0")
    folder_of(tmp_path)


def test_a_folder_named_like_a_policy_is_a_mistake(tmp_path: Path):
    (write_folder(tmp_path) / "policies" / "access.md").mkdir()
    assert the_whole_files(the_only_mistake(tmp_path)) == ("policies/access.md", "This is not a file.")


@pytest.mark.parametrize("name", ["clinic.yaml", "policies/telehealth.md"])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path, name: str):
    root = tmp_path / "clinic"
    root.mkdir()
    write_folder(root)
    (root / name).rename(tmp_path / "outside")
    (root / name).symlink_to(tmp_path / "outside")
    assert the_whole_files(the_only_mistake(root)) == (name, "The link leads out of the folder.")


def test_a_policies_folder_elsewhere_is_not_followed(tmp_path: Path):
    root = tmp_path / "clinic"
    root.mkdir()
    write_folder(root)
    (root / "policies").rename(tmp_path / "policies")
    (root / "policies").symlink_to(tmp_path / "policies")
    assert the_whole_files(the_only_mistake(root)) == ("policies", "The link leads out of the folder.")


def test_a_link_in_a_circle_or_to_nothing_is_a_mistake(tmp_path: Path):
    policies = write_folder(tmp_path) / "policies"
    (policies / "access.md").symlink_to("access.md")
    (policies / "gone.md").symlink_to("nothing.md")
    assert [mistake.file for mistake in mistakes_of(tmp_path)] == ["policies/access.md", "policies/gone.md"]


def test_a_link_within_the_folder_is_followed(tmp_path: Path):
    policies = write_folder(tmp_path) / "policies"
    (policies / "video.md").symlink_to("telehealth.md")
    assert [policy.slug for policy in folder_of(tmp_path).policies] == ["telehealth", "video"]


def test_a_pipe_nobody_writes_to_does_not_hang_the_reader(tmp_path: Path):
    os.mkfifo(write_folder(tmp_path) / "policies" / "pipe.md")
    assert the_whole_files(the_only_mistake(tmp_path)) == ("policies/pipe.md", "This is not a file.")
