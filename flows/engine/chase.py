"""Chasing one open request: cover, mail that bounced, due rungs, and the written exception at the end of the ladder."""

from flows.engine.asking import Asked
from flows.engine.current import current
from flows.engine.exceptions import exceptions_of
from models import chasing
from models.cover import People, deputies
from models.ladders import Act, Rung
from models.questions import Question
from models.requests import rungs_due
from models.roles import Role
from models.store import reading
from models.tables import Delivery, Request
from models.words import day_in_words, due_in_words
from tasks.asking import escalate, hand_over, remind, tell_not_delivered


async def chase(asked: Asked) -> None:
    """Do everything that is due about an open request today."""
    request, due = _read(asked.request_id)
    people = current().people()
    _cover(request, people)
    _not_delivered(request, people)
    for rung in due:
        _climb(request, rung, people)
    for exception in await exceptions_of(request, people):
        await chase(exception)


def _read(request_id: str) -> tuple[Request, list[Rung]]:
    with reading() as session:
        request = session.get_one(Request, request_id)
        return request, rungs_due(session, request)


def _cover(request: Request, people: People) -> None:
    question = Question.model_validate(request.question)
    holder = chasing.holder_today(people, request.asked_id, question, current().today())
    if holder == request.holder_id:
        return
    hand_over(people[holder].name, request.title, _why(request, people, holder), request.id, holder)
    request.holder_id = holder


def _why(request: Request, people: People, holder: str) -> str:
    asked = people.get(request.asked_id)
    if holder == request.asked_id:
        return "back"
    if asked is None:
        return "the person asked has left"
    last = asked.back_after(current().today())
    return f"covers for {asked.name}" + (f", away until {day_in_words(last)}" if last else "")


def _not_delivered(request: Request, people: People) -> None:
    if request.delivery != Delivery.NOT_DELIVERED or request.holder_id not in people:
        return
    chain = [person for person in deputies(people, request.holder_id) if not people[person].away(current().today())]
    officials = [person.id for person in people.values() if Role.PRIVACY_OFFICIAL in person.roles]
    told = next((person for person in [*chain, *officials] if person != request.holder_id), request.holder_id)
    tell_not_delivered(people[request.holder_id].name, people[told].name, request.title, request.id, told)


def _climb(request: Request, rung: Rung, people: People) -> None:
    target = chasing.told_by(rung, people, request.asked_id, request.holder_id, current().today())
    due = due_in_words(request.due_on, current().today())
    if target == request.holder_id or rung.act is not Act.ESCALATE:
        remind(people[request.holder_id].name, request.title, due, request.id, rung.offset)
    else:
        escalate(people[target].name, request.title, due, request.id, rung.offset)
