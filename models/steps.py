"""Steps: what a cycle has done already, by key."""

from typing import Any

from sqlmodel import Session

from models import clock
from models.events import Event
from models.store import Transaction
from models.tables import Cycle, Step


def outcome_of(session: Session, cycle_key: str, key: str) -> Any:  # noqa: ANN401 - a step's outcome is any JSON
    """Return what came of a step, or raise KeyError when it was not done yet."""
    step = session.get(Step, (cycle_key, key))
    if step is None:
        raise KeyError(key)
    return step.outcome


def is_done(session: Session, cycle_key: str, key: str) -> bool:
    """Tell whether a step was done."""
    return session.get(Step, (cycle_key, key)) is not None


def outcome_is(session: Session, cycle_key: str, key: str, outcome: Any) -> None:  # noqa: ANN401 - as above
    """Complete the outcome of a step in the transaction that marks it as done."""
    session.get_one(Step, (cycle_key, key)).outcome = outcome


def mark_done(
    tx: Transaction,
    cycle: Cycle,
    key: str,
    outcome: Any = None,  # noqa: ANN401 - a step's outcome is any JSON
    run: dict[str, str] | None = None,
    event: Event = Event.STEP_DONE,
    **facts: Any,  # noqa: ANN401 - facts are JSON
) -> None:
    """Write that a step was done, with its ledger entry, in the caller's transaction."""
    tx.session.add(Step(cycle_key=cycle.key, key=key, outcome=outcome, done_at=clock.now()))
    tx.record(cycle.clinic, event, actor="engine", cycle=cycle.key, run=run, step=key, **facts)
