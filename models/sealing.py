"""Sealing: a signed checkpoint of a clinic's log, written down with an entry that tells of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select

from models import ledger
from models.checkpoints import Checkpoint, key_id, signers
from models.events import Event
from models.key_change import KeyChange
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
    changes: Sequence[KeyChange] = (),
) -> Seal | None:
    """Seal what a log holds now, inside the caller's transaction, and return the seal; None when the log is empty.

    Where nothing was written since the last seal, that one is returned. Two who seal at once write one line of seals:
    the log is locked until the transaction ends, as by whoever appends; call it last. Where the last seal was made with
    an earlier key, an entry first tells of each change since; `changes` are those that led to the key, the last first.
    """
    ledger.lock(session, log)
    last = newest_seal(session, log)
    entry = {"actor": actor, "cycle": None, "run": run or {}}
    for change in _since(last, changes):
        ledger.append(session, log, Event.SEAL_KEY_CHANGED, moment, {**entry, "facts": asdict(change)})
    frontier = Frontier.of(last.size, last.peaks) if last else Frontier()
    for leaf in ledger.leaves(session, log, frontier.size):
        frontier.add(leaf)
    if frontier.size == 0 or (last and last.size == frontier.size):
        return last
    made = _signed(log, frontier, key, moment())
    session.add(made)
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


def _since(last: Seal | None, changes: Sequence[KeyChange]) -> list[KeyChange]:
    """Return the changes of the key since a seal was made, the first first."""
    if last is None or not changes:
        return []
    makers, since = signers(last.note), []
    for change in changes:
        if key_id(change.new_key) in makers:
            break
        since.append(change)
    return since[::-1]


def _signed(log: str, frontier: Frontier, key: Ed25519PrivateKey, at: datetime) -> Seal:
    note = Checkpoint(log, frontier.size, frontier.root(), ledger.stamp(at)).signed(key)
    return Seal(log=log, size=frontier.size, note=note, peaks=frontier.peaks(), sealed_at=at)
