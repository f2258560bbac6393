"""Whom a rung tells, and who has a request today: pure functions of the clinic's people."""

from datetime import date

from models.cover import People, acting_for, deputies, holders_of, second_pair_of_eyes
from models.ladders import Rung, Whom
from models.questions import Question
from models.roles import Role

_ROLE_OF = {Whom.PRIVACY_OFFICIAL: Role.PRIVACY_OFFICIAL, Whom.PRACTICE_OWNER: Role.PRACTICE_OWNER}


def told_by(rung: Rung, people: People, asked_id: str, holder_id: str, day: date) -> str:
    """Return the person a rung tells, or whoever covers for them; the holder when the ladder has nobody else."""
    if rung.whom is Whom.HOLDER:
        return holder_id
    if rung.whom is Whom.DEPUTY:
        chain = [person for person in deputies(people, asked_id) if person != holder_id]
    else:
        chain = holders_of(people, _ROLE_OF[rung.whom])
    there = [person for person in chain if not people[person].away(day)]
    return (there or chain or [holder_id])[0]


def holder_today(people: People, asked_id: str, question: Question, day: date) -> str:
    """Return who has a request on a day: the person asked or whoever covers, never the author of what is decided on."""
    if question.personal:
        return asked_id
    if asked_id not in people:
        return _successor(people, asked_id)
    return acting_for(people, asked_id, day, question.barred)


def nobody_can_answer(people: People, asked_id: str, question: Question) -> bool:
    """Tell whether only the person asked could answer, and has left."""
    return question.personal and asked_id not in people


def told_of_bounce(people: People, holder_id: str, day: date) -> str | None:
    """Return who is told that mail to a holder was not delivered, rather somebody who is there; None: nobody else is.

    First come the deputies, then the privacy official, the practice owner, and everybody else.
    """
    chain = [*deputies(people, holder_id), *_officials(people), *people]
    others = [person for person in chain if person != holder_id]
    there = [person for person in others if not people[person].away(day)]
    return next(iter(there or others), None)


def _successor(people: People, gone_id: str) -> str:
    return next((person for person in [*_officials(people), *people] if person != gone_id), gone_id)


def _officials(people: People) -> list[str]:
    return [*holders_of(people, Role.PRIVACY_OFFICIAL), *holders_of(people, Role.PRACTICE_OWNER)]


def who_may_except(people: People, asked_id: str) -> str:
    """Return who writes an exception: the practice owner, or somebody else when it is the owner who is late."""
    return second_pair_of_eyes(people, Role.PRACTICE_OWNER, asked_id, Role.PRIVACY_OFFICIAL)
