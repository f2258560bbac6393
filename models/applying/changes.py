"""Changes: what applying a folder did, in words for whoever applies it and as facts for the ledger."""

from collections.abc import Iterable, Mapping
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
    facts: list[dict[str, Any]] = field(default_factory=list)
    """The same for the ledger: which row, which columns, and what they say now."""

    def add(self, line: str, **facts: Any) -> None:  # noqa: ANN401 - facts are JSON
        """Note that something is new."""
        self.added.append(line)
        self.facts.append({"change": "added", **facts})

    def change(self, line: str, **facts: Any) -> None:  # noqa: ANN401 - facts are JSON
        """Note that something is not as it was."""
        self.changed.append(line)
        self.facts.append({"change": "changed", **facts})

    def remove(self, line: str, **facts: Any) -> None:  # noqa: ANN401 - facts are JSON
        """Note that something is gone."""
        self.removed.append(line)
        self.facts.append({"change": "removed", **facts})

    @property
    def any(self) -> bool:
        """True when the store is not as it was; remarks change nothing."""
        return bool(self.facts)

    def counts(self) -> dict[str, int]:
        """Return how many lines there are of each kind, for the ledger."""
        return {"added": len(self.added), "changed": len(self.changed), "removed": len(self.removed)}


def bring_up_to_date(row: SQLModel, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Set the columns of a row that differ from what is wanted, and return those."""
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return differing


def in_words(columns: Iterable[str]) -> str:
    """Return the names of columns as people say them."""
    return ", ".join(name.removesuffix("_id").replace("_", " ") for name in columns)
