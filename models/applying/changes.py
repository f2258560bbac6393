"""Changes: what applying a folder did, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel


@dataclass
class Changes:
    """What was added, changed and removed, and what the person who applies should know; one line each."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """True when the store is not as it was; remarks change nothing."""
        return bool(self.added or self.changed or self.removed)

    def counts(self) -> dict[str, int]:
        """Return how many lines there are of each kind, for the ledger."""
        return {"added": len(self.added), "changed": len(self.changed), "removed": len(self.removed)}


def bring_up_to_date(row: SQLModel, wanted: Mapping[str, Any]) -> list[str]:
    """Set the columns of a row that differ from what is wanted, and return their names as people say them."""
    differing = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, wanted[name])
    return [name.removesuffix("_id").replace("_", " ") for name in differing]
