"""Written exceptions: the end of the ladder, when nobody answers."""

from datetime import date, timedelta

from flows.engine.asking import Asked, ask
from flows.engine.current import current
from flows.engine.replies import Reply, reply_to
from models import chasing
from models.calendars import business_day, on_or_after
from models.cover import People
from models.duties.duty import Phase
from models.ladders import L_LAST, LADDERS, Act
from models.questions import Choice, Needs, Question
from models.tables import Request
from models.words import day_in_words
from tasks.asking import close_as_exception, look_again_on

PHASE = Phase(days=14, ladder=L_LAST, on_the_way=False)
MORE_TIME = timedelta(days=30)

CLOSE = Choice(
    value="close",
    label="Close it as an exception",
    meaning="The cycle goes on without this answer. Your reason stands in the record and in the audit binder.",
    past="Exception written",
    reason=Needs.REQUIRED,
    reason_label="Why was this not done, and what was done instead?",
)
WAIT = Choice(
    value="wait",
    label="Keep it open for 30 more days",
    meaning="It stays open and late, can still be answered, and you are asked again in 30 days.",
    past="Given 30 more days",
    reason=Needs.REQUIRED,
    reason_label="Why will it be done by then?",
)


async def exceptions_of(request: Request, people: People) -> list[Asked]:
    """Ask for a written exception once the ladder ends and close the request when it is given; return what is open."""
    ask_on, number = _first_day(request), 0
    while ask_on is not None and current().today() >= ask_on:
        person = chasing.who_may_except(people, request.asked_id)
        asked = await ask(f"exception:{request.key}:{number}", person, _question(request, people), PHASE, at_once=False)
        reply = await reply_to(asked)
        if reply is None:
            return [asked]
        if reply.choice == CLOSE.value:
            close_as_exception(reply.by_name, request.title, request.id, reply.reason, reply.by_id)
            return []
        ask_on, number = _again(reply, ask_on), number + 1
    if ask_on is not None and number:
        look_again_on(request.id, ask_on)
    return []


def _first_day(request: Request) -> date | None:
    offsets = [rung.offset for rung in LADDERS[request.ladder].rungs if rung.act is Act.EXCEPTION]
    return on_or_after(request.due_on + timedelta(days=offsets[0]), business_day()) if offsets else None


def _again(reply: Reply, asked_on: date) -> date:
    """Return the business day to ask again: 30 days after the last asking, and later if that was answered late."""
    return on_or_after(asked_on + MORE_TIME + timedelta(days=reply.days_late), business_day())


def _question(request: Request, people: People) -> Question:
    who = people[request.asked_id].name if request.asked_id in people else "Somebody who has left"
    return Question(
        verb=f"explain in writing why “{request.title}” was not done",
        sentence=f"{who} has not answered “{request.title}”, due {day_in_words(request.due_on)}. What follows?",
        why="A duty that was not done is an exception, written down by somebody who answers for the practice.",
        asked_by="Wellkept, for the practice",
        choices=(CLOSE, WAIT),
        subject_id=request.id,
    )
