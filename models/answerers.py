"""Answerers: who may answer a request, by what it asks and by the clinic's people."""

from models.cover import People, deputies
from models.tables import Request


def may_answer(people: People, request: Request, person_id: str) -> bool:
    """Tell whether somebody may answer: whoever it was asked of or who has it, and the deputies of whom it was asked.

    Nobody decides on their own work, but for a second look, or attests for somebody else.
    """
    if is_their_own(request, person_id):
        return False
    if request.question.get("personal"):
        return person_id == request.asked_id
    if person_id in {request.asked_id, request.holder_id}:
        return True
    return request.asked_id in people and person_id in deputies(people, request.asked_id)


def is_their_own(request: Request, person_id: str) -> bool:
    """Tell whether a request is about somebody's own work, or something they had a part in, and no second look."""
    barred = {request.question.get("author_id"), *request.question.get("involved", ())}
    return person_id in barred and request.not_before is None
