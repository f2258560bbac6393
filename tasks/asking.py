"""Tasks that ask people and chase answers. Their names are what an administrator reads in Prefect."""

from datetime import date

from models import clock, requests
from models.events import Event
from models.ladders import LADDERS
from models.requests import Wanted
from models.store import transaction
from models.tables import Climb, Delivery, Dropped, NoticeKind, RequestState
from tasks.engine_task import engine_task, run_ids


@engine_task(task_run_name="{heading}: {verb}")
def ask_person(heading: str, verb: str, wanted: Wanted) -> None:  # noqa: ARG001 - heading and verb are for the run's name
    """Make a request and the notice of it."""
    with transaction() as tx:
        requests.make_request(tx, wanted, run_ids())


@engine_task(task_run_name="{name} has left: {verb} is not asked any more")
def drop_unanswerable(name: str, verb: str, request_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Close what only somebody who has left could answer, and the question why it was not done."""
    with transaction() as tx:
        request, exceptions = requests.locked_with_exceptions(tx, request_id)
        if request.state == RequestState.OPEN:
            for each in (request, *exceptions):
                requests.drop(tx, each, Dropped.HAS_LEFT, run_ids())


@engine_task(task_run_name="{how} {name}: {verb}, {due}")
def climb(how: str, name: str, verb: str, due: str, request_id: str, offset: int, told_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Climb a rung: remind whoever has the request, and tell the next person on the ladder if that is another."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        if request.state != RequestState.OPEN or requests.has_climbed(tx.session, request, offset):
            return
        requests.notify(tx, request, request.holder_id, NoticeKind.REMIND, at_once=False)
        if told_id != request.holder_id:
            requests.notify(tx, request, told_id, NoticeKind.ESCALATE, at_once=False)
        tx.session.add(Climb(request_id=request.id, rung=offset, climbed_at=clock.now()))
        tx.session.flush()
        request.next_rung_at = requests.next_rung_at(tx.session, request)
        told, act = sorted({request.holder_id, told_id}), LADDERS[request.ladder].rung(offset).act
        requests.record(tx, Event.RUNG_CLIMBED, request, run_ids(), rung=offset, act=act, told=told)


@engine_task(task_run_name="Hand over to {name}: {verb} ({why})")
def hand_over(name: str, verb: str, why: str, request_id: str, holder_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Give a request to whoever covers, or back to the person asked; both names stay in the record."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        if request.state != RequestState.OPEN or request.holder_id == holder_id:
            return
        before, request.holder_id, request.delivery = request.holder_id, holder_id, Delivery.UNDERWAY
        kind = NoticeKind.RETURN if holder_id == request.asked_id else NoticeKind.COVER
        requests.notify(tx, request, holder_id, kind, at_once=False)
        requests.record(tx, Event.REQUEST_HANDED_OVER, request, run_ids(), before=before, holder=holder_id)


@engine_task(task_run_name="Mail to {name} was not delivered: {told} is told of “{verb}”")
def tell_not_delivered(name: str, told: str, verb: str, request_id: str, told_id: str | None) -> None:  # noqa: ARG001 - for the run's name
    """Tell somebody else that whoever has a request cannot be reached by mail; where nobody is, the record says so."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        if request.state != RequestState.OPEN or request.delivery != Delivery.NOT_DELIVERED:
            return
        request.delivery = Delivery.NOT_DELIVERED_TOLD if told_id else Delivery.NOT_DELIVERED_ALONE
        if told_id:
            requests.notify(tx, request, told_id, NoticeKind.NOT_DELIVERED, at_once=True)
        requests.record(tx, Event.HOLDER_NOT_REACHED, request, run_ids(), holder=request.holder_id, told=told_id)


@engine_task(task_run_name="Exception written by {name}: {verb}")
def close_as_exception(name: str, verb: str, request_id: str, because: str, by_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Close a request nobody answered, with the reason written for it."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        if request.state == RequestState.OPEN:
            requests.close_as_exception(tx, request, because, by_id, run_ids())


def look_again_on(request_id: str, day: date | None) -> None:
    """Have rounds wake the cycle on a day when no rung is left to do so; without a day the ladder alone does.

    No task run, since nobody is told.
    """
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        by_ladder = requests.next_rung_at(tx.session, request)
        moment = requests.beginning_of(tx.session, request.clinic, day) if day else by_ladder
        if request.state == RequestState.OPEN and request.next_rung_at != moment:
            request.next_rung_at = moment
