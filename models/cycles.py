"""Cycles: beginning, waking, closing, and what still sleeps."""

from datetime import date, datetime, timedelta
from importlib.metadata import version
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models import clock
from models.duties import Duty
from models.errors import WellkeptError
from models.events import Event
from models.store import Transaction
from models.tables import Cycle, Request, RequestState

CODE_VERSION = version("wellkept")
COPY_AFTER = timedelta(seconds=10)
"""Prefect writes task runs down a few seconds after they were."""


class UnknownCycleError(WellkeptError):
    """There is no such cycle."""

    remedy = "`wellkept cycles list` shows the cycles there are."


def cycle_key(clinic: str, duty: str, period: str) -> str:
    """Return the key of a cycle: `clinic/duty/period`."""
    return f"{clinic}/{duty}/{period}"


def lock_name(cycle_key: str) -> str:
    """Return the name of the advisory lock that whoever works on a cycle holds."""
    return f"cycle:{cycle_key}"


def cycle_named(session: Session, key: str) -> Cycle:
    """Return a cycle. Raises UnknownCycleError."""
    if cycle := session.get(Cycle, key):
        return cycle
    raise UnknownCycleError(f"There is no cycle called “{key}”.")


def cycle_of_run(session: Session, flow_run_id: UUID) -> Cycle | None:
    """Return the cycle that a flow run belongs to, or None while it has claimed none."""
    return session.exec(select(Cycle).where(Cycle.flow_run_id == flow_run_id)).first()


def begin(
    tx: Transaction, duty: Duty, clinic: str, period: str, started_on: date, actor: str, due_on: date | None = None
) -> Cycle:
    """Write a cycle's row unless it is there; of two at once one writes it, and the other waits and finds it.

    It is due on the day a legal clock gives, or after the days its duty takes. Its flow run comes after the commit, by
    the relay or by a schedule.
    """
    wanted = Cycle(
        key=cycle_key(clinic, duty.name, period),
        clinic=clinic,
        duty=duty.name,
        period=period,
        due_on=due_on or started_on + timedelta(days=duty.days()),
        code_version=CODE_VERSION,
        began_at=clock.now(),
        wake_wanted_at=clock.now(),
    )
    written = insert(Cycle).values(wanted.model_dump()).on_conflict_do_nothing().returning(col(Cycle.key))
    if tx.session.execute(written).first():
        tx.record(clinic, Event.CYCLE_BEGUN, actor=actor, cycle=wanted.key, duty=duty.name, due_on=str(wanted.due_on))
        tx.tell_relay()
    return tx.session.get_one(Cycle, wanted.key, with_for_update={"key_share": True})


def claim_run(tx: Transaction, cycle: Cycle, flow_run_id: UUID) -> bool:
    """Tie a cycle to its flow run, once. False when another run has it already."""
    if cycle.flow_run_id == flow_run_id:
        return True
    if cycle.flow_run_id is not None:
        return False
    cycle.flow_run_id = flow_run_id
    tx.record(
        cycle.clinic, Event.CYCLE_RUN_STARTED, actor="engine", cycle=cycle.key, run={"flow_run": str(flow_run_id)}
    )
    return True


def move_due_date(tx: Transaction, cycle: Cycle, due_on: date, run: dict[str, str]) -> None:
    """Move a cycle's due date, as an extension does; what the caller does with its requests is one step with it."""
    facts = {"before": str(cycle.due_on), "due_on": str(due_on)}
    cycle.due_on = due_on
    tx.record(cycle.clinic, Event.CYCLE_EXTENDED, actor="engine", cycle=cycle.key, run=run, **facts)


def look_on(tx: Transaction, cycle_key: str, day: date | None) -> None:
    """Have rounds wake a cycle on a civil day of its clinic; it replaces the day before."""
    tx.session.get_one(Cycle, cycle_key, with_for_update={"key_share": True}).look_on = day


def want_waking(tx: Transaction, cycle_key: str) -> None:
    """Ask the relay to wake a cycle after the commit."""
    cycle = tx.session.get(Cycle, cycle_key, with_for_update={"key_share": True})
    if cycle is not None and cycle.closed_at is None:
        cycle.wake_wanted_at, cycle.wake_tries, cycle.wake_not_before = clock.now(), 0, None
        tx.tell_relay()


def copy_time() -> datetime:
    """Return when to copy what Prefect has by now of a cycle (real time)."""
    return clock.real_now() + COPY_AFTER


def wakings_due(session: Session, real_now: datetime) -> list[Cycle]:
    """Return the open cycles that want waking and whose last try is long enough ago (real time)."""
    statement = select(Cycle).where(
        col(Cycle.wake_wanted_at).is_not(None),
        col(Cycle.closed_at).is_(None),
        or_(col(Cycle.wake_not_before).is_(None), col(Cycle.wake_not_before) <= real_now),
    )
    return list(session.exec(statement.order_by(col(Cycle.wake_wanted_at))))


def open_cycles(session: Session, clinic: str | None = None) -> list[Cycle]:
    """Return the cycles that are not closed, oldest first."""
    statement = select(Cycle).where(col(Cycle.closed_at).is_(None)).order_by(col(Cycle.began_at))
    return list(session.exec(statement.where(Cycle.clinic == clinic) if clinic else statement))


def open_requests(session: Session, cycle_key: str) -> list[Request]:
    """Return the requests of a cycle that nobody has answered, by due date."""
    statement = select(Request).where(Request.cycle_key == cycle_key, Request.state == RequestState.OPEN)
    return list(session.exec(statement.order_by(col(Request.due_on), col(Request.title))))
