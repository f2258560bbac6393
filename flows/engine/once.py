"""Steps that are done once and read back ever after."""

from collections.abc import Callable
from typing import Any

from prefect import Task
from sqlmodel import Session

from flows.engine.current import current
from models import steps
from models.store import reading, transaction
from models.tables import Cycle
from tasks.engine_task import run_ids


async def once(key: str, look: Callable[[Session], Any]) -> Any:  # noqa: ANN401 - a step's outcome is any JSON
    """Return what `look` reads from the store, as it was when the cycle first came here. Must be plain JSON."""
    running = current()
    done = running.seen.steps
    if key not in done:
        with transaction() as tx:
            done[key] = look(tx.session)
            steps.mark_done(tx, tx.session.get_one(Cycle, running.key), key, done[key], run_ids())
    return done[key]


async def do(step: str, task: Task[Any, Any], **parameters: Any) -> Any:  # noqa: ANN401 - the task's own parameters
    """Run a task that marks `step` as done in its own transaction, unless that has happened; return what came of it."""
    running = current()
    done = running.seen.steps
    if step not in done:
        task(cycle_key=running.key, step=step, **parameters)
        with reading() as session:
            done[step] = steps.outcome_of(session, running.key, step)
    return done[step]
