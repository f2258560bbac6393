"""What is missing of a record since a backup, as the seals from outside tell."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from models import ledger
from models.checkpoints import Checkpoint
from models.restores import Restore, restores_of


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
