"""A dress rehearsal: what every look of a cycle does for the first time, done once in the worker's warm process.

SQLAlchemy makes SQL of each statement once a process, and Jinja a function of each template; together they take as
long as the rest of a short look. Here a made-up cycle asks a made-up person, with the engine's own functions, in a
transaction that is taken back. What is missing here still works; it only takes each run a few milliseconds longer.
"""

import asyncio
from uuid import uuid4

from prefect.client.schemas.objects import FlowRun

from flows.engine import chase, sleeping
from flows.engine.asking import Asked
from flows.engine.closing import Outcome, close
from flows.engine.current import current, set_current
from flows.engine.cycle import begin_look, claim
from flows.engine.once import once
from models import clock, locks
from models.cycles import lock_name
from models.duties.policy_review import POLICY_REVIEW
from models.ladders import L_CAL
from models.questions import Choice, Question
from models.requests import Wanted
from models.standing import standing_of
from models.store import reading, rehearsal, transaction
from models.tables import Answer, Clinic, Person, Request, RequestState
from notifications.post import recipients
from notifications.rendering import environment
from tasks.answers import Answered, note_answer
from tasks.asking import ask_person
from tasks.board import board
from tasks.post import write_letters

CLINIC = "dress-rehearsal"
"""A slug no clinic has; if one had it, the rehearsal would fail and runs would do without."""
PERSON = f"{CLINIC}/nobody"
KEY = "review:nothing"
RUN_ID = uuid4()
QUESTION = Question(
    verb="rehearse",
    sentence="Is this real?",
    why="",
    asked_by="Nobody",
    choices=(Choice(value="no", label="No", meaning="", past="Not real"),),
)


def rehearse() -> None:
    """Compile every template, and the statements of a look. Raises NoStoreError."""
    for name in environment().list_templates():
        environment().get_template(name)
    with locks.lock_connection() as connection:
        locks.try_lock(connection, lock_name(CLINIC))
        locks.holds_lock(connection, lock_name(CLINIC))
    with rehearsal():
        asyncio.run(_play())


async def _play() -> None:
    _plant()
    _begin_look()
    wanted = Wanted(current().key, CLINIC, KEY, PERSON, QUESTION, 14, L_CAL.name)
    ask_person.fn("", "", wanted)
    current().seen.read_again(KEY)
    asked = Asked(KEY, current().seen.requests[KEY].id)
    await _wait(asked)
    _answer(asked)
    _begin_look()
    note_answer.fn("", "", "", current().key, f"answer:{KEY}", Answered(asked.request_id, "", None))
    with reading() as session:
        standing_of(session, current().key)
    close(current(), Outcome("", []))


def _plant() -> None:
    """Plant a clinic with one person."""
    with transaction() as tx:
        tx.session.add(Clinic(slug=CLINIC, name="Nowhere", time_zone="America/New_York", states=["NY"]))
        tx.session.flush()
        tx.session.add(Person(id=PERSON, clinic=CLINIC, slug="nobody", name="Nobody", email="nobody@nowhere.example"))


def _begin_look() -> None:
    """Begin a look as a flow run does, and read what it reads."""
    run = FlowRun(id=RUN_ID, flow_id=uuid4())
    _, key = claim(POLICY_REVIEW, CLINIC, None, run)
    running = begin_look(POLICY_REVIEW, key or "", run.id)
    assert running is not None  # noqa: S101 - it has just begun
    set_current(running)
    assert running.seen.people  # noqa: S101 - it reads everything


async def _wait(asked: Asked) -> None:
    """Look at an open request, write the letter, and go to sleep but for Prefect."""
    await once("rehearsed", lambda _: [])
    await chase.chase(asked)
    if recipients(CLINIC, current().key):
        write_letters.fn("", CLINIC, current().key)
    board(CLINIC)
    sleeping.who_is_waited_for(current())
    sleeping.was_woken_again(current())


def _answer(asked: Asked) -> None:
    """Write an answer as the portal does."""
    with transaction() as tx:
        request = tx.session.get_one(Request, asked.request_id)
        request.state, request.closed_at = RequestState.ANSWERED, clock.now()
        answer = Answer(
            request_id=request.id,
            choice="no",
            reason_salt=b"",
            by_id=PERSON,
            for_id=PERSON,
            answered_at=clock.now(),
            tier=request.tier,
        )
        tx.session.add(answer)
