"""`@cycle`: makes a Prefect flow of a function that reads like the written procedure."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from prefect import Flow, flow
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.engine import artifacts
from flows.engine.closing import Outcome, close, ended_as
from flows.engine.current import Running, set_current
from flows.engine.lock import only_process
from flows.engine.sleeping import go_to_sleep
from flows.engine.waiting import Waiting
from models import clock, cycles
from models.duties import Duty
from models.people import clinic_named
from models.store import transaction

Body = Callable[[str, str], Awaitable[Outcome]]


def cycle(duty: Duty) -> Callable[[Body], Flow[..., Any]]:
    """Make the flow of a duty. The function runs from the top at every waking; steps already done are read back."""

    def make(body: Body) -> Flow[..., Any]:
        async def run(clinic: str, period: str | None = None) -> State[Any]:
            return await _look(duty, body, clinic, period)

        run.__name__, run.__doc__, run.__module__ = body.__name__, body.__doc__, body.__module__
        made = flow(name=duty.name, flow_run_name=_run_name, description=body.__doc__, persist_result=False)(run)
        made.duty = duty  # type: ignore[attr-defined]
        return made

    return make


def _run_name() -> str:
    parameters: dict[str, Any] = flow_run.parameters
    period = parameters.get("period") or clock.now().year
    return f"{parameters['clinic']} {flow_run.flow_name} {period}"


async def _look(duty: Duty, body: Body, clinic: str, period: str | None) -> State[Any]:
    running = _running(duty, clinic, period)
    if not isinstance(running, Running):
        return running
    async with only_process(running.key):
        running = _woken(running)
        set_current(running)
        try:
            outcome = await body(clinic, running.period)
        except Waiting:
            return await go_to_sleep(running)
        state = close(running, outcome)
        await artifacts.show_end(running, outcome)
        return state


def _running(duty: Duty, clinic: str, period: str | None) -> Running | State[Any]:
    """Write the cycle's row if a schedule started it, and claim it for this flow run; or say how it had ended."""
    context = FlowRunContext.get()
    assert context is not None  # noqa: S101 - this is a flow
    assert context.flow_run is not None  # noqa: S101 - this is a flow
    with transaction() as tx:
        zone = clinic_named(tx.session, clinic).time_zone
        today = clock.today(zone)
        row = cycles.begin(tx, duty, clinic, period or duty.period(today), today, actor="schedule")
        if not cycles.claim_run(tx, row, context.flow_run.id):
            return Completed(name="AlreadyUnderWay", message="This cycle has another flow run; see the clinic's board.")
        if row.closed_at is not None:
            return ended_as(row)
        return Running(row.key, clinic, zone, duty, row.period, row.due_on, context.flow_run.id, row.wake_wanted_at)


def _woken(running: Running) -> Running:
    """Note, under the lock, that the cycle lives and which wish to be woken this look answers."""
    with transaction() as tx:
        row = cycles.cycle_named(tx.session, running.key)
        row.looked_at = clock.now()
        return replace(running, woken_for=row.wake_wanted_at)
