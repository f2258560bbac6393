"""`@cycle`: makes a Prefect flow of a function that reads like the written procedure."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from prefect import Flow, flow, get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.states import Completed
from sqlmodel import Session

from flows.engine.closing import Outcome, close, ended_as
from flows.engine.current import Running, set_current
from flows.engine.lock import only_process
from flows.engine.sleeping import go_to_sleep
from flows.engine.waiting import Waiting
from models import clock, cycles
from models.duties import Duty
from models.people import clinic_named
from models.store import reading, transaction
from tasks.engine_task import NOWHERE
from tasks.standing import show_standing
from tasks.wake import run_name

Body = Callable[[str, str], Awaitable[Outcome]]


def cycle(duty: Duty) -> Callable[[Body], Flow[..., Any]]:
    """Make the flow of a duty. The function runs from the top at every waking; steps already done are read back."""

    # Parameters are not validated: the server did that when the run was made; the engine would build a model for it.
    def make(body: Body) -> Flow[..., Any]:
        async def run(clinic: str, period: str | None = None) -> State[Any]:
            return await _look(duty, body, clinic, period)

        run.__name__, run.__doc__, run.__module__ = body.__name__, body.__doc__, body.__module__
        made = flow(
            name=duty.name,
            description=body.__doc__,
            persist_result=False,
            result_storage=NOWHERE,
            validate_parameters=False,
        )(run)
        made.duty, made.procedure = duty, body  # type: ignore[attr-defined]
        return made

    return make


async def _look(duty: Duty, body: Body, clinic: str, period: str | None) -> State[Any]:
    run = _flow_run()
    period, key = claim(duty, clinic, period, run)
    await _call(run, run_name(clinic, duty.name, period))
    if key is None:
        return Completed(name="AlreadyUnderWay", message="This cycle has another flow run; see the clinic's board.")
    async with only_process(key) as lock:
        running = begin_look(duty, key, run.id)
        if running is not None:
            set_current(running)
            try:
                outcome = await body(clinic, running.period)
            except Waiting:
                return await go_to_sleep(running, lock)
            lock.need()
            close(running, outcome)
        return await _end(key)


def _flow_run() -> FlowRun:
    context = FlowRunContext.get()
    assert context is not None  # noqa: S101 - this is a flow
    assert context.flow_run is not None  # noqa: S101 - this is a flow
    return context.flow_run


async def _call(run: FlowRun, name: str) -> None:
    """Give a run its name, if a schedule made it and Prefect thought of one."""
    if run.name != name:
        async with get_client() as client:
            await client.set_flow_run_name(run.id, name)
        run.name = name


def claim(duty: Duty, clinic: str, period: str | None, run: FlowRun) -> tuple[str, str | None]:
    """Write the cycle's row if a schedule started it, and tie it to this flow run.

    Returns its period and its key; no key when it has another flow run.
    """
    with transaction() as tx:
        today = clock.today(clinic_named(tx.session, clinic).time_zone)
        period = _period(tx.session, duty, clinic, period, run)
        row = cycles.begin(tx, duty, clinic, period, today, actor="schedule")
        return period, row.key if cycles.claim_run(tx, row, run.id) else None


def _period(session: Session, duty: Duty, clinic: str, given: str | None, run: FlowRun) -> str:
    """Return the period of this flow run's cycle: once claimed it is the cycle's, whatever year it has become."""
    if claimed := cycles.cycle_of_run(session, run.id):
        return claimed.period
    scheduled = run.expected_start_time or clock.real_now()
    return given or duty.period(clock.day_of(scheduled, clinic_named(session, clinic).time_zone))


def begin_look(duty: Duty, key: str, flow_run_id: UUID) -> Running | None:
    """Note, under the lock, that the cycle lives and which wish to be woken it answers; None when it is closed."""
    with transaction() as tx:
        row = cycles.cycle_named(tx.session, key)
        if row.closed_at is not None:
            return None
        row.looked_at = clock.now()
        zone = clinic_named(tx.session, row.clinic).time_zone
        return Running(key, row.clinic, zone, duty, row.period, row.due_on, flow_run_id, row.wake_wanted_at)


async def _end(key: str) -> State[Any]:
    """Show the end and return its state; the same again if a process died between closing and ending."""
    with reading() as session:
        cycle = cycles.cycle_named(session, key)
    await show_standing(key)
    return ended_as(cycle)
