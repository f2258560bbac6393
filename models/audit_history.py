"""Checking the copies of Prefect's history: each against the hash that the ledger holds of it."""

from collections.abc import Iterator
from hashlib import sha256

from sqlmodel import Session, col, select

from models.audit import Finding
from models.events import Event
from models.history_copies import copies
from models.side_by_side import Told, side_by_side, told_by_key
from models.tables import Cycle


def copies_not_as_told(session: Session, log: str) -> Iterator[Finding]:
    """Yield what is wrong with a clinic's copies: gone, changed, or not told of in the ledger.

    In memory are a hash for each copy of one cycle, and a copy at a time.
    """
    told = told_by_key(session, log, Event.HISTORY_COPIED, "cycle")
    for cycle, entries, _ in side_by_side(told, _cycles(session, log)):
        yield from _of_cycle(session, log, cycle, entries)


def _cycles(session: Session, log: str) -> Iterator[tuple[str, None]]:
    """Yield the keys of a clinic's cycles in order of their bytes."""
    statement = select(Cycle.key).where(Cycle.clinic == log).order_by(col(Cycle.key).collate("C"))
    for key in session.exec(statement.execution_options(yield_per=500)):
        yield key, None


def _of_cycle(session: Session, log: str, cycle: str, entries: list[Told]) -> Iterator[Finding]:
    told = {entry["facts"].get("number"): (seq, entry["facts"].get("sha256")) for seq, entry in entries}
    for row in copies(session, cycle):
        session.expunge(row)
        name = f"copy {row.number} of Prefect's history of {cycle}"
        seq, expected = told.pop(row.number, (0, None))
        if expected is None:
            yield Finding(log, 0, f"{name} is told of by no entry: it was put in")
        elif expected != sha256(row.body).hexdigest():
            yield Finding(log, seq, f"{name} is not the one this entry tells of: it was changed")
    for number, (seq, _) in told.items():
        yield Finding(log, seq, f"copy {number} of Prefect's history of {cycle}, of which this entry tells, is gone")
