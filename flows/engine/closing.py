"""How a cycle ends: done, done late with reasons, done with exceptions. Late is a state, not a failure."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.engine.current import Running
from models import clock
from models.cycles import copy_time, open_requests
from models.events import Event
from models.requests import drop, locked
from models.store import Transaction, transaction
from models.tables import Cycle, Dropped, RequestState
from models.words import count_in_words, days_in_words, list_in_words


@dataclass(frozen=True)
class Outcome:
    """What a cycle came to, in words; the table of who did what when is made of the store."""

    summary: str
    exceptions: list[str] = field(default_factory=list)
    """What was not done, each with its reason."""
    why_late: str = ""
    done_on: date | None = None
    """The civil day on which what the law wants was done, where that is not the day it ends."""
    days_late: int | None = None
    """By how many calendar days, where there is more than one clock to be late by."""

    def late_by(self, due_on: date, today: date) -> int:
        """Return by how many calendar days it is late, if it ends today."""
        return max(((self.done_on or today) - due_on).days, 0) if self.days_late is None else self.days_late


def close(running: Running, outcome: Outcome) -> None:
    """Write that the cycle is closed, and what it came to, once: a process that hung may come here after another."""
    with transaction() as tx:
        _drop_what_is_open(tx, running)
        cycle = tx.session.get_one(Cycle, running.key, with_for_update={"key_share": True})
        if cycle.closed_at is not None:
            return
        late = outcome.late_by(cycle.due_on, running.today())
        cycle.closed_at, cycle.wake_wanted_at = clock.now(), None
        cycle.history_wanted_at = copy_time()
        why = {"summary": outcome.summary, "why_late": outcome.why_late}
        after = list_in_words(running.seen.answered, 5) if running.seen.answered else ""
        cycle.outcome = {**why, "exceptions": outcome.exceptions, "days_late": late, "after": after}
        run = {"flow_run": str(running.flow_run_id)}
        facts = {"days_late": late, "exceptions": len(outcome.exceptions)}
        tx.record(cycle.clinic, Event.CYCLE_CLOSED, actor="engine", cycle=cycle.key, run=run, **facts)
        tx.seal(cycle.clinic, actor="engine", run=run)


def _drop_what_is_open(tx: Transaction, running: Running) -> None:
    """Close the requests that nothing waits for any more, locked before the cycle as whoever answers locks them."""
    for each in open_requests(tx.session, running.key):
        request = locked(tx, each.id)
        if request.state == RequestState.OPEN:
            drop(tx, request, Dropped.CLOSED_WITHOUT, {"flow_run": str(running.flow_run_id)})


def ended_as(cycle: Cycle) -> State[Any]:
    """Return the state the flow run of a closed cycle ends in; the same however often it is asked."""
    told = cycle.outcome
    late, exceptions = int(told["days_late"]), len(told["exceptions"])
    because = f", because {told['why_late']}" if told["why_late"] else ""
    parts = [f"Done late, {days_in_words(late)}{because}"] if late else []
    parts += [str(told["summary"]), *([count_in_words(exceptions, "exception")] if exceptions else [])]
    parts += [f"Last answered: {told['after']}"] if told.get("after") else []
    name = "DoneWithExceptions" if exceptions else "DoneLate" if late else "Done"
    return Completed(name=name, message=". ".join(parts) + ".")
