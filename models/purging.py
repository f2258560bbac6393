"""Purging: what a clinic may delete, put to whoever decides as a list, and deleted once that list was approved."""

import re
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, select

from models import clock
from models.documents_kept import KeptDocument, documents_kept
from models.errors import WellkeptError
from models.events import Event
from models.holds import holds_of, is_held
from models.people import clinic_named
from models.store import Transaction
from models.tables import Answer, Clinic, Cycle, Document, Tombstone
from models.words import count_in_words, day_in_words

APPROVED = "delete"
"""The choice that approves."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")
_SAID = """# What may be deleted at {name}

{count} been kept for as long as the law wants, and no hold is on {them}, as of {day}. Deleting takes the text away
for good, here and from every backup that is made afterwards. What stays in the record: the name and hash of each, until
when it was kept, this list, and your approval.

"""


class NotApprovedError(WellkeptError):
    """Nobody has approved that this list be purged. Nothing was deleted."""

    remedy = "Let the retention review ask for approval anew: `wellkept cycles start retention-review --clinic SLUG`."


@dataclass
class Purged:
    """What a purge came to."""

    gone: int = 0
    spared: list[str] = field(default_factory=list)
    """What was on the list and is needed, or held, by now."""


def may_go(session: Session, clinic: str, today: date) -> tuple[list[KeptDocument], list[KeptDocument]]:
    """Return the documents of a clinic that the law has let go of by a civil day: those free to go, those held."""
    holds = holds_of(session, clinic)
    over = [document for document in documents_kept(session, clinic) if document.is_over(today)]
    held = [document for document in over if is_held(document, holds)]
    return [document for document in over if document not in held], held


def list_of(clinic: str, documents: list[KeptDocument], held: int, today: date) -> str:
    """Return the list that is put to whoever decides, as Markdown; `clinic` is its name."""
    count = f"{count_in_words(len(documents), 'document')} {'has' if len(documents) == 1 else 'have'}"
    them = "it" if len(documents) == 1 else "them"
    more = f"\n{count_in_words(held, 'more document')} would be free to go and stay because of a hold.\n"
    said = _SAID.format(name=clinic, count=count, them=them, day=day_in_words(today))
    return said + "".join(map(_line, documents)) + (more if held else "")


def purge(tx: Transaction, cycle: Cycle, request_id: str, listed: list[str], run: dict[str, str]) -> Purged:
    """Delete what an approved list names (SHA-256, hex), but for what is needed or held by now.

    Each leaves a tombstone and a ledger entry. Another clinic that keeps the same text keeps it. Raises
    NotApprovedError when the answer to the request is no approval of the list it showed.
    """
    answer = tx.session.get(Answer, request_id)
    if answer is None or answer.choice != APPROVED or answer.shown_sha256 is None:
        raise NotApprovedError
    approval = {"request": request_id, "list_sha256": answer.shown_sha256, "listed": len(listed)}
    tx.record(cycle.clinic, Event.PURGE_APPROVED, actor=answer.by_id, cycle=cycle.key, run=run, **approval)
    clinic = clinic_named(tx.session, cycle.clinic)
    free, _ = may_go(tx.session, clinic.slug, clock.today(clinic.time_zone))
    going = {each.sha256: each.until for each in free if each.sha256 in listed and each.until}
    elsewhere = _kept_elsewhere(tx.session, clinic.slug) if going else set()
    for sha256, until in sorted(going.items()):
        stone = Tombstone(
            clinic=clinic.slug,
            sha256=sha256,
            request_id=request_id,
            list_sha256=answer.shown_sha256,
            retain_until=until,
            purged_at=clock.now(),
        )
        _bury(tx.session, stone, keep_text=sha256 in elsewhere)
        tx.record(clinic.slug, Event.DOCUMENT_PURGED, actor="engine", cycle=cycle.key, run=run, **told_of(stone))
    kept = {each.sha256: each.what for each in documents_kept(tx.session, clinic.slug)}
    return Purged(len(going), [kept.get(sha256, sha256) for sha256 in listed if sha256 not in going])


def told_of(stone: Tombstone) -> dict[str, str]:
    """Return what the ledger entry of a purged document tells of its tombstone."""
    approved = {"request": stone.request_id, "list_sha256": stone.list_sha256}
    return {"sha256": stone.sha256, "retain_until": str(stone.retain_until), **approved}


def _bury(session: Session, stone: Tombstone, *, keep_text: bool) -> None:
    """Put up a tombstone and take the text away, unless another clinic keeps it."""
    session.add(stone)
    session.flush()
    if not keep_text:
        session.get_one(Document, stone.sha256, with_for_update=True).text = ""


def _kept_elsewhere(session: Session, clinic: str) -> set[str]:
    """Return what other clinics keep (SHA-256, hex): clinics of one operator share policies."""
    others = session.exec(select(Clinic.slug).where(Clinic.slug != clinic)).all()
    return {document.sha256 for other in others for document in documents_kept(session, other)}


def _line(document: KeptDocument) -> str:
    """Return a document's line of the list: no table, which a phone could only show by scrolling sideways."""
    cite = document.rule.cite if document.rule else ""
    kept = f"kept since {document.since}, to be kept until {document.until}"
    what = _MARKDOWN.sub(r"\\\1", document.what)
    return f"- **{what}**, {kept} ({cite}). SHA-256: `{document.sha256}`\n"
