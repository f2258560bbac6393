"""Replies: what came of a request, read from the store and put on Prefect's timeline once."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flows.engine.asking import Asked
from flows.engine.current import current
from models import documents, steps
from models.people import name_of
from models.questions import Question
from models.requests import answer_of
from models.store import reading
from models.tables import Request, RequestState
from tasks.answers import note_answer


@dataclass(frozen=True)
class Reply:
    """What came of a request."""

    asked: Asked
    choice: str | None
    """None when nobody answered: a written exception closed it, or nobody could answer any more."""
    reason: str
    text: str
    """The text that was handed in, if the choice asked for one."""
    handed_in_sha256: str | None
    by_id: str
    by_name: str
    picked_id: str | None
    answered_on: date | None
    """Civil date at the clinic."""

    @property
    def excepted(self) -> bool:
        """True when the request was closed without an answer; `reason` says why."""
        return self.choice is None


async def reply_to(asked: Asked) -> Reply | None:
    """Return what came of a request, or None while it is open."""
    with reading() as session:
        if session.get_one(Request, asked.request_id).state == RequestState.OPEN:
            return None
    reply, subject, past = read(asked)
    _note(asked, reply, subject, past)
    return reply


def read(asked: Asked) -> tuple[Reply, str, str]:
    """Return what came of a closed request, what it was about, and the answer as the record tells it."""
    with reading() as session:
        request = session.get_one(Request, asked.request_id)
        question = Question.model_validate(request.question)
        answer = answer_of(session, request.id)
        subject = question.document_title or question.verb
        if answer is None:
            gone = Reply(asked, None, request.closed_because or "", "", None, request.holder_id, "", None, None)
            return gone, subject, "Exception"
        choice = question.choice(answer.choice)
        reply = Reply(
            asked=asked,
            choice=answer.choice,
            reason=answer.reason,
            text=documents.text_of(session, answer.handed_in_sha256),
            handed_in_sha256=answer.handed_in_sha256,
            by_id=answer.by_id,
            by_name=name_of(session, answer.by_id),
            picked_id=answer.picked_id,
            answered_on=answer.answered_at.astimezone(ZoneInfo(current().time_zone)).date(),
        )
        return reply, subject, choice.past if choice else answer.choice


def _note(asked: Asked, reply: Reply, subject: str, past: str) -> None:
    """Put the answer on Prefect's timeline, once."""
    running, step = current(), f"answer:{asked.key}"
    with reading() as session:
        if reply.excepted or steps.is_done(session, running.key, step):
            return
    note_answer(past, reply.by_name, subject, running.key, step, asked.request_id)
