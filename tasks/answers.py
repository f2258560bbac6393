"""Tasks that take note of answers, so that Prefect's timeline tells who decided what."""

from models import steps
from models.events import Event
from models.store import transaction
from models.tables import Cycle
from tasks.engine_task import engine_task, run_ids


@engine_task(task_run_name="{past} by {name}: {subject}")
def note_answer(past: str, name: str, subject: str, cycle_key: str, step: str, request_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Take note of an answer, once; the answer itself was recorded when it was given."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if not steps.is_done(tx.session, cycle_key, step):
            steps.mark_done(tx, cycle, step, run=run_ids(), event=Event.ANSWER_NOTED, request=request_id)
