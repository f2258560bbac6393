"""Tasks that ask people and chase answers. Their names are what an administrator reads in Prefect."""

from datetime import date

from models import chasing, clock, requests
from models.events import Event
from models.ladders import LADDERS, Act
from models.people import clinic_named, people_of
from models.requests import Wanted
from models.store import Transaction, transaction
from models.tables import Climb, Delivery, NoticeKind, Request, RequestState
from tasks.engine_task import engine_task, run_ids


@engine_task(task_run_name="Ask {name}: {verb}")
def ask_person(name: str, verb: str, wanted: Wanted) -> None:  # noqa: ARG001 - name and verb are for the run's name
    """Make a request and the notice of it."""
    with transaction() as tx:
        requests.make_request(tx, wanted, run_ids())


@engine_task(task_run_name="Remind {name}: {verb}, {due}")
def remind(name: str, verb: str, due: str, request_id: str, offset: int) -> None:  # noqa: ARG001 - for the run's name
    """Climb a rung that reminds whoever has the request."""
    with transaction() as tx:
        _climb(tx, requests.locked(tx, request_id), offset)


@engine_task(task_run_name="Escalate to {name}: {verb}, {due}")
def escalate(name: str, verb: str, due: str, request_id: str, offset: int) -> None:  # noqa: ARG001 - for the run's name
    """Climb a rung that tells the next person on the ladder, and reminds whoever has the request."""
    with transaction() as tx:
        _climb(tx, requests.locked(tx, request_id), offset)


def _climb(tx: Transaction, request: Request, offset: int) -> None:
    if request.state != RequestState.OPEN or requests.has_climbed(tx.session, request, offset):
        return
    rung = LADDERS[request.ladder].rung(offset)
    people, day = people_of(tx.session, request.clinic), _today(tx, request)
    target = chasing.told_by(rung, people, request.asked_id, request.holder_id, day)
    requests.notify(tx, request, request.holder_id, NoticeKind.REMIND, at_once=False)
    if target != request.holder_id and rung.act is Act.ESCALATE:
        requests.notify(tx, request, target, NoticeKind.ESCALATE, at_once=False)
    tx.session.add(Climb(request_id=request.id, rung=offset, climbed_at=clock.now()))
    tx.session.flush()
    request.next_rung_at = requests.next_rung_at(tx.session, request)
    told = sorted({request.holder_id, target if rung.act is Act.ESCALATE else request.holder_id})
    requests.record(tx, Event.RUNG_CLIMBED, request, run_ids(), rung=offset, act=rung.act, told=told)


@engine_task(task_run_name="Hand over to {name}: {verb} ({why})")
def hand_over(name: str, verb: str, why: str, request_id: str, holder_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Give a request to whoever covers, or back to the person asked; both names stay in the record."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        if request.state != RequestState.OPEN or request.holder_id == holder_id:
            return
        before, request.holder_id = request.holder_id, holder_id
        kind = NoticeKind.RETURN if holder_id == request.asked_id else NoticeKind.COVER
        requests.notify(tx, request, holder_id, kind, at_once=False)
        requests.record(tx, Event.REQUEST_HANDED_OVER, request, run_ids(), before=before, holder=holder_id)


@engine_task(task_run_name="Mail to {name} was not delivered: {deputy} is told of “{verb}”")
def tell_not_delivered(name: str, deputy: str, verb: str, request_id: str, deputy_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Tell the deputy that the person asked cannot be reached by mail."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        if request.state != RequestState.OPEN or request.delivery != Delivery.NOT_DELIVERED:
            return
        request.delivery = Delivery.NOT_DELIVERED_TOLD
        requests.notify(tx, request, deputy_id, NoticeKind.NOT_DELIVERED, at_once=True)
        facts = {"before": request.holder_id, "holder": request.holder_id, "told": deputy_id}
        requests.record(tx, Event.REQUEST_HANDED_OVER, request, run_ids(), because="not delivered", **facts)


@engine_task(task_run_name="Exception written by {name}: {verb}")
def close_as_exception(name: str, verb: str, request_id: str, because: str, by_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Close a request nobody answered, with the reason written for it."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        if request.state == RequestState.OPEN:
            requests.close_as_exception(tx, request, because, by_id, run_ids())


def look_again_on(request_id: str, day: date) -> None:
    """Have rounds wake the cycle on a day when no rung is left to do so; no task run, since nobody is told."""
    with transaction() as tx:
        request = requests.locked(tx, request_id)
        moment = requests.beginning_of(tx.session, request.clinic, day)
        if request.state == RequestState.OPEN and request.next_rung_at != moment:
            request.next_rung_at = moment


def _today(tx: Transaction, request: Request) -> date:
    return clock.today(clinic_named(tx.session, request.clinic).time_zone)
