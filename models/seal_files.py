"""Seals as files in a folder outside, such as a network share: one a day and clinic, never written over."""

import os
from datetime import date
from pathlib import Path

from models.errors import WellkeptError
from models.tables import Seal


class NoSealFolderError(WellkeptError):
    """The folder for seals cannot be written to."""

    remedy = "See that the folder WELLKEPT_WITNESS_DIR names is there; the next rounds writes a seal that covers all."


def keep_seal(folder: Path, seal: Seal, day: date) -> Path:
    """Write a seal as `CLINIC-YEAR-MONTH-DAY.seal`, in one step, unless that day has one; return where it is.

    A day that is left out does no harm: each seal covers everything before it. Raises NoSealFolderError.
    """
    file = folder / f"{seal.log}-{day}.seal"
    beside = folder / f".{file.name}.{os.getpid()}"
    try:
        if not file.exists():
            beside.write_text(seal.note, encoding="utf-8")
            beside.rename(file)
    except OSError as error:
        raise NoSealFolderError(f"The seal was not written to {folder}: {error.strerror}.") from error
    return file
