"""Seals that somebody kept outside, held against the record of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from sqlmodel import Session

from models import ledger
from models.checkpoints import Checkpoint
from models.restores import Restore, restores_of
from models.sealing import root_at
from models.tables import Clinic
from models.words import count_in_words


class Standing(StrEnum):
    """How a record stands to a seal that somebody kept outside."""

    HOLDS = "holds"
    LOST = "lost in a restore"
    CUT_OFF = "cut off"
    REWRITTEN = "rewritten"
    ELSEWHERE = "not here"
    FORKED = "two histories"


@dataclass(frozen=True)
class Judged:
    """A seal from outside, and how the record stands to it."""

    standing: Standing
    checkpoint: Checkpoint
    words: str

    @classmethod
    def of(cls, session: Session, checkpoint: Checkpoint) -> Self:
        """Hold the record against a seal whose signature was found good."""
        told = f"{count_in_words(checkpoint.size, 'entry', 'entries')} of {checkpoint.log}, sealed at {checkpoint.at}"
        if session.get(Clinic, checkpoint.log) is None and ledger.count(session, checkpoint.log) == 0:
            words = f"There is no clinic called {checkpoint.log} here, so nothing is left of the {told}."
            return cls(Standing.ELSEWHERE, checkpoint, words)
        root = root_at(session, checkpoint.log, checkpoint.size)
        if root == checkpoint.root:
            return cls(Standing.HOLDS, checkpoint, f"The record still holds the {told}.")
        if restore := _lost_in(session, checkpoint):
            words = f"Of {told}, those from number {restore.seq} on were lost: the record was brought back "
            words += f"at {restore.at} from the backup of {restore.backup_at}."
            return cls(Standing.LOST, checkpoint, words)
        if root is None:
            return cls(Standing.CUT_OFF, checkpoint, f"The end was cut off: of {told}, not all are left.")
        words = f"The past was rewritten: {told}, are not those of today's record."
        return cls(Standing.REWRITTEN, checkpoint, words)


def forked(checkpoints: Iterable[Checkpoint]) -> list[Judged]:
    """Return seals that contradict each other: over equally many entries of a log, with another root."""
    found, seen = [], dict[tuple[str, int], Checkpoint]()
    for each in checkpoints:
        first = seen.setdefault((each.log, each.size), each)
        if first.root != each.root:
            words = f"Two seals over the first {each.size} entries of {each.log} differ, of {first.at} and of {each.at}"
            found.append(Judged(Standing.FORKED, each, f"{words}: there were two histories."))
    return found


def _lost_in(session: Session, checkpoint: Checkpoint) -> Restore | None:
    """Return the restore that lost entries a seal covers; the seal is older than it."""
    found = (each for each in restores_of(session, checkpoint.log) if each.seq < checkpoint.size)
    return next((each for each in found if checkpoint.at < each.at), None)
