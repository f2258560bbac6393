"""Looking up the ledger: the latest entry of a kind about one thing, and all entries of some kinds."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson
from sqlalchemy import ColumnElement, LargeBinary, func, literal, or_
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


def entries_of(session: Session, log: str, *events: Event, batch: int = 500) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and content of a log's entries of some kinds, in order, a batch in memory at a time.

    What cannot be read is left out: whoever checks the ledger finds it.
    """
    statement = select(LedgerEntry.seq, LedgerEntry.body).where(LedgerEntry.log == log, tells_of(*events))
    statement = statement.order_by(col(LedgerEntry.seq)).limit(batch)
    rows = session.exec(statement).all()
    while rows:
        for seq, body in rows:
            with suppress(ValueError, KeyError, TypeError):
                entry = orjson.loads(body)
                if entry["event"] in events:
                    yield seq, entry
        rows = session.exec(statement.where(col(LedgerEntry.seq) > rows[-1][0])).all()


def tells_of(*events: Event) -> ColumnElement[bool]:
    """Return the condition that an entry's body speaks of some kinds of event; canonical JSON has one spelling."""
    wanted = (literal(f'"event":"{event}"'.encode(), LargeBinary) for event in events)
    return or_(*(func.position(each.op("IN")(col(LedgerEntry.body))) > 0 for each in wanted))


def _pair(name: str, value: str) -> str:
    return f"{json.dumps(name)}:{json.dumps(str(value), ensure_ascii=False)}"
