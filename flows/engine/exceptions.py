"""Written exceptions: the end of the ladder, when nobody answers."""

from datetime import timedelta

from flows.engine.asking import Asked, ask
from flows.engine.current import current
from flows.engine.replies import Reply, reply_to
from models import chasing
from models.calendars import on_or_after
from models.cover import People
from models.duties.duty import Phase
from models.ladders import L_LAST, LADDERS, Act
from models.people import business_days_of
from models.questions import Choice, Needs, Question
from models.requests import exception_key
from models.store import reading
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


async def exception_of(late: Asked, people: People) -> Asked | None:
    """Ask for a written exception at the end of the ladder, and again after each delay; return it while it is open."""
    number, due = 0, _at_the_end(late.request)
    while due:
        asked = await _ask(late.request, number, people)
        reply = await reply_to(asked)
        if reply is None:
            look_again_on(late.request_id, None)
            return asked
        number, due = number + 1, _follow(late, reply)
    return None


def _at_the_end(request: Request) -> bool:
    """Tell whether a request has climbed the rung that asks for an exception."""
    offsets = [rung.offset for rung in LADDERS[request.ladder].rungs if rung.act is Act.EXCEPTION]
    return not current().seen.climbed[request.id].isdisjoint(offsets)


async def _ask(request: Request, number: int, people: People) -> Asked:
    person = chasing.who_may_except(people, request.asked_id)
    question = _question(request, people, alone=person == request.asked_id)
    return await ask(exception_key(request, number), person, question, PHASE, at_once=False)


def _follow(late: Asked, reply: Reply) -> bool:
    """Do what the practice owner decided about a request; True when it is time to ask once more."""
    request = late.request
    if reply.choice == CLOSE.value:
        close_as_exception(reply.by_name, request.title, request.id, reply.reason, reply.by_id)
        late.read_again()
    if reply.choice != WAIT.value or reply.answered_on is None:
        return False
    with reading() as session:
        day = on_or_after(reply.answered_on + MORE_TIME, business_days_of(session, request.clinic))
    if current().today() < day:
        look_again_on(request.id, day)
        return False
    return True


def _question(request: Request, people: People, *, alone: bool) -> Question:
    who = people[request.asked_id].name if request.asked_id in people else "Somebody who has left"
    return Question(
        verb=f"explain in writing why “{request.title}” was not done",
        sentence=f"{who} has not answered “{request.title}”, due {day_in_words(request.due_on)}. What follows?",
        why="A duty that was not done is an exception, written down by somebody who answers for the practice.",
        asked_by="Wellkept, for the practice",
        choices=(CLOSE, WAIT),
        subject_id=request.id,
        author_id=None if alone else request.asked_id,
    )
