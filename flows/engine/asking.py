"""Asking people."""

from dataclasses import dataclass

from flows.engine.current import current
from models import chasing
from models.duties.duty import Phase
from models.questions import Question
from models.requests import Wanted, request_of
from models.store import reading
from tasks.asking import ask_person


@dataclass(frozen=True)
class Asked:
    """A request that was made; `answer_to` waits for it."""

    key: str
    request_id: str


async def ask(key: str, person_id: str, question: Question, phase: str | Phase, *, wait_hours: int = 0) -> Asked:
    """Ask a person something, once per key. `phase` names the duty's days and ladder.

    `wait_hours` keeps an answer from counting before so many hours have passed. The engine reminds, escalates and
    finds cover by itself.
    """
    running = current()
    with reading() as session:
        request = request_of(session, running.key, key)
    if request is None:
        how = phase if isinstance(phase, Phase) else running.duty.phases[phase]
        people = running.people()
        holder = chasing.holder_today(people, person_id, question, running.today())
        asked = person_id if person_id in people else holder
        wanted = Wanted(
            running.key, running.clinic, key, asked, question, how.days, how.ladder.name, wait_hours=wait_hours
        )
        ask_person(people[holder].name, question.verb, wanted)
        with reading() as session:
            request = request_of(session, running.key, key)
    assert request is not None  # noqa: S101 - the task has just written it
    return Asked(key, request.id)
