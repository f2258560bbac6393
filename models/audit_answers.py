"""Checking answers and documents: each answer against its ledger entry, each document against its hash."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from models.answer_facts import facts_of
from models.audit import Finding
from models.events import Event
from models.side_by_side import side_by_side, told_by_key
from models.tables import Answer, Document, Request, Tombstone

_BATCH = 200


def answers_not_as_told(session: Session, log: str) -> Iterator[Finding]:
    """Yield what is wrong with a clinic's answers: gone, changed, put in, or told of twice. Memory stays flat."""
    told = told_by_key(session, log, Event.ANSWER_RECORDED, "request")
    for request, entries, answers in side_by_side(told, _answers(session, log)):
        for seq, _ in entries[1:]:
            yield Finding(log, seq, f"the answer to {request} is told of twice, first in entry {entries[0][0]}")
        if not entries:
            yield Finding(log, None, f"the answer to {request} is told of in no entry: it was put in")
        elif not answers:
            yield Finding(log, entries[0][0], f"the answer to {request}, of which this entry tells, is gone")
        elif wrong := _wrong(answers[0], entries[0][1]["facts"]):
            yield Finding(log, entries[0][0], f"the answer this entry tells of was changed: its {wrong}")


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


def _answers(session: Session, log: str) -> Iterator[tuple[str, Answer]]:
    """Yield the answers in order of the bytes of their requests' ids."""
    statement = select(Answer).join(Request).where(Request.clinic == log)
    ordered = statement.order_by(col(Answer.request_id).collate("C")).execution_options(yield_per=_BATCH)
    for row in session.exec(ordered):
        session.expunge(row)
        yield row.request_id, row


def _wrong(answer: Answer, facts: dict[str, Any]) -> str:
    """Return in which of its columns an answer is not what its entry tells, by commas."""
    wrong = (fact for fact, value in facts_of(answer).items() if facts.get(fact) != value)
    return ", ".join("reason" if fact == "reason_commitment" else fact for fact in wrong)
