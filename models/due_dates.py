"""Due dates that move: with an extension, or because a request turns out to have come earlier."""

from datetime import date

from models.cycles import move_due_date, open_requests
from models.requests import Run, due_with_the_cycle, locked
from models.store import Transaction
from models.tables import Cycle, RequestState


def move_due(tx: Transaction, cycle: Cycle, due_on: date, run: Run) -> None:
    """Move a cycle's due date, and with it the open requests that are due on it; their ladders begin anew."""
    before = cycle.due_on
    if due_on == before:
        return
    for each in open_requests(tx.session, cycle.key):
        request = locked(tx, each.id)
        if request.state == RequestState.OPEN and request.due_on == before:
            due_with_the_cycle(tx, request, due_on)
    move_due_date(tx, cycle, due_on, run)
