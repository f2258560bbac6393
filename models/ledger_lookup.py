"""Looking up the ledger: the latest entry of a kind about one thing."""

import json

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.events import Event
from models.tables import LedgerEntry


def latest_entry(session: Session, log: str, event: Event, **facts: str) -> LedgerEntry | None:
    """Return the newest entry of a clinic's log of this kind whose facts hold these.

    Canonical JSON has one spelling, so each pair is looked for as text; newest first, so recent things are quick.
    """
    body = func.convert_from(col(LedgerEntry.body), "UTF8")
    pairs = (_pair(name, value) for name, value in {"event": event, **facts}.items())
    found = [body.contains(pair, autoescape=True) for pair in pairs]
    statement = select(LedgerEntry).where(LedgerEntry.log == log, *found)
    return session.exec(statement.order_by(col(LedgerEntry.seq).desc()).limit(1)).first()


def _pair(name: str, value: str) -> str:
    return f"{json.dumps(name)}:{json.dumps(str(value), ensure_ascii=False)}"
