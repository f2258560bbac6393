"""Keeping copies of what Prefect has of a cycle, each bound to the ledger by its hash."""

from collections.abc import Iterable
from hashlib import sha256

from sqlmodel import Session, col, select

from models import clock
from models.events import Event
from models.history import Copied, Copy, Objects, by_key, news
from models.ledger import stamp
from models.store import Transaction
from models.tables import Cycle, HistoryCopy


def copies(session: Session, cycle_key: str) -> list[HistoryCopy]:
    """Return the copies of a cycle, the first first."""
    statement = select(HistoryCopy).where(HistoryCopy.cycle_key == cycle_key)
    return list(session.exec(statement.order_by(col(HistoryCopy.number))))


def copied(session: Session, cycle_key: str) -> Objects:
    """Return everything that was copied of a cycle, each object as it was last."""
    return by_key(each for row in copies(session, cycle_key) for each in Copy.read(row.body).objects)


def keep(tx: Transaction, cycle_key: str, seen: Iterable[Copied], *, last: bool, actor: str) -> HistoryCopy | None:
    """Keep what is new of what was seen in Prefect, with its ledger entry; None when there is nothing new.

    `last` says that nothing can come any more; that too is news, once. Two who copy at once write one copy.
    """
    cycle = tx.session.get_one(Cycle, cycle_key, with_for_update={"key_share": True})
    before = copies(tx.session, cycle_key)
    new = news(by_key(each for row in before for each in Copy.read(row.body).objects), seen)
    if not new and (not last or any(row.last for row in before)):
        return None
    copy = Copy(cycle_key, str(cycle.flow_run_id), len(before), stamp(clock.now()), new)
    row = HistoryCopy(
        cycle_key=cycle_key,
        number=copy.number,
        body=(body := copy.body()),
        sha256=sha256(body).hexdigest(),
        last=last,
        copied_at=clock.now(),
    )
    tx.session.add(row)
    facts = {"number": row.number, "sha256": row.sha256, "objects": len(new), "last": last}
    run = {"flow_run": copy.flow_run}
    tx.record(cycle.clinic, Event.HISTORY_COPIED, actor=actor, cycle=cycle_key, run=run, **facts)
    return row
