"""Case files: what is known of a case, for whoever may see it. Every look is in the ledger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlmodel import select

from models.attachments import ATTACHMENT, CONTENT
from models.case_told import Told
from models.cases import read_versions
from models.sheets import Sheet
from models.sheets.form import told_in_words
from models.store import Transaction
from models.tables import Person

UNNAMED = "somebody unnamed"
ADDRESSEE = "addressee:"
"""What the names of facts begin with that are one person each of a list; they have a page of their own."""
SheetKind = TypeVar("SheetKind", bound=Sheet)


@dataclass(frozen=True)
class Entry:
    """One thing the case was told."""

    key: str
    """Of the request it answers, or `intake`."""
    told: Told
    by: str
    """The name of whoever wrote it."""
    at: datetime

    @property
    def attachment(self) -> int | None:
        """Return the number of the file it tells of, if it tells of one."""
        return int(self.key.removeprefix(ATTACHMENT)) if self.key.startswith(ATTACHMENT) else None

    @property
    def title(self) -> str:
        """Return what it is about."""
        return (type(self.told.sheet).TITLE if self.told.sheet else "") or self.told.said

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return the fields that hold something, as label and value."""
        return told_in_words(self.told.sheet) if self.told.sheet else []


@dataclass(frozen=True)
class CaseFile:
    """Everything a case was told, oldest first."""

    case_id: str
    entries: list[Entry] = field(default_factory=list)

    def newest(self, kind: type[SheetKind]) -> SheetKind | None:
        """Return the newest sheet of a kind."""
        found = [entry.told.sheet for entry in self.entries if isinstance(entry.told.sheet, kind)]
        return found[-1] if found else None

    def letters(self) -> Iterator[Entry]:
        """Yield what went out as a letter, with its text."""
        return (entry for entry in self.entries if entry.told.text)


def open_file(tx: Transaction, case_id: str, by: str, why: str) -> CaseFile:
    """Return the file of a case and note who looked, on what occasion.

    Raises UnknownCaseError, ShreddedError, CaseKeyError, BrokenCaseError.
    """
    versions = read_versions(tx, case_id, by, why, but=(CONTENT, ADDRESSEE))
    names: Mapping[str, str] = dict(tx.session.exec(select(Person.id, Person.name)).all())
    entries = [
        Entry(each.name, Told.from_json(each.value), names.get(each.written_by, UNNAMED), each.written_at)
        for each in versions
    ]
    return CaseFile(case_id, entries)
