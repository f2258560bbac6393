"""A flow run as its worker has taken it. Its process begins with that, and asks Prefect for it only when it runs.

Prefect's engine would read it three times: to begin, to watch whether somebody suspends it, and once it is Running.
Only the last is left, and whatever happened in between is seen then.
"""

from uuid import UUID

from prefect import flow_engine
from prefect._internal.observers import FlowRunSuspendingObserver
from prefect.client.schemas.objects import FlowRun


def begin_with(run: FlowRun) -> None:
    """Let Prefect's engine begin with this run in this process."""

    def load_flow_run(flow_run_id: UUID) -> FlowRun:  # noqa: ARG001 - a process has one
        return run

    async def watch_flow_run_id(observer: FlowRunSuspendingObserver, flow_run_id: UUID) -> None:
        watch = observer._create_watch(flow_run_id)  # noqa: SLF001 - what it does itself once it has asked
        observer._watches[flow_run_id] = watch  # noqa: SLF001
        watch.initialize(run.state)

    flow_engine.load_flow_run = load_flow_run
    FlowRunSuspendingObserver.watch_flow_run_id = watch_flow_run_id  # type: ignore[method-assign]
