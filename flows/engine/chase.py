"""Chasing one open request: cover, mail that bounced, due rungs, and the written exception at the end of the ladder."""

from flows.engine.asking import Asked
from flows.engine.current import current
from flows.engine.exceptions import exception_of
from models import chasing
from models.cover import People
from models.ladders import Act, Rung
from models.people import name_of
from models.questions import Question
from models.requests import rungs_due
from models.store import reading
from models.tables import Delivery, Request
from models.words import day_in_words, due_in_words
from tasks.asking import climb, drop_unanswerable, hand_over, tell_not_delivered


async def chase(asked: Asked) -> None:
    """Do everything that is due about an open request today."""
    people = current().people()
    if _nobody_can_answer(_read(asked), people):
        return
    _cover(_read(asked), people)
    _not_delivered(_read(asked), people)
    for rung in _rungs(asked):
        _climb(_read(asked), rung, people)
    if exception := await exception_of(_read(asked), people):
        await chase(exception)


def _read(asked: Asked) -> Request:
    with reading() as session:
        return session.get_one(Request, asked.request_id)


def _rungs(asked: Asked) -> list[Rung]:
    with reading() as session:
        return rungs_due(session, session.get_one(Request, asked.request_id))


def _nobody_can_answer(request: Request, people: People) -> bool:
    """Close a request that only somebody who has left could answer; True when it was one."""
    if not chasing.nobody_can_answer(people, request.asked_id, Question.model_validate(request.question)):
        return False
    with reading() as session:
        name = name_of(session, request.asked_id)
    drop_unanswerable(name, request.title, request.id)
    return True


def _cover(request: Request, people: People) -> None:
    question = Question.model_validate(request.question)
    holder = chasing.holder_today(people, request.asked_id, question, current().today())
    if holder != request.holder_id:
        hand_over(people[holder].name, request.title, _why(request, people, holder), request.id, holder)


def _why(request: Request, people: People, holder: str) -> str:
    asked = people.get(request.asked_id)
    if holder == request.asked_id:
        return "back"
    if asked is None:
        return "the person asked has left"
    last = asked.back_after(current().today())
    return f"covers for {asked.name}" + (f", away until {day_in_words(last)}" if last else "")


def _not_delivered(request: Request, people: People) -> None:
    if request.delivery != Delivery.NOT_DELIVERED:
        return
    told = chasing.told_of_bounce(people, request.holder_id, current().today())
    name = people[told].name if told else "nobody else"
    tell_not_delivered(people[request.holder_id].name, name, request.title, request.id, told)


def _climb(request: Request, rung: Rung, people: People) -> None:
    due, told = due_in_words(request.due_on, current().today()), request.holder_id
    if rung.act is Act.ESCALATE:
        told = chasing.told_by(rung, people, request.asked_id, request.holder_id, current().today())
    how = "Remind" if told == request.holder_id else "Escalate to"
    climb(how, people[told].name, request.title, due, request.id, rung.offset, told)
