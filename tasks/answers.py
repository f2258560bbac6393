"""Tasks that take note of answers, so that Prefect's timeline tells who decided what."""

from dataclasses import dataclass
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from models import steps
from models.events import Event
from models.store import transaction
from models.tables import Cycle
from tasks.engine_task import engine_task, run_ids


@dataclass(frozen=True)
class Answered:
    """An answer as a state in Prefect refers to it."""

    request_id: str
    by: str
    """Who answered, and for whom, by name."""
    entry: int | None
    """The number of its entry in the clinic's log."""

    @property
    def who(self) -> str:
        """Return who it was, with the reference."""
        return self.by if self.entry is None else f"{self.by} (entry {self.entry})"

    @property
    def message(self) -> str:
        """Return the message of the state in which it is noted."""
        return f"Answered by {self.who}"


@engine_task(task_run_name="{past} by {name}: {subject}")
def note_answer(past: str, name: str, subject: str, cycle_key: str, step: str, answered: Answered) -> State[Any]:  # noqa: ARG001 - for the run's name
    """Take note of an answer, once; the answer itself was recorded when it was given. The state says who and where."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if not steps.is_done(tx.session, cycle_key, step):
            steps.mark_done(tx, cycle, step, run=run_ids(), event=Event.ANSWER_NOTED, request=answered.request_id)
    return Completed(message=answered.message)
