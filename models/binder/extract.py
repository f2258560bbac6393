"""The extract of the ledger in a binder: the entries of its scope, and the hashes that stand for all others."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import ledger
from models.binder.scope import Scope
from models.binder.tabs import TOPICS, duty_is_about
from models.extracts import stand_ins
from models.tables import Seal

PROOF_FORMAT = 1


@dataclass(frozen=True)
class Extract:
    """The entries that are kept, and the proof that they stand in the log where they say."""

    seal: Seal
    kept: list[tuple[int, bytes]]
    """Numbers and bodies, in order."""
    hashes: list[bytes]

    def proof(self) -> dict[str, Any]:
        """Return the proof as JSON."""
        numbers = [number for number, _ in self.kept]
        hashes = [each.hex() for each in self.hashes]
        return {"v": PROOF_FORMAT, "log": self.seal.log, "size": self.seal.size, "entries": numbers, "hashes": hashes}


def extract(session: Session, scope: Scope, seal: Seal, always: int) -> Extract:
    """Return the extract of a scope from what a seal covers; the entry of the number `always` is in it in any case.

    In memory are the leaf hashes of the log, 32 bytes each, and the kept entries.
    """
    leaves: list[bytes] = []
    kept: list[tuple[int, bytes]] = []
    for entry in ledger.entries(session, scope.clinic):
        if entry.seq >= seal.size:
            break
        leaves.append(entry.leaf)
        if entry.seq == always or _belongs(json.loads(entry.body), scope):
            kept.append((entry.seq, entry.body))
    return Extract(seal, kept, stand_ins(leaves, [number for number, _ in kept]))


def _belongs(entry: dict[str, Any], scope: Scope) -> bool:
    if not scope.covers(datetime.fromisoformat(entry["at"])):
        return False
    if scope.topic is None:
        return True
    if entry["cycle"]:
        return duty_is_about(entry["cycle"].split("/")[1], scope.topic)
    return entry["event"].startswith("clinic:") and bool(TOPICS[scope.topic] & {"05", "08"})
