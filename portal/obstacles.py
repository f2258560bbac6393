"""Obstacles: what stands between a visitor and the form, as an honest page."""

from sqlmodel import Session

from models.answering import refuse_unanswerable
from models.answering_errors import (
    AnsweringError,
    ClosedError,
    LinkLockedError,
    LinkSpentError,
    NotYetError,
    OwnWorkError,
    PersonalError,
    SupersededError,
)
from models.cover import acting_for
from models.people import name_of, people_of
from portal.honest_pages import HonestPageError
from portal.records import record_of
from portal.visits import Visit

PAGES: dict[type[AnsweringError], tuple[str, int]] = {
    ClosedError: ("closed", 410),
    LinkLockedError: ("locked", 403),
    LinkSpentError: ("superseded", 409),
    NotYetError: ("not_yet", 403),
    OwnWorkError: ("own_work", 403),
    PersonalError: ("personal", 403),
    SupersededError: ("superseded", 409),
}


def refuse_obstructed(session: Session, visit: Visit, *, answered_status: int = 200) -> None:
    """Raise the honest page that stands in the way of answering, if there is one."""
    if visit.answer is not None:
        record = record_of(session, visit, visit.answer)
        raise HonestPageError("answered", answered_status, visit=visit, record=record)
    try:
        _refuse(visit)
    except AnsweringError as error:
        raise honest_page(session, visit, error) from error


def honest_page(session: Session, visit: Visit, error: AnsweringError) -> HonestPageError:
    """Return the page for what kept an answer from being recorded."""
    name, status = PAGES[type(error)]
    return HonestPageError(name, status, visit=visit, other=_other(session, visit))


def _refuse(visit: Visit) -> None:
    if visit.link.locked_at:
        raise LinkLockedError
    cycle_open = visit.cycle.closed_at is None
    refuse_unanswerable(visit.request, visit.link, visit.link.document_sha256, cycle_open=cycle_open)


def _other(session: Session, visit: Visit) -> str | None:
    """Return the name of who decides where the visitor may not: who has the request now, or who would act next."""
    if visit.request.holder_id != visit.person.id:
        return name_of(session, visit.request.holder_id)
    people = people_of(session, visit.clinic.slug)
    if visit.asked.id not in people:
        return None
    acting = acting_for(people, visit.asked.id, visit.today, [visit.person.id])
    return people[acting].name if acting != visit.person.id else None
