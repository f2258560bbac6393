"""Sealing: a signed checkpoint of a clinic's log, written down with an entry that tells of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select

from models import ledger
from models.checkpoints import Checkpoint, key_id, known, signers
from models.events import Event
from models.key_change import KeyChange
from models.merkle import Frontier, leaf_hash
from models.seal_key import LostKeyError, known_keys
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
    lost: bool = False,
) -> Seal | None:
    """Seal what a log holds now, inside the caller's transaction, and return the seal; None when the log is empty.

    Where nothing was written since the last seal, that one is returned. Two who seal at once write one line of seals:
    the log is locked until the transaction ends, as by whoever appends; call it last. Where the last seal was made with
    an earlier key, an entry first tells of each change since; `changes` are those that led to the key, the last first.

    Raises LostKeyError where the last seal was made with none of these keys, unless the key is said to be `lost`: then
    an entry tells that.
    """
    ledger.lock(session, log)
    last = newest_seal(session, log)
    entry = {"actor": actor, "cycle": None, "run": run or {}}
    if last and not _is_ours(last, key, changes):
        if not lost:
            words = f"The last seal of {log} was made with another key than the one that is here, or was before it."
            raise LostKeyError(words)
        facts = {"new": key.public_key().public_bytes_raw().hex()}
        ledger.append(session, log, Event.SEAL_KEY_LOST, moment, {**entry, "facts": facts})
        changes = ()
    for change in _since(last, changes):
        ledger.append(session, log, Event.SEAL_KEY_CHANGED, moment, {**entry, "facts": asdict(change)})
    frontier = Frontier.of(last.size, last.peaks) if last else Frontier()
    for leaf in ledger.leaves(session, log, frontier.size):
        frontier.add(leaf)
    if frontier.size == 0 or (last and last.size == frontier.size):
        return last
    made = _signed(log, frontier, key, moment())
    session.add(made)
    sealed = {"size": made.size, "root": frontier.root().hex()}
    ledger.append(session, log, Event.RECORD_SEALED, moment, {**entry, "facts": sealed})
    return made


def need_seal_key(session: Session, logs: Iterable[str], data_dir: Path) -> None:
    """Raise LostKeyError when the last seal of a log was made with a key that the data folder does not hold."""
    ours = set(known_keys(data_dir))
    for log in logs:
        last = newest_seal(session, log)
        if last and not signers(last.note) & ours:
            raise LostKeyError(f"The last seal of {log} was made with another key than those in {data_dir}.")


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


def _is_ours(last: Seal, key: Ed25519PrivateKey, changes: Sequence[KeyChange]) -> bool:
    """Tell whether a seal was made with a key, or with one that it follows."""
    return bool(signers(last.note) & set(known([key.public_key(), *(change.old_key for change in changes)])))


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
