"""Checking purges: each tombstone against its ledger entry, each entry against the approval it names."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from models.audit import Finding
from models.documents import hash_of
from models.documents_kept import references
from models.events import Event
from models.ledger_lookup import entries_of
from models.people import clinic_named
from models.purging import APPROVED, told_of
from models.tables import Answer, Document, Tombstone


def purges_not_as_told(session: Session, log: str) -> Iterator[Finding]:
    """Yield what is wrong with what a clinic purged: a tombstone that was put in, changed or taken, or not approved."""
    rows = session.exec(select(Tombstone).where(Tombstone.clinic == log))
    stones = {(row.sha256, row.request_id): row for row in rows}
    approved: set[str] = set()
    for seq, entry in entries_of(session, log, Event.PURGE_APPROVED, Event.DOCUMENT_PURGED):
        with suppress(KeyError, TypeError, AttributeError, ValueError):
            facts, request = entry["facts"], entry["facts"]["request"]
            if entry["event"] == Event.PURGE_APPROVED:
                approved.add(request)
                continue
            stone = stones.pop((facts["sha256"], request), None)
            is_approved = request in approved and _is_approved(session, facts)
            problems = _wrong(stone, facts, _day(session, log, entry["at"]), is_approved=is_approved)
            yield from (Finding(log, seq, problem) for problem in problems)
    for sha256, _ in stones:
        yield Finding(log, None, f"the tombstone of {sha256} is told of in no entry: it was put in")
    yield from _gone_without_a_stone(session, log)


def _wrong(stone: Tombstone | None, facts: dict[str, Any], day: date, *, is_approved: bool) -> Iterator[str]:
    """Yield what is wrong with a deletion that an entry tells of, on a civil day of the clinic."""
    told = f"the document {facts['sha256']}, of whose deletion this entry tells,"
    if stone is None:
        yield f"{told} has no tombstone: it was taken away"
    elif told_of(stone) != facts:
        yield f"the tombstone of {facts['sha256']} is not as this entry tells: it was changed"
    if not is_approved:
        yield f"{told} was on no list that anybody approved"
    if date.fromisoformat(facts["retain_until"]) >= day:
        yield f"{told} was to be kept until {facts['retain_until']}"


def _day(session: Session, log: str, at: str) -> date:
    zone = ZoneInfo(clinic_named(session, log).time_zone)
    return datetime.fromisoformat(at).astimezone(zone).date()


def _is_approved(session: Session, facts: dict[str, Any]) -> bool:
    """Tell whether the answer approved the list that holds the document; a list that was purged itself is believed."""
    answer, shown = session.get(Answer, facts["request"]), session.get(Document, facts["list_sha256"])
    if answer is None or (answer.choice, answer.shown_sha256) != (APPROVED, facts["list_sha256"]):
        return False
    return shown is not None and (facts["sha256"] in shown.text or _is_blank(shown))


def _gone_without_a_stone(session: Session, log: str) -> Iterator[Finding]:
    """Yield documents of the clinic whose text is gone though the clinic has never let it be purged."""
    blank = {row.sha256 for row in session.exec(select(Document).where(Document.text == "")) if _is_blank(row)}
    if not blank:
        return
    buried = set(session.exec(select(Tombstone.sha256).where(Tombstone.clinic == log)))
    wanted = {each.sha256: each.what for each in references(session, clinic_named(session, log))}
    for sha256 in sorted(blank & set(wanted) - buried):
        yield Finding(log, None, f"the text of {wanted[sha256]} ({sha256}) is gone, and nobody approved its deletion")


def _is_blank(document: Document) -> bool:
    return document.text == "" and document.sha256 != hash_of("")
