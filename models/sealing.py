"""Sealing: a signed checkpoint of a clinic's log, written down with an entry that tells of it."""

from collections.abc import Iterator
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select

from models import clock, ledger
from models.checkpoints import Checkpoint
from models.events import Event
from models.merkle import Frontier, leaf_hash
from models.store import transaction
from models.tables import Seal


def seal(log: str, key: Ed25519PrivateKey, actor: str, run: dict[str, str] | None = None) -> Seal | None:
    """Seal what a log holds now, and return the seal; None when the log is empty.

    Two who seal at once write one line of seals: the log is locked meanwhile, as by whoever appends.
    """
    with transaction() as tx:
        ledger.lock(tx.session, log)
        last = newest_seal(tx.session, log)
        frontier = Frontier.of(last.size, last.peaks) if last else Frontier()
        for leaf in ledger.leaves(tx.session, log, frontier.size):
            frontier.add(leaf)
        if frontier.size == 0:
            return None
        if last and last.size == frontier.size:
            return last
        made = _signed(log, frontier, key)
        tx.session.add(made)
        root = frontier.root().hex()
        tx.record(log, Event.RECORD_SEALED, actor=actor, run=run, size=made.size, root=root)
        return made


def newest_seal(session: Session, log: str) -> Seal | None:
    """Return the last seal of a log."""
    return session.exec(select(Seal).where(Seal.log == log).order_by(col(Seal.size).desc()).limit(1)).first()


def seals(session: Session, log: str) -> Iterator[Seal]:
    """Yield a log's seals, the first first."""
    yield from session.exec(select(Seal).where(Seal.log == log).order_by(col(Seal.size)))


def root_at(session: Session, log: str, size: int) -> bytes | None:
    """Return the root of a log's first so many entries, made of their bodies; None when it has fewer."""
    frontier = Frontier()
    for entry in islice(ledger.entries(session, log), size):
        frontier.add(leaf_hash(entry.body))
    return frontier.root() if frontier.size == size else None


def _signed(log: str, frontier: Frontier, key: Ed25519PrivateKey) -> Seal:
    at = clock.now()
    note = Checkpoint(log, frontier.size, frontier.root(), ledger.stamp(at)).signed(key)
    return Seal(log=log, size=frontier.size, note=note, peaks=frontier.peaks(), sealed_at=at)
