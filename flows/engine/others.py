"""Whom a cycle turns to: who answers for an office, in whose name it asks, and somebody else's eyes."""

from collections.abc import Collection

from flows.engine.asking import Asked, ask
from flows.engine.current import current
from models.cover import holders_of, official_of, second_pair_of_eyes, uninvolved
from models.questions import Question
from models.roles import Role

SECOND_LOOK_HOURS = 24
"""After so many hours somebody who is alone in a practice may look at their own work again."""


def who(role: Role, involved: Collection[str] = ()) -> str:
    """Return the id of who answers for an office of the clinic; where nobody does, the practice owner.

    Who had a part in what it is about is passed over, as long as there is anybody else.
    """
    people = current().people()
    if involved and (other := uninvolved(people, role, Role.PRACTICE_OWNER, involved)):
        return other
    return next(iter(holders_of(people, role)), official_of(people, Role.PRACTICE_OWNER))


def asked_by(role: Role = Role.PRIVACY_OFFICIAL) -> str:
    """Return in whose name a cycle asks: a name and a title."""
    return f"{current().name_of(who(role))}, {role.title}"


async def ask_somebody_else(
    key: str, role: Role, author_id: str, question: Question, phase: str, involved: Collection[str] = ()
) -> Asked:
    """Ask whoever holds a role about somebody's work, and never that person, nor who had a part in what it is about.

    Who is alone is asked to look again 24 hours later.
    """
    person = second_pair_of_eyes(current().people(), role, author_id, Role.PRACTICE_OWNER, involved)
    alone = person == author_id
    apart = () if person in involved else tuple(involved)
    theirs = question.model_copy(update={"author_id": None if alone else author_id, "involved": apart})
    return await ask(key, person, theirs, phase, wait_hours=SECOND_LOOK_HOURS if alone else 0)
