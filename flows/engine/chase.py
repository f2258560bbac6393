"""Chasing one open request: cover, mail that bounced, due rungs, and the written exception at the end of the ladder."""

from flows.engine.asking import Asked
from flows.engine.current import current
from flows.engine.exceptions import exception_of
from models import chasing
from models.cover import People
from models.ladders import Act, Rung
from models.questions import Question
from models.requests import is_rung_due, rungs_due
from models.store import reading
from models.tables import Delivery, Request, RequestState
from models.words import day_in_words, due_in_words
from tasks.asking import climb, drop_unanswerable, hand_over, tell_not_delivered


async def chase(asked: Asked) -> None:
    """Do everything that is due about an open request today."""
    people = current().people()
    for act in (_nobody_can_answer, _cover, _not_delivered, _climb):
        if asked.request.state == RequestState.OPEN and act(asked.request, people):
            asked.read_again()
    if asked.request.state == RequestState.OPEN and (exception := await exception_of(asked, people)):
        await chase(exception)


def _nobody_can_answer(request: Request, people: People) -> bool:
    """Close a request that only somebody who has left could answer; True when it was one."""
    if not chasing.nobody_can_answer(people, request.asked_id, Question.model_validate(request.question)):
        return False
    drop_unanswerable(current().name_of(request.asked_id), request.title, request.id)
    return True


def _cover(request: Request, people: People) -> bool:
    """Give a request to whoever covers today, or back; True when it has changed hands."""
    question = Question.model_validate(request.question)
    holder = chasing.holder_today(people, request.asked_id, question, current().today())
    if holder == request.holder_id:
        return False
    hand_over(people[holder].name, request.title, _why(request, people, holder), request.id, holder)
    return True


def _why(request: Request, people: People, holder: str) -> str:
    asked = people.get(request.asked_id)
    if holder == request.asked_id:
        return "back"
    if asked is None:
        return "the person asked has left"
    last = asked.back_after(current().today())
    return f"covers for {asked.name}" + (f", away until {day_in_words(last)}" if last else "")


def _not_delivered(request: Request, people: People) -> bool:
    """Tell somebody else that mail to the holder bounced; True when it had."""
    if request.delivery != Delivery.NOT_DELIVERED:
        return False
    told = chasing.told_of_bounce(people, request.holder_id, current().today())
    name = people[told].name if told else "nobody else"
    tell_not_delivered(people[request.holder_id].name, name, request.title, request.id, told)
    return True


def _climb(request: Request, people: People) -> bool:
    """Climb the rungs whose moment has come; True when there were any."""
    if not is_rung_due(request):
        return False
    with reading() as session:
        due = rungs_due(session, request)
    for rung in due:
        _climb_one(request, rung, people)
    return bool(due)


def _climb_one(request: Request, rung: Rung, people: People) -> None:
    due, told = due_in_words(request.due_on, current().today()), request.holder_id
    if rung.act is Act.ESCALATE:
        told = chasing.told_by(rung, people, request.asked_id, request.holder_id, current().today())
    how = "Remind" if told == request.holder_id else "Escalate to"
    climb(how, people[told].name, request.title, due, request.id, rung.offset, told)
