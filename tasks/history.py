"""Reading what Prefect has of cycles' flow runs, and keeping it in our store."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from sqlmodel import Session, col, select

from models import clock
from models.history import FINAL, Copied, Kind
from models.history_copies import copied, keep
from models.store import reading, transaction
from models.tables import Cycle

PAGE = 200
"""As many objects as Prefect hands out at once."""
MOST_AT_ONCE = 40
_LINES = 4
_Filter = Literal["/flow_runs/filter", "/task_runs/filter", "/artifacts/filter"]
SETTLE = timedelta(minutes=5)
"""How long after a cycle's end Prefect may still write down task runs and artifacts."""
LONGEST_WAIT = timedelta(minutes=5)
"""How long a copy waits for cycles that want to be woken."""
PATIENCE = timedelta(hours=1)
"""After this a task run that has not ended will not: Prefect has lost its end."""


@dataclass
class RunHistory:
    """What Prefect has of one flow run."""

    objects: list[Copied] = field(default_factory=list)
    ended_at: datetime | None = None
    """When it ended; None while it has not."""

    def settled(self, now: datetime) -> bool:
        """Tell whether nothing can come any more."""
        if self.ended_at is None or now < self.ended_at + SETTLE:
            return False
        return now > self.ended_at + PATIENCE or not any(each.may_change for each in self.objects)


async def copy_due() -> int:
    """Copy what Prefect has of the cycles whose turn has come; return how many those were. Raises httpx errors."""
    with reading() as session:
        due = _due(session, clock.real_now())
        known = {key for cycle in due for key in copied(session, cycle.key)}
    if not due:
        return 0
    runs = [cycle.flow_run_id for cycle in due if cycle.flow_run_id]
    thorough = any(cycle.closed_at is not None for cycle in due)
    async with get_client() as client:
        found = await read_histories(client, runs, known=None if thorough else known)
    for cycle in due:
        _keep(cycle, found.get(cycle.flow_run_id, RunHistory()))
    return len(due)


async def read_histories(
    client: PrefectClient, runs: Sequence[UUID], known: set[tuple[Kind, str]] | None = None
) -> Mapping[UUID | None, RunHistory]:
    """Return what Prefect has of flow runs, by their ids; without those that it does not know (any more).

    With what is known already, the newest task runs and artifacts are read until all of a page are known.
    """
    wanted = [str(run) for run in runs]
    found: dict[UUID | None, RunHistory] = {}
    for first in range(0, len(wanted), MOST_AT_ONCE):
        found |= await _some(client, wanted[first : first + MOST_AT_ONCE], known)
    return found


async def _some(client: PrefectClient, runs: list[str], known: set[tuple[Kind, str]] | None) -> dict[Any, RunHistory]:
    found: dict[str, RunHistory] = {}
    async for raw in pages(client, "/flow_runs/filter", {"flow_runs": {"id": {"any_": runs}}, "sort": "ID_DESC"}):
        ended = raw["state"] and raw["state"]["type"] in FINAL
        ended_at = datetime.fromisoformat(raw["state"]["timestamp"]) if ended else None
        found[raw["id"]] = RunHistory([Copied.of(Kind.FLOW_RUN, raw)], ended_at)
    await _read_states(client, found)
    of_them = {"flow_run_id": {"any_": list(found)}}
    tasks = {"task_runs": of_them, "sort": "EXPECTED_START_TIME_DESC"}
    async for raw in pages(client, "/task_runs/filter", tasks, Kind.TASK_RUN, known):
        found[raw["flow_run_id"]].objects.append(Copied.of(Kind.TASK_RUN, raw))
    artifacts = {"artifacts": of_them, "sort": "CREATED_DESC"}
    async for raw in pages(client, "/artifacts/filter", artifacts, Kind.ARTIFACT, known):
        found[raw["flow_run_id"]].objects.append(Copied.of(Kind.ARTIFACT, raw))
    return {UUID(run): history for run, history in found.items()}


async def _read_states(client: PrefectClient, found: dict[str, RunHistory]) -> None:
    """Read the states of each run; Prefect tells them of one run at a time."""
    free = asyncio.Semaphore(_LINES)

    async def read(run: str) -> None:
        async with free:
            states = (await client.request("GET", "/flow_run_states/", params={"flow_run_id": run})).json()
        found[run].objects += [Copied.of(Kind.STATE, raw) for raw in states]

    await asyncio.gather(*(read(run) for run in found))


async def pages(
    client: PrefectClient,
    path: _Filter,
    wanted: Mapping[str, Any],
    kind: Kind | None = None,
    known: set[tuple[Kind, str]] | None = None,
) -> AsyncIterator[dict[str, Any]]:
    """Yield what a filter finds, page by page; up to the first page of which everything is known."""
    offset = 0
    while True:
        rows = (await client.request("POST", path, json={**wanted, "limit": PAGE, "offset": offset})).json()
        for raw in rows:
            yield raw
        if len(rows) < PAGE or (known and all((kind, raw["id"]) in known for raw in rows)):
            return
        offset += PAGE


def _due(session: Session, now: datetime) -> list[Cycle]:
    """Return the cycles to copy now. While others want to be woken it waits: that comes first, but not for ever."""
    waking = select(Cycle.key).where(col(Cycle.wake_wanted_at).is_not(None), col(Cycle.closed_at).is_(None)).limit(1)
    busy = session.exec(waking).first() is not None
    wanted = select(Cycle).where(col(Cycle.history_wanted_at) <= (now - LONGEST_WAIT if busy else now))
    return list(session.exec(wanted.order_by(col(Cycle.history_wanted_at)).limit(MOST_AT_ONCE)))


def _keep(cycle: Cycle, history: RunHistory) -> None:
    """Keep what is new of a cycle, and say when to look again: never when it sleeps, later while it has just ended."""
    last = cycle.closed_at is not None and history.settled(clock.real_now())
    gone = cycle.flow_run_id is None or not history.objects
    with transaction() as tx:
        row = tx.session.get_one(Cycle, cycle.key, with_for_update={"key_share": True})
        keep(tx, cycle.key, history.objects, last=last, actor="relay")
        if row.history_wanted_at == cycle.history_wanted_at:
            again = cycle.closed_at is not None and not last and not gone
            row.history_wanted_at = clock.real_now() + SETTLE if again else None
