"""Asking people."""

from dataclasses import dataclass
from datetime import date

from flows.engine.current import current
from models import chasing
from models.duties.duty import Phase
from models.errors import WellkeptError
from models.questions import Question
from models.requests import Wanted
from models.tables import Request
from tasks.asking import ask_person


class UnknownStepError(WellkeptError):
    """A cycle asks under a key its duty does not name."""

    remedy = "Add the key's first word to `asks` in models/duties; the doctor needs it after an upgrade."


@dataclass(frozen=True)
class Asked:
    """A request that was made; `answer_to` waits for it."""

    key: str
    request_id: str

    @property
    def request(self) -> Request:
        """Return the request as this look has seen it."""
        return current().seen.requests[self.key]

    def read_again(self) -> None:
        """See it anew: something was done about it."""
        current().seen.read_again(self.key)


async def ask(
    key: str,
    person_id: str,
    question: Question,
    phase: str | Phase,
    *,
    wait_hours: int = 0,
    at_once: bool = True,
    due_on: date | None = None,
) -> Asked:
    """Ask a person something, once per key. `phase` names the duty's days and ladder.

    `due_on` is the day of a clock of law, in place of the phase's days. `wait_hours` keeps an answer from counting
    before so many hours have passed; without `at_once` the letter waits for the day's digest. The engine reminds,
    escalates and finds cover by itself.
    """
    if not current().duty.knows(key):
        raise UnknownStepError(f"“{key}” begins with a word that {current().duty.name} does not name in `asks`.")
    seen = current().seen
    if key not in seen.requests:
        _ask_now(key, person_id, question, _phase(phase), wait_hours=wait_hours, at_once=at_once, due_on=due_on)
        seen.read_again(key)
    return Asked(key, seen.requests[key].id)


def _phase(phase: str | Phase) -> Phase:
    return phase if isinstance(phase, Phase) else current().duty.phases[phase]


def _ask_now(
    key: str,
    person_id: str,
    question: Question,
    phase: Phase,
    *,
    wait_hours: int,
    at_once: bool,
    due_on: date | None,
) -> None:
    running, people = current(), current().people()
    holder = chasing.holder_today(people, person_id, question, running.today())
    wanted = Wanted(
        cycle_key=running.key,
        clinic=running.clinic,
        key=key,
        person_id=person_id if question.personal or person_id in people else holder,
        question=question,
        days=phase.days or 0,
        due_on=due_on or (running.due_on if phase.days is None else None),
        ladder=phase.ladder.name,
        wait_hours=wait_hours,
        at_once=at_once,
    )
    left = chasing.nobody_can_answer(people, person_id, question)
    name = running.name_of(holder)
    ask_person(f"{name} has left, so nobody is asked" if left else f"Ask {name}", question.verb, wanted)
