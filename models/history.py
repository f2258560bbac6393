"""What Prefect has of a cycle, as the record keeps it: what of each object matters.

A copy holds what was new or changed since the one before, as objects of four kinds. Prefect may lose all of it; the
copies are bound to the ledger by their hashes, and so are evidence by themselves.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from models.ledger import canonical

FORMAT = 1


class Kind(StrEnum):
    """A kind of object in Prefect."""

    FLOW_RUN = "flow run"
    STATE = "state"
    TASK_RUN = "task run"
    ARTIFACT = "artifact"


FACTS = {
    Kind.FLOW_RUN: ("name", "deployment_id", "parameters", "created"),
    Kind.STATE: ("type", "name", "timestamp", "message"),
    Kind.TASK_RUN: ("name", "task_key", "start_time", "end_time", "state"),
    Kind.ARTIFACT: ("key", "type", "description", "data", "created"),
}
"""What of an object is copied, named as in Prefect's API; a task run's state as the facts of a state."""
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
"""The types of states in which nothing goes on."""


@dataclass(frozen=True)
class Copied:
    """One object of Prefect's, as it was."""

    kind: Kind
    id: str
    """The UUID it has in Prefect."""
    facts: dict[str, Any]

    @classmethod
    def of(cls, kind: Kind, raw: dict[str, Any]) -> Self:
        """Take what matters of an object from the JSON of Prefect's API."""
        facts = {name: raw.get(name) for name in FACTS[kind]}
        if kind is Kind.TASK_RUN and raw.get("state"):
            facts["state"] = {name: raw["state"].get(name) for name in FACTS[Kind.STATE]}
        return cls(kind, str(raw["id"]), facts)

    @property
    def key(self) -> tuple[Kind, str]:
        """Return what tells it from other objects."""
        return self.kind, self.id

    @property
    def may_change(self) -> bool:
        """Tell whether Prefect may rightly change it: only a task run that has not ended."""
        return self.kind is Kind.TASK_RUN and (self.facts["state"] or {}).get("type") not in FINAL

    def in_words(self) -> str:
        """Return it as a finding names it."""
        name = self.facts.get("name") or self.facts.get("description") or self.facts.get("key")
        at = self.facts.get("timestamp") or self.facts.get("created") or self.facts.get("start_time") or ""
        return f"{self.kind} “{name}”" + (f" of {at[:19].replace('T', ' ')}" if at else "")


Objects = dict[tuple[Kind, str], Copied]


@dataclass(frozen=True)
class Copy:
    """What was new or changed about a cycle's flow run in Prefect."""

    cycle: str
    """The cycle's key."""
    flow_run: str
    """The UUID of its flow run."""
    number: int
    at: str
    """When it was copied: UTC, as the ledger writes moments."""
    objects: list[Copied] = field(default_factory=list)

    def body(self) -> bytes:
        """Return the bytes that are hashed and kept: canonical JSON."""
        objects = [{"kind": str(each.kind), "id": each.id, "facts": each.facts} for each in self.objects]
        told = {"cycle": self.cycle, "flow_run": self.flow_run, "number": self.number, "at": self.at}
        return canonical({"v": FORMAT, **told, "objects": objects})

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Read a copy's bytes. Raises ValueError, KeyError or TypeError when they are something else."""
        told = json.loads(body)
        objects = [Copied(Kind(each["kind"]), each["id"], each["facts"]) for each in told["objects"]]
        return cls(told["cycle"], told["flow_run"], told["number"], told["at"], objects)


def by_key(objects: Iterable[Copied]) -> Objects:
    """Return objects by what tells them apart, the later of two versions."""
    return {each.key: each for each in objects}


def news(known: Objects, seen: Iterable[Copied]) -> list[Copied]:
    """Return what was seen and is not known so."""
    return [each for each in seen if known.get(each.key) != each]
