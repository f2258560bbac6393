"""A worker for tests that runs what is scheduled in its own process: all is real but the process around each run."""

import logging
from importlib import import_module
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow_async

from deployments.prefect_server import WORK_POOL
from deployments.testing.clinic import carry
from models import clock
from models.store import reading
from models.tables import Cycle

log = logging.getLogger("wellkept.testing")


async def work_once(client: PrefectClient) -> int:
    """Run what is due now, and return how many runs that was."""
    due = await client.get_scheduled_flow_runs_for_work_pool(WORK_POOL, scheduled_before=clock.real_now())
    for each in due:
        await _run(client, each.flow_run)
    return len(due)


async def state_at_rest(client: PrefectClient, cycle_key: str) -> State[Any]:
    """Let everything move until it rests, and return the state of a cycle's flow run."""
    await carry()
    while await work_once(client):
        await carry()
    with reading() as session:
        run = session.get_one(Cycle, cycle_key).flow_run_id
    assert run is not None  # noqa: S101 - it was carried
    state = (await client.read_flow_run(run)).state
    assert state is not None  # noqa: S101 - every run has one
    return state


async def _run(client: PrefectClient, run: FlowRun) -> None:
    assert run.deployment_id is not None  # noqa: S101 - it came from a work pool
    deployment = await client.read_deployment(run.deployment_id)
    module, _, name = str(deployment.entrypoint).rpartition(".")
    flow = getattr(import_module(module), name)
    try:
        await run_flow_async(flow, flow_run=run, parameters=run.parameters, return_type="state")
    except (Pause, Abort) as signal:
        log.debug("%s sleeps: %s", run.name, signal)
