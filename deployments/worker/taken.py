"""A flow run as its worker has taken it: its process begins with that, and does not ask Prefect for what was just told.

Prefect's engine would read the run three times: to begin, to watch whether somebody suspends it, and once it is
Running. For the watch it would also open a line of its own, and wait for that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event, Thread
from uuid import UUID

from prefect import flow_engine
from prefect._flow_run_suspension import FlowRunSuspensionRequest, observe_flow_run_suspension
from prefect.client.schemas.objects import FlowRun

WATCHED_AFTER_SECONDS = 2.0
"""From when on it is watched whether somebody suspends a run. A shorter one is over before anybody could."""
_END_SECONDS = 2.0


def begin_with(run: FlowRun) -> None:
    """Let Prefect's engine begin with this run in this process, and watch it only when it lasts."""

    def load_flow_run(flow_run_id: UUID) -> FlowRun:  # noqa: ARG001 - a process has one
        return run

    flow_engine.load_flow_run = load_flow_run
    flow_engine.observe_flow_run_suspension = _watch_what_lasts  # type: ignore[attr-defined]  # it is imported there


@contextmanager
def _watch_what_lasts(
    flow_run_id: UUID, suspension_request: FlowRunSuspensionRequest, polling_interval: float = 10
) -> Iterator[None]:
    """Do what Prefect does, a moment later; it reads the run then, so a suspension before that moment is seen too."""
    ended = Event()

    def watch() -> None:
        if not ended.wait(WATCHED_AFTER_SECONDS):
            with observe_flow_run_suspension(flow_run_id, suspension_request, polling_interval):
                ended.wait()

    thread = Thread(target=copy_context().run, args=(watch,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_END_SECONDS)
