"""Checking answers and documents: each answer against its ledger entry, each document against its hash."""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import LargeBinary, func, literal
from sqlmodel import Session, col, select

from models.audit import Finding
from models.documents import commitment
from models.events import Event
from models.tables import Answer, Document, LedgerEntry, Request, Tombstone

_BATCH = 200
_SAME = {
    "choice": "choice",
    "by": "by_id",
    "for": "for_id",
    "days_late": "days_late",
    "tier": "tier",
    "shown_sha256": "shown_sha256",
    "handed_in_sha256": "handed_in_sha256",
    "picked": "picked_id",
    "link": "link_id",
}
"""Facts of an entry, and the columns of the answer that say the same."""


def answers_not_as_told(session: Session, log: str) -> Iterator[Finding]:
    """Yield what is wrong with a clinic's answers: gone, changed, put in, or told of twice. One fact list an answer."""
    told: dict[str, tuple[int, dict[str, Any]]] = {}
    for seq, facts in _told(session, log):
        request = str(facts.get("request"))
        if request in told:
            yield Finding(log, seq, f"the answer to {request} is told of twice, first in entry {told[request][0]}")
        else:
            told[request] = (seq, facts)
    for answer in _answers(session, log):
        entry = told.pop(answer.request_id, None)
        if entry is None:
            yield Finding(log, None, f"the answer to {answer.request_id} is told of in no entry: it was put in")
        elif wrong := _wrong(answer, entry[1]):
            yield Finding(log, entry[0], f"the answer this entry tells of was changed: its {wrong}")
    for request, (seq, _) in told.items():
        yield Finding(log, seq, f"the answer to {request}, of which this entry tells, is gone")


def documents_changed(session: Session) -> Iterator[str]:
    """Yield what is wrong with the documents of all clinics; a batch of them is in memory at a time."""
    statement = select(Document).order_by(col(Document.sha256)).limit(_BATCH)
    rows = session.exec(statement).all()
    while rows:
        for row in rows:
            session.expunge(row)
            if sha256(row.text.encode()).hexdigest() != row.sha256 and not _was_purged(session, row):
                yield f"the document {row.sha256} is not the text that has this hash: it was changed"
        rows = session.exec(statement.where(col(Document.sha256) > rows[-1].sha256)).all()


def _was_purged(session: Session, document: Document) -> bool:
    """Tell whether a tombstone says why a text is gone; whether it may say so, is looked at clinic by clinic."""
    stones = select(Tombstone.sha256).where(Tombstone.sha256 == document.sha256).limit(1)
    return document.text == "" and session.exec(stones).first() is not None


def _told(session: Session, log: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and facts of the entries that tell of an answer; unreadable ones are found elsewhere."""
    wanted = f'"event":"{Event.ANSWER_RECORDED}"'.encode()
    holds = func.position(literal(wanted, LargeBinary).op("IN")(col(LedgerEntry.body))) > 0
    statement = select(LedgerEntry.seq, LedgerEntry.body).where(LedgerEntry.log == log, holds)
    for seq, body in session.exec(statement.order_by(col(LedgerEntry.seq))):
        with suppress(ValueError, KeyError, TypeError):
            entry = orjson.loads(body)
            if entry["event"] == Event.ANSWER_RECORDED and isinstance(entry["facts"], dict):
                yield seq, entry["facts"]


def _answers(session: Session, log: str) -> Iterator[Answer]:
    statement = select(Answer).join(Request).where(Request.clinic == log).order_by(col(Answer.request_id)).limit(_BATCH)
    rows = session.exec(statement).all()
    while rows:
        for row in rows:
            session.expunge(row)
            yield row
        rows = session.exec(statement.where(col(Answer.request_id) > rows[-1].request_id)).all()


def _wrong(answer: Answer, facts: dict[str, Any]) -> str:
    """Return in which of its columns an answer is not what its entry tells, by commas."""
    wrong = [fact for fact, column in _SAME.items() if facts.get(fact) != getattr(answer, column)]
    committed = commitment(answer.reason_salt, answer.reason) if answer.reason else None
    return ", ".join([*wrong, *(["reason"] if facts.get("reason_commitment") != committed else [])])
