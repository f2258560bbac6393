"""The clinic folder: files a practice writes, read and checked at one go."""

from models.clinic_folder.mistakes import BrokenFolderError, Mistake
from models.clinic_folder.reader import ClinicFolder, Reading, read_clinic_folder
from models.clinic_folder.schema import (
    BaaEntry,
    ClinicFile,
    DutyEntry,
    HandlesPhi,
    LeaveEntry,
    PersonEntry,
    PolicyFile,
    SiteEntry,
    VendorEntry,
)

__all__ = [
    "BaaEntry",
    "BrokenFolderError",
    "ClinicFile",
    "ClinicFolder",
    "DutyEntry",
    "HandlesPhi",
    "LeaveEntry",
    "Mistake",
    "PersonEntry",
    "PolicyFile",
    "Reading",
    "SiteEntry",
    "VendorEntry",
    "read_clinic_folder",
]
