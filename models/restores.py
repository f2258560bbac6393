"""Restores: that a record was brought back from a backup."""

from dataclasses import dataclass

from sqlmodel import Session

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
