"""Sealing: a signed checkpoint of a clinic's log, written down with an entry that tells of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select

from models import ledger
from models.checkpoints import Checkpoint
from models.events import Event
from models.merkle import Frontier, leaf_hash
from models.tables import Seal


def write_seal(
    session: Session,
    log: str,
    key: Ed25519PrivateKey,
    moment: Callable[[], datetime],
    *,
    actor: str,
    run: dict[str, str] | None = None,
) -> Seal | None:
    """Seal what a log holds now, inside the caller's transaction, and return the seal; None when the log is empty.

    Where nothing was written since the last seal, that one is returned. Two who seal at once write one line of seals:
    the log is locked until the transaction ends, as by whoever appends; call it last.
    """
    ledger.lock(session, log)
    last = newest_seal(session, log)
    frontier = Frontier.of(last.size, last.peaks) if last else Frontier()
    for leaf in ledger.leaves(session, log, frontier.size):
        frontier.add(leaf)
    if frontier.size == 0 or (last and last.size == frontier.size):
        return last
    made = _signed(log, frontier, key, moment())
    session.add(made)
    entry = {"actor": actor, "cycle": None, "run": run or {}}
    facts = {"size": made.size, "root": frontier.root().hex()}
    ledger.append(session, log, Event.RECORD_SEALED, moment, {**entry, "facts": facts})
    return made


def newest_seal(session: Session, log: str) -> Seal | None:
    """Return the last seal of a log."""
    return session.exec(select(Seal).where(Seal.log == log).order_by(col(Seal.size).desc()).limit(1)).first()


def first_seal_over(session: Session, log: str, seq: int) -> Seal | None:
    """Return the first seal that covers the entry of this number; None while none does."""
    covering = select(Seal).where(Seal.log == log, col(Seal.size) > seq)
    return session.exec(covering.order_by(col(Seal.size)).limit(1)).first()


def seals(session: Session, log: str, batch: int = 500) -> Iterator[Seal]:
    """Yield a log's seals, the first first, a batch in memory at a time."""
    statement = select(Seal).where(Seal.log == log).order_by(col(Seal.size)).limit(batch)
    rows = session.exec(statement).all()
    while rows:
        for row in rows:
            session.expunge(row)
            yield row
        rows = session.exec(statement.where(col(Seal.size) > rows[-1].size)).all()


def root_at(session: Session, log: str, size: int) -> bytes | None:
    """Return the root of a log's first so many entries, made of their bodies; None when it has fewer."""
    frontier = Frontier()
    for entry in islice(ledger.entries(session, log), size):
        frontier.add(leaf_hash(entry.body))
    return frontier.root() if frontier.size == size else None


def _signed(log: str, frontier: Frontier, key: Ed25519PrivateKey, at: datetime) -> Seal:
    note = Checkpoint(log, frontier.size, frontier.root(), ledger.stamp(at)).signed(key)
    return Seal(log=log, size=frontier.size, note=note, peaks=frontier.peaks(), sealed_at=at)
