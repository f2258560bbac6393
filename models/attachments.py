"""Attachments: scans that belong to a case, such as the request as it came, encrypted like all that is known of it."""

from base64 import b64decode, b64encode
from dataclasses import dataclass

from sqlmodel import select

from models.case_told import Told
from models.cases import case_named, read_fact, write_fact
from models.errors import WellkeptError
from models.store import Transaction
from models.tables import CaseFact

LARGEST = 3_900_000
"""Bytes."""
_KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
CONTENT = "content:"
"""What the names of facts begin with that hold a file's bytes."""
ATTACHMENT = "attachment:"


class AttachmentError(WellkeptError):
    """This file cannot be attached."""

    remedy = "Attach a PDF, JPEG or PNG of up to 3.9 MB: scan in black and white, or fewer pages at a time."


@dataclass(frozen=True)
class Attachment:
    """A file of a case."""

    kind: str
    """Its media type, told by its first bytes and not by its name."""
    content: bytes

    @property
    def ending(self) -> str:
        """Return how a file of its kind ends."""
        return _ENDINGS[self.kind]


def kind_of(content: bytes) -> str:
    """Return the media type of a file. Raises AttachmentError for what is no scan."""
    for begins, kind in _KINDS.items():
        if content.startswith(begins):
            return kind
    raise AttachmentError("That is no PDF, JPEG or PNG.")


def attach(tx: Transaction, case_id: str, name: str, content: bytes, by: str) -> int:
    """Attach a file to a case; return its number there. Raises AttachmentError, UnknownCaseError, ShreddedError."""
    if len(content) > LARGEST:
        raise AttachmentError("That file is larger than 3.9 MB.")
    kind_of(content)
    case_named(tx.session, case_id, lock=True)
    known = select(CaseFact.name).where(CaseFact.case_id == case_id)
    number = sum(each.startswith(ATTACHMENT) for each in tx.session.exec(known)) + 1
    write_fact(tx, case_id, f"{CONTENT}{number}", b64encode(content).decode(), by)
    write_fact(tx, case_id, f"{ATTACHMENT}{number}", Told(said="Attached", reason=name).as_json(), by)
    return number


def attachment_of(tx: Transaction, case_id: str, number: int, by: str, why: str) -> Attachment | None:
    """Return a file of a case, or None where there is none; who looked and why goes into the ledger."""
    kept = read_fact(tx, case_id, f"{CONTENT}{number}", by, why)
    if kept is None:
        return None
    content = b64decode(kept)
    return Attachment(kind_of(content), content)
