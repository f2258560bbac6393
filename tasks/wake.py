"""Waking cycles: the way from the store to Prefect. A waking carries nothing; the cycle looks for itself."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import httpx
from cachetools import TTLCache
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from models.cycles import claim_run
from models.errors import WellkeptError
from models.events import Event
from models.store import transaction
from models.tables import Cycle
from tasks.engine_task import run_ids


class Woken(StrEnum):
    """What a waking came to."""

    RESUMED = "resumed"
    STARTED = "started"
    REVIVED = "revived"
    QUEUED = "queued"
    """It waits for a worker, and will look as soon as one takes it."""
    BUSY = "busy"
    """It is awake; it will look by itself, or be woken again."""


class NotDeployedError(WellkeptError):
    """The clinic's cycle has no deployment in Prefect."""

    remedy = "`wellkept clinics apply PATH` deploys a clinic's duties."


_deployments: TTLCache[tuple[str, str], UUID] = TTLCache(maxsize=1000, ttl=5)
_MOST_AT_ONCE = 100
ENDED = {StateType.COMPLETED, StateType.CRASHED, StateType.FAILED, StateType.CANCELLED}


def deployment_name(clinic: str, duty: str) -> str:
    """Return the name of a clinic's deployment of a duty, as Prefect's UI shows it."""
    return f"{clinic} {duty}"


def run_name(clinic: str, duty: str, period: str) -> str:
    """Return the name of a cycle's flow run, as Prefect's UI shows it."""
    return f"{clinic} {duty} {period}"


async def wake(client: PrefectClient, cycle: Cycle) -> Woken:
    """Make an open cycle look again: resume it, start it, or take it up where it broke off.

    Raises httpx errors while Prefect is away, NotDeployedError when there is nothing to start.
    """
    woken = await _wake(client, cycle)
    if woken in {Woken.RESUMED, Woken.STARTED}:
        with transaction() as tx:
            tx.tell_worker()
    return woken


async def _wake(client: PrefectClient, cycle: Cycle) -> Woken:
    if cycle.flow_run_id is not None and await _resumed(client, cycle.flow_run_id):
        return Woken.RESUMED
    run = await run_of(client, cycle)
    if run is None:
        return await _start(client, cycle)
    if run.state is not None and run.state.type in ENDED:
        return await revive(client, cycle, run, f"the run had ended as {run.state.name}")
    return Woken.QUEUED if run.state is not None and run.state.type == StateType.SCHEDULED else Woken.BUSY


async def still_queued(client: PrefectClient, runs: Sequence[UUID]) -> set[UUID]:
    """Return which of these flow runs wait for a worker, asked of Prefect a hundred at a time."""
    scheduled = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    found: set[UUID] = set()
    for first in range(0, len(runs), _MOST_AT_ONCE):
        some = FlowRunFilterId(any_=list(runs[first : first + _MOST_AT_ONCE]))
        wanted = FlowRunFilter(id=some, state=scheduled)
        found |= {run.id for run in await client.read_flow_runs(flow_run_filter=wanted, limit=_MOST_AT_ONCE)}
    return found


async def run_of(client: PrefectClient, cycle: Cycle) -> FlowRun | None:
    """Return the flow run of a cycle, or None when there is none or somebody deleted it."""
    if cycle.flow_run_id is None:
        return None
    try:
        return await client.read_flow_run(cycle.flow_run_id)
    except ObjectNotFound:
        return None


async def _resumed(client: PrefectClient, flow_run_id: UUID) -> bool:
    """Resume a run if it sleeps. Only ACCEPT is a success: Prefect answers REJECT and ABORT with status 200 too.

    Not asked first whether it sleeps, which would cost as much again. Prefect breaks over a run that was deleted.
    """
    try:
        result = await client.resume_flow_run(flow_run_id)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            return False
        raise
    return result.status == SetStateStatus.ACCEPT


async def revive(client: PrefectClient, cycle: Cycle, run: FlowRun, why: str) -> Woken:
    """Schedule a run again that ended or hangs, and record it; it starts from the top and reads its done steps back."""
    state = Scheduled(message=f"Taken up again: {why}")  # type: ignore[var-annotated]
    result = await client.set_flow_run_state(run.id, state, force=True)
    if result.status != SetStateStatus.ACCEPT:
        return Woken.BUSY
    with transaction() as tx:
        facts = {"because": why, "was": run.state.name if run.state else None}
        tx.record(cycle.clinic, Event.CYCLE_REVIVED, actor="engine", cycle=cycle.key, run=run_ids(), **facts)
        tx.tell_worker()
    return Woken.REVIVED


async def _deployment_of(client: PrefectClient, cycle: Cycle) -> UUID:
    """Return the id of a cycle's deployment, as it is or was a moment ago: a clinic's cycles may begin together."""
    name = deployment_name(cycle.clinic, cycle.duty)
    key = (str(client.api_url), name)
    if key not in _deployments:
        try:
            _deployments[key] = (await client.read_deployment_by_name(f"{cycle.duty}/{name}")).id
        except ObjectNotFound as error:
            raise NotDeployedError(f"Prefect has no deployment called “{name}”.") from error
    return _deployments[key]


async def _start(client: PrefectClient, cycle: Cycle) -> Woken:
    """Create the flow run of a cycle; the idempotency key makes a second try find the first one's run."""
    deployment = await _deployment_of(client, cycle)
    generation = str(cycle.flow_run_id or "first")
    run = await client.create_flow_run_from_deployment(
        deployment,
        parameters={"clinic": cycle.clinic, "period": cycle.period},
        idempotency_key=f"{cycle.key}/{generation}",
        name=run_name(cycle.clinic, cycle.duty, cycle.period),
        state=Scheduled(message="The cycle begins"),
    )
    with transaction() as tx:
        row = tx.session.get_one(Cycle, cycle.key, with_for_update={"key_share": True})
        if row.flow_run_id == cycle.flow_run_id:
            row.flow_run_id = None
            claim_run(tx, row, run.id)
    return Woken.STARTED
