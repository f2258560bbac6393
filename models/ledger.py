"""The ledger: an append-only, hashed log of everything that happened, one log a clinic.

The format can never change: the body of an entry is RFC 8785 canonical JSON of `Entry`; its leaf hash is RFC 6962's;
`prev` is the leaf hash (hex) of the entry before, 64 zeros in the first. Bodies carry no patient fact.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import rfc8785
from sqlalchemy import func, select, text
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, col

from models.events import Event
from models.merkle import leaf_hash
from models.tables import LedgerEntry

FORMAT = 1
FIRST_PREV = "0" * 64
FIELDS = {"v", "log", "seq", "prev", "at", "event", "actor", "cycle", "run", "facts"}
"""What the body of an entry holds."""


def canonical(value: dict[str, Any]) -> bytes:
    """Return the RFC 8785 canonical JSON bytes of a value."""
    return rfc8785.dumps(value)


def stamp(moment: datetime) -> str:
    """Return a moment as the ledger writes it: UTC, microseconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def append(
    session: Session, log: str, event: Event, moment: Callable[[], datetime], entry: dict[str, Any]
) -> LedgerEntry:
    """Append one entry to a clinic's log, inside the caller's transaction.

    One writer a log at a time: the lock is held until the transaction ends, so call it last. `moment` is asked
    for the time only then, so that times never run backwards in a log.
    """
    lock(session, log)
    last = session.execute(
        select(col(LedgerEntry.seq), col(LedgerEntry.leaf))
        .where(col(LedgerEntry.log) == log)
        .order_by(col(LedgerEntry.seq).desc())
        .limit(1)
    ).first()
    seq, prev = (last[0] + 1, last[1].hex()) if last else (0, FIRST_PREV)
    body = canonical(
        {"v": FORMAT, "log": log, "seq": seq, "prev": prev, "at": stamp(moment()), "event": str(event), **entry}
    )
    row = LedgerEntry(log=log, seq=seq, body=body, leaf=leaf_hash(body))
    session.add(row)
    session.flush()
    return row


def lock(session: Session, log: str) -> None:
    """Let nobody else append to a log, or seal it, until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"ledger:{log}"})


def leaves(session: Session, log: str, first: int = 0) -> Iterator[bytes]:
    """Yield the leaf hashes of a log's entries from a sequence number on."""
    stored = select(col(LedgerEntry.leaf)).where(col(LedgerEntry.log) == log, col(LedgerEntry.seq) >= first)
    yield from session.execute(stored.order_by(col(LedgerEntry.seq)).execution_options(yield_per=1000)).scalars()


class Entry(NamedTuple):
    """An entry as it is stored: read by the hundred thousand, so it is no object of the ORM."""

    log: str
    seq: int
    body: bytes
    leaf: bytes


def entries(session: Session, log: str, batch: int = 1000) -> Iterator[Entry]:
    """Yield a log's entries in order, a batch in memory at a time."""
    columns = (LedgerEntry.log, LedgerEntry.seq, LedgerEntry.body, LedgerEntry.leaf)
    statement = select(*map(col, columns)).where(col(LedgerEntry.log) == log).order_by(col(LedgerEntry.seq))
    rows = session.execute(statement.limit(batch)).all()
    while rows:
        yield from map(Entry._make, rows)
        rows = session.execute(statement.where(col(LedgerEntry.seq) > rows[-1].seq).limit(batch)).all()


def count(session: Session, log: str) -> int:
    """Return how many entries a log has."""
    return int(session.execute(select(func.count()).where(col(LedgerEntry.log) == log)).scalar_one())


def logs(session: Session) -> list[str]:
    """Return the logs there are, by name."""
    return list(session.execute(select(func.distinct(LedgerEntry.log)).order_by(LedgerEntry.log)).scalars())


def written_at(session: Session, log: str, seq: int) -> str | None:
    """Return when an entry was written, as it says; None where there is none, or none that can be read."""
    entry = select(col(LedgerEntry.body)).where(col(LedgerEntry.log) == log, col(LedgerEntry.seq) == seq)
    try:
        return str(json.loads(session.execute(entry).scalar_one())["at"])
    except (NoResultFound, ValueError, KeyError, TypeError):
        return None
