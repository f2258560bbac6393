"""Why a cycle should look today."""

from sqlmodel import Session

from models import clock
from models.chasing import holder_today, nobody_can_answer
from models.cover import People
from models.cycles import open_requests
from models.people import clinic_named, people_of
from models.questions import Question
from models.tables import Cycle, Delivery, Request


def why_due(session: Session, cycle: Cycle) -> str | None:
    """Return in a few words why an open cycle should look now, or None when it may sleep on."""
    if cycle.flow_run_id is None:
        return "it has not started"
    if cycle.wake_wanted_at is not None:
        return "somebody answered"
    zone = clinic_named(session, cycle.clinic).time_zone
    if cycle.look_on is not None and cycle.look_on <= clock.today(zone):
        return "a day has come that it waits for"
    people = people_of(session, cycle.clinic)
    reasons = (_why(request, people, zone) for request in open_requests(session, cycle.key))
    return next((reason for reason in reasons if reason), None)


def _why(request: Request, people: People, time_zone: str) -> str | None:
    """`>=`, never `==`: what fell on a day that was missed is still due."""
    if request.next_rung_at is not None and clock.now() >= request.next_rung_at:
        return "a reminder is due"
    if request.delivery == Delivery.NOT_DELIVERED:
        return "mail was not delivered"
    question = Question.model_validate(request.question)
    if nobody_can_answer(people, request.asked_id, question):
        return "somebody asked has left"
    if holder_today(people, request.asked_id, question, clock.today(time_zone)) != request.holder_id:
        return "somebody's leave begins or ends"
    return None
