"""Restores: that a record was brought back from a backup, and what is known to be lost by it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from models import ledger
from models.checkpoints import Checkpoint
from models.events import Event
from models.ledger_lookup import entries_of
from models.store import Transaction


@dataclass(frozen=True)
class Restore:
    """A record was brought back from a backup."""

    seq: int
    """The number of the entry that tells of it: how many entries the backup held."""
    at: str
    """UTC, as the ledger writes moments."""
    backup_at: str
    """When the backup was made."""


def note_restore(tx: Transaction, log: str, backup_at: str, actor: str) -> None:
    """Let a record tell that it was brought back from the backup of a moment (UTC, as the ledger writes moments)."""
    tx.record(log, Event.RECORD_RESTORED, actor=actor, backup_at=backup_at)
    tx.seal(log, actor=actor)


def restores_of(session: Session, log: str) -> list[Restore]:
    """Return the restores that a record tells of, the first first."""
    found = entries_of(session, log, Event.RECORD_RESTORED)
    return [Restore(seq, str(entry["at"]), str(entry["facts"].get("backup_at"))) for seq, entry in found]


@dataclass(frozen=True)
class Missing:
    """What a record does not hold that a seal from outside says it held."""

    log: str
    entries: int
    """How many are missing; 0 when no seal says so."""
    since: str | None
    """When the last entry was written that is there."""
    until: str | None
    """When the seal was made that covers the most."""
    restore: Restore | None


def missing_of(session: Session, log: str, checkpoints: Iterable[Checkpoint]) -> Missing:
    """Return what is missing of a record, as the seals from outside tell."""
    restore = next(reversed(restores_of(session, log)), None)
    size = restore.seq if restore else ledger.count(session, log)
    older = [each for each in checkpoints if each.log == log and (restore is None or each.at < restore.at)]
    most = max(older, key=lambda each: each.size, default=None)
    lost = max(most.size - size, 0) if most else 0
    return Missing(log, lost, ledger.written_at(session, log, size - 1), most.at if most and lost else None, restore)
