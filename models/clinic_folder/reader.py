"""The reader of clinic folders: everything it says, or every mistake in it at one go."""

from dataclasses import dataclass, field
from pathlib import Path

from models.clinic_folder.files import is_file, is_folder, read_text
from models.clinic_folder.letters import read_letters
from models.clinic_folder.mistakes import BrokenFolderError, Mistake, in_reading_order
from models.clinic_folder.people import check_people, sketches
from models.clinic_folder.policies import read_policies
from models.clinic_folder.schema import ClinicFile, PolicyFile
from models.clinic_folder.sheets import Sheet, read_sheet
from models.clinic_folder.wording import check

CLINIC_FILE = "clinic.yaml"


@dataclass(frozen=True)
class ClinicFolder:
    """A clinic folder without mistakes; policies are in order of their slugs."""

    clinic: ClinicFile
    policies: list[PolicyFile]
    letters: dict[str, str] = field(default_factory=dict)
    """The clinic's own wording of letters, by their names."""


@dataclass(frozen=True)
class Reading:
    """What reading a folder gave: the folder, or else its mistakes in reading order."""

    folder: ClinicFolder | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    def need(self) -> ClinicFolder:
        """Return the folder; raises BrokenFolderError, which lists every mistake, if there is none."""
        if self.folder is None:
            raise BrokenFolderError("\n".join(map(str, self.mistakes)))
        return self.folder


def read_clinic_folder(path: Path) -> Reading:
    """Read a clinic folder; bad input never raises, it becomes mistakes."""
    if not is_folder(path):
        remedy = "Name a folder that holds clinic.yaml and a folder policies."
        problem = "This is a file, not a folder." if is_file(path) else "There is no such folder."
        return Reading(mistakes=[Mistake(str(path), None, problem, remedy)])
    clinic, people, mistakes = _read_clinic_file(path)
    policies = read_policies(path, people)
    letters, faults = read_letters(path)
    mistakes += [*policies.mistakes, *faults]
    if clinic is None or mistakes:
        return Reading(mistakes=in_reading_order(mistakes))
    return Reading(ClinicFolder(clinic, policies.policies, letters))


def _read_clinic_file(root: Path) -> tuple[ClinicFile | None, list[str] | None, list[Mistake]]:
    file = read_text(root, root / CLINIC_FILE)
    if file.mistake:
        return None, None, [file.mistake]
    sheet = read_sheet(file.text, CLINIC_FILE)
    if sheet.data is None:
        return None, None, sheet.mistakes
    clinic, faults = check(ClinicFile, sheet)
    return clinic, _ids(sheet), [*sheet.mistakes, *faults, *check_people(sheet)]


def _ids(sheet: Sheet) -> list[str] | None:
    # No readable people: an owner cannot be looked up, and saying so in every policy would help nobody.
    return [person.id for person in sketches(sheet) if person.id] or None
