"""What Prefect has of a cycle, as the record keeps it: what of each object matters, and what may change about it.

A copy holds what was new or changed since the one before, as objects of four kinds. Prefect may lose all of it; the
copies are bound to the ledger by their hashes, and so are evidence by themselves.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.ledger import canonical

FORMAT = 1


class Kind(StrEnum):
    """A kind of object in Prefect."""

    FLOW_RUN = "flow run"
    STATE = "state"
    TASK_RUN = "task run"
    ARTIFACT = "artifact"


@dataclass(frozen=True)
class Copied:
    """One object of Prefect's, as it was. `facts` are JSON, named as in Prefect's API.

    flow run: name, deployment_id, parameters, created. state: type, name, timestamp, message. task run: name,
    task_key, created, state (type, name, timestamp, message). artifact: key, type, description, data, created.
    """

    kind: Kind
    id: str
    """The UUID it has in Prefect."""
    facts: dict[str, Any]


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
        objects = [{"kind": str(each.kind), "id": each.id, **each.facts} for each in self.objects]
        return canonical(
            {
                "v": FORMAT,
                "cycle": self.cycle,
                "flow_run": self.flow_run,
                "number": self.number,
                "at": self.at,
                "objects": objects,
            }
        )
