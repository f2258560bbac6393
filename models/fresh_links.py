"""Fresh links: sent on request, to the same person only, once an hour at most."""

from datetime import timedelta

from sqlmodel import col, select

from models import clock
from models.answerers import may_answer
from models.events import Event
from models.people import people_of
from models.requests import locked, notify
from models.store import Transaction
from models.tables import Link, Notice, NoticeKind, Person, Request, RequestState

ONCE_IN = timedelta(hours=1)


def queue_fresh_links(tx: Transaction, link: Link) -> list[str]:
    """Queue a notice with a fresh link for each open request its person may answer; return those requests' ids.

    A link that only lists stands for everything its letter asked. The relay posts the notices.
    """
    if not tx.session.get_one(Person, link.person_id).active:
        return []
    queued = [request_id for request_id in _requests_of(tx, link) if _queue(tx, link, request_id)]
    if queued:
        tx.tell_relay()
    return queued


def _requests_of(tx: Transaction, link: Link) -> list[str]:
    if link.request_id is not None:
        return [link.request_id]
    same = (Link.letter_id == link.letter_id, Link.person_id == link.person_id, col(Link.request_id).is_not(None))
    return sorted(each for each in tx.session.exec(select(Link.request_id).where(*same)) if each)


def _queue(tx: Transaction, link: Link, request_id: str) -> bool:
    request = locked(tx, request_id)
    if request.state != RequestState.OPEN or not _answers(tx, link, request) or _sent_lately(tx, link, request_id):
        return False
    notify(tx, request, link.person_id, NoticeKind.FRESH_LINK, at_once=True)
    facts = {"request": request.id, "link": link.id}
    tx.record(request.clinic, Event.FRESH_LINK_SENT, actor="portal", cycle=request.cycle_key, run=None, **facts)
    return True


def _answers(tx: Transaction, link: Link, request: Request) -> bool:
    return may_answer(people_of(tx.session, request.clinic), request, link.person_id)


def _sent_lately(tx: Transaction, link: Link, request_id: str) -> bool:
    statement = select(Notice.id).where(
        Notice.request_id == request_id,
        Notice.person_id == link.person_id,
        Notice.kind == NoticeKind.FRESH_LINK,
        Notice.written_at > clock.now() - ONCE_IN,
    )
    return tx.session.exec(statement.limit(1)).first() is not None
