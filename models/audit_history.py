"""Checking the copies of Prefect's history: each against the hash that the ledger holds of it."""

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from sqlalchemy import LargeBinary, func, literal
from sqlmodel import Session, col, select

from models.audit import Finding
from models.events import Event
from models.history_copies import copies
from models.tables import Cycle, LedgerEntry

_Told = dict[tuple[str, int], tuple[int, str]]


def copies_not_as_told(session: Session, log: str) -> Iterator[Finding]:
    """Yield what is wrong with a clinic's copies: gone, changed, or not told of in the ledger.

    In memory are a hash for each copy, and one cycle's copies at a time.
    """
    told = _told(session, log)
    cycles = session.exec(select(Cycle.key).where(Cycle.clinic == log).order_by(col(Cycle.key))).all()
    for row in (row for cycle in cycles for row in copies(session, cycle)):
        session.expunge(row)
        name = f"copy {row.number} of Prefect's history of {row.cycle_key}"
        seq, expected = told.pop((row.cycle_key, row.number), (0, None))
        if expected is None:
            yield Finding(log, 0, f"{name} is told of by no entry: it was put in")
        elif expected != sha256(row.body).hexdigest():
            yield Finding(log, seq, f"{name} is not the one this entry tells of: it was changed")
    for (cycle, number), (seq, _) in told.items():
        yield Finding(log, seq, f"copy {number} of Prefect's history of {cycle}, of which this entry tells, is gone")


def _told(session: Session, log: str) -> _Told:
    """Return entry number and hash by cycle and number of the copy; entries that cannot be read are found elsewhere."""
    wanted = f'"event":"{Event.HISTORY_COPIED}"'.encode()
    holds = func.position(literal(wanted, LargeBinary).op("IN")(col(LedgerEntry.body))) > 0
    statement = select(LedgerEntry.seq, LedgerEntry.body).where(LedgerEntry.log == log, holds)
    told: _Told = {}
    for seq, entry in session.exec(statement.order_by(col(LedgerEntry.seq))):
        with suppress(ValueError, KeyError, TypeError):
            read = json.loads(entry)
            told[read["cycle"], read["facts"]["number"]] = (seq, read["facts"]["sha256"])
    return told
