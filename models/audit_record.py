"""Checking a clinic's whole record: entries and seals, then what the entries tell of: answers, copies, purges."""

from collections.abc import Callable, Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session

from models import ledger
from models.audit import Finding, Verdict, verify
from models.audit_answers import answers_not_as_told, documents_changed
from models.audit_cases import cases_not_as_told
from models.audit_history import copies_not_as_told
from models.audit_purges import purges_not_as_told
from models.ledger import Entry
from models.restores import restores_of
from models.sealing import seals
from models.seals_seen import SealsSeen

Watch = Callable[[Iterable[Entry]], Iterable[Entry]]
DOCUMENTS = "documents"
"""The name under which what is wrong with documents is told: they are not one clinic's."""


def check_record(
    session: Session, log: str, keys: Mapping[bytes, Ed25519PublicKey], watch: Watch = lambda entries: entries
) -> Verdict:
    """Check a clinic's record with the keys that may have sealed it; `watch` sees the entries pass.

    The session should see the store as it was at one moment, for others go on writing.
    """
    seen = SealsSeen(log, seals(session, log), keys)
    verdict = verify(log, watch(ledger.entries(session, log)), seen)
    verdict.restored_at = [each.at for each in restores_of(session, log)]
    if verdict.size == 0:
        verdict.findings.append(Finding(log, None, "the log is empty, and the clinic is there: its entries are gone"))
    verdict.findings += answers_not_as_told(session, log)
    verdict.findings += copies_not_as_told(session, log)
    verdict.findings += purges_not_as_told(session, log)
    verdict.findings += cases_not_as_told(session, log)
    return verdict


def check_documents(session: Session) -> list[Finding]:
    """Check that every document is the text whose hash it is kept under."""
    return [Finding(DOCUMENTS, None, problem) for problem in documents_changed(session)]
