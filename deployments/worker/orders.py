"""What a worker and its warm process say to each other: JSON, one object a line, over a private socket."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from deployments.worker.known import Known
from deployments.worker.tokens import Token


@dataclass(frozen=True)
class Order:
    """A flow run to fork: everything that would be the command line, environment and folder of a new process."""

    flow_run_id: str
    environment: dict[str, str]
    folder: str
    shows_output: bool = True
    memory_bytes: int | None = None
    known: list[Known] = field(default_factory=list)
    """What the run need not ask Prefect for."""
    taken: str | None = None
    """The flow run itself as the worker has taken it, as JSON."""
    token: Token | None = None
    number: int = 0
    """Set when it is sent; the reports bear it."""


@dataclass(frozen=True)
class Report:
    """What became of an order: `pid` when it was forked, `status` when it ended, `error` when neither can be."""

    number: int
    pid: int | None = None
    status: int | None = None
    error: str | None = None


@dataclass(frozen=True)
class Ready:
    """The warm process's first word: the files it holds, the modules it could not hold and why, or why it gives up."""

    files: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    starts_threads: str | None = None
    """The module that started a thread, so that nothing can be forked."""


NO_MORE = b"null\n"
"""Said by the worker instead of an order: carry out what there is, and end."""


@dataclass
class Lines:
    """Bytes as they come, cut into lines."""

    _rest: bytes = field(default=b"")

    def feed(self, data: bytes) -> Iterator[dict[str, Any] | None]:
        """Yield the objects that are complete now; None stands for NO_MORE."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        yield from (json.loads(line) for line in whole)


def read_order(said: dict[str, Any]) -> Order:
    """Return an order as it was sent."""
    token = said["token"] and Token(**said["token"])
    return Order(**{**said, "known": [Known(**each) for each in said["known"]], "token": token})


def line(message: Order | Report | Ready) -> bytes:
    """Return a message as its line."""
    return json.dumps(asdict(message)).encode() + b"\n"
