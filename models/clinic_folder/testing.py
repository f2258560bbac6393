"""Elm Street Therapy: a small clinic folder without mistakes, for tests to write, break and read back."""

from pathlib import Path

from models.clinic_folder.mistakes import Mistake
from models.clinic_folder.reader import ClinicFolder, read_clinic_folder

CLINIC = """\
slug: elm-street
name: Elm Street Therapy
time_zone: America/New_York
states: [NY]
rounds_at: "07:00"
people:
  - id: ana-ruiz
    name: Ana Ruiz
    email: ana@elm-street.example
    roles: [privacy_official, practice_owner]
    deputy: ben-cole
    leave:
      - first_day: 2027-03-01
        last_day: 2027-03-05
  - id: ben-cole
    name: Ben Cole
    email: ben@elm-street.example
    roles: [clinician]
    deputy: ana-ruiz
vendors:
  - name: Quill
    service: health record
    handles_phi: yes
    baa:
      signed_on: 2025-01-01
      expires_on: null
duties:
  policy-review: {starts_on: "01-15"}
"""

POLICY = """\
---
title: Telehealth
owner: ana-ruiz
version: 2
effective_on: 2026-01-05
citations:
  - 45 CFR 164.530(c)
---
# Telehealth

Close the door.
"""


def write_folder(root: Path, clinic: str | bytes = CLINIC, policy: str | bytes = POLICY) -> Path:
    """Write clinic.yaml and one policy below `root`, and return `root`."""
    (root / "policies").mkdir(exist_ok=True)
    for name, content in (("clinic.yaml", clinic), ("policies/telehealth.md", policy)):
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def mistakes_of(root: Path) -> list[Mistake]:
    """Return the mistakes of a folder, none if it is clean."""
    return read_clinic_folder(root).mistakes


def folder_of(root: Path) -> ClinicFolder:
    """Return a clean folder; raises BrokenFolderError with every mistake of another."""
    return read_clinic_folder(root).need()


def the_only_mistake(root: Path) -> Mistake:
    """Return the one mistake of a folder; raises ValueError if there are more or none."""
    (mistake,) = mistakes_of(root)
    return mistake
