"""Replies: what came of a request, read from the store and put on Prefect's timeline once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flows.engine.asking import Asked
from flows.engine.current import current
from models import documents
from models.events import Event
from models.ledger_lookup import latest_entry
from models.questions import Question
from models.store import reading
from models.tables import Answer, RequestState
from tasks.answers import Answered, note_answer


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
    told: Mapping[str, Any] = field(default_factory=dict)
    """Of an answer about a case, the codes and days that its cycle may know."""

    @property
    def excepted(self) -> bool:
        """True when the request was closed without an answer; `reason` says why."""
        return self.choice is None


async def reply_to(asked: Asked) -> Reply | None:
    """Return what came of a request, or None while it is open."""
    request = asked.request
    if request.state == RequestState.OPEN:
        return None
    answer = current().seen.answers.get(request.id)
    if answer is None:
        return Reply(asked, None, request.closed_because or "", "", None, request.holder_id, "", None, None)
    reply = Reply(
        asked=asked,
        choice=answer.choice,
        reason=answer.reason,
        text=_text(answer.handed_in_sha256),
        handed_in_sha256=answer.handed_in_sha256,
        by_id=answer.by_id,
        by_name=current().name_of(answer.by_id),
        picked_id=answer.picked_id,
        answered_on=answer.answered_at.astimezone(ZoneInfo(current().time_zone)).date(),
        told=answer.told or {},
    )
    _note(reply, answer)
    return reply


def _text(sha256: str | None) -> str:
    if sha256 is None:
        return ""
    with reading() as session:
        return documents.text_of(session, sha256)


def _note(reply: Reply, answer: Answer) -> None:
    """Put an answer on Prefect's timeline, once."""
    running, step = current(), f"answer:{reply.asked.key}"
    if step in running.seen.steps:
        return
    question = Question.model_validate(reply.asked.request.question)
    choice = question.choice(answer.choice)
    past, subject = choice.past if choice else answer.choice, question.document_title or question.verb
    answered = _answered(reply, answer)
    note_answer(past, reply.by_name, subject, running.key, step, answered)
    running.seen.steps[step] = None
    running.seen.answered.append(answered.who)


def _answered(reply: Reply, answer: Answer) -> Answered:
    running = current()
    with reading() as session:
        entry = latest_entry(session, running.clinic, Event.ANSWER_RECORDED, request=answer.request_id)
    covers = answer.for_id != answer.by_id
    by = f"{reply.by_name} for {running.name_of(answer.for_id)}" if covers else reply.by_name
    return Answered(answer.request_id, by, entry.seq if entry else None)
