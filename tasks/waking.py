"""The task with which rounds wakes a cycle."""

from prefect import get_client

from models.tables import Cycle
from tasks.engine_task import engine_task
from tasks.wake import wake


@engine_task(task_run_name="Wake {title}: {why}")
async def wake_cycle(title: str, why: str, cycle: Cycle) -> str:  # noqa: ARG001 - for the run's name
    """Make a cycle look again. Returns what it came to; BUSY means that it is looking already."""
    async with get_client() as client:
        return await wake(client, cycle)
