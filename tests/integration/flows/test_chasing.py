"""Chasing: who is told when mail bounces, when the written exception is asked for, and when it is not needed any more."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from deployments.testing.practice import Colleague, Practice, tasks_run
from flows.engine import Reply, answer_to, ask
from models.answering_errors import ClosedError
from models.duties.duty import Phase
from models.events import Event
from models.ladders import L_CAL
from models.questions import Choice, Question
from models.requests import request_of
from models.standing import standing_of
from models.store import reading
from models.tables import Notice, NoticeKind, Request, RequestState
from tasks.post import post_what_is_written

ANA = Colleague("ana-ruiz", "privacy_official, practice_owner")
BEN = Colleague("ben-cole")
DONE = Choice(value="done", label="Done", meaning="It is done.", past="Done")
QUESTION = Question(verb="review Telehealth", sentence="?", why="", asked_by="", choices=(DONE,))
OATH = QUESTION.model_copy(update={"verb": "attest to Telehealth", "personal": True})
KEY = "review:telehealth:0"
FIRST_DAY = date(2026, 1, 15)
pytestmark = pytest.mark.usefixtures("offline")
Way = Callable[[], Awaitable[Reply]]


def asking(practice: Practice, slug: str, question: Question = QUESTION, days: int = 60) -> Way:
    """Return a path of a procedure: one question to one person."""

    async def path() -> Reply:
        return await answer_to(await ask(KEY, practice.person(slug), question, Phase(days=days, ladder=L_CAL)))

    return path


def original(practice: Practice) -> Request:
    with reading() as session:
        request = request_of(session, practice.cycle_key, KEY)
    assert request is not None
    return request


def exceptions(practice: Practice, state: RequestState | None = RequestState.OPEN) -> list[Request]:
    return [request for request in practice.requests(state) if request.key.startswith("exception:")]


def mail_of(practice: Practice) -> str:
    with reading() as session:
        (row,) = [row for row in standing_of(session, practice.cycle_key) if row.key == KEY]
    return row.mail


def notices(kind: NoticeKind) -> list[str]:
    with reading() as session:
        return list(session.exec(select(Notice.person_id).where(Notice.kind == kind)))


def test_mail_that_nobody_else_can_be_told_of_is_written_once(tmp_path: Path):
    practice = Practice.of(tmp_path, ANA)
    path = asking(practice, "ana-ruiz")
    practice.look(path)
    for _ in range(5):
        practice.bounce()
        if practice.why_due():
            practice.look(path)
    assert len(practice.letters()) == 1
    assert practice.why_due() is None
    assert mail_of(practice) == "not delivered; there is nobody else to tell"


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ([Colleague("ana-ruiz", "privacy_official, practice_owner", "ben-cole"), BEN], "ben-cole"),  # the deputy
        ([Colleague("ana-ruiz", "privacy_official"), BEN, Colleague("cleo-dunn", "practice_owner")], "cleo-dunn"),
        # the deputy is away
        (
            [
                Colleague("ana-ruiz", "privacy_official, practice_owner", "ben-cole"),
                Colleague("ben-cole", leave=(FIRST_DAY, FIRST_DAY + timedelta(days=9))),
                Colleague("cleo-dunn"),
            ],
            "cleo-dunn",
        ),
        # everybody else is away: better told late than nobody
        ([ANA, Colleague("ben-cole", leave=(FIRST_DAY, FIRST_DAY + timedelta(days=9)))], "ben-cole"),
    ],
)
def test_a_bounce_is_told_to_somebody_else_once(tmp_path: Path, people: list[Colleague], told: str):
    practice = Practice.of(tmp_path, *people)
    path = asking(practice, "ana-ruiz")
    practice.look(path)
    for _ in range(4):
        practice.bounce()
        if practice.why_due():
            practice.look(path)
    assert [letter.person_id for letter in practice.letters()] == ["oak-lane/ana-ruiz", practice.person(told)]
    assert mail_of(practice) == "not delivered; somebody else was told"


def test_only_a_deputy_can_answer_what_did_not_reach_its_person(tmp_path: Path):
    practice = Practice.of(
        tmp_path, Colleague("ana-ruiz", "privacy_official"), Colleague("cleo-dunn", "practice_owner")
    )
    practice.look(asking(practice, "ana-ruiz"))
    practice.bounce()
    practice.look(asking(practice, "ana-ruiz"))
    last = practice.letters()[-1]
    assert "You cannot answer it yourself" in " ".join(last.text_body.split())
    assert "@@link" not in last.text_body


def test_a_bounce_is_no_handing_over_in_the_record(tmp_path: Path):
    practice = Practice.of(tmp_path, ANA, BEN)
    practice.look(asking(practice, "ana-ruiz"))
    practice.bounce()
    practice.look(asking(practice, "ana-ruiz"))
    assert practice.events(Event.REQUEST_HANDED_OVER) == []
    (fact,) = practice.events(Event.HOLDER_NOT_REACHED)
    assert (fact["holder"], fact["told"]) == ("oak-lane/ana-ruiz", "oak-lane/ben-cole")


def test_who_takes_over_what_bounced_is_not_called_unreachable(tmp_path: Path):
    maya = Colleague("maya-ortiz", deputy="ben-cole", leave=(date(2026, 1, 16), date(2026, 1, 20)))
    practice = Practice.of(tmp_path, ANA, BEN, maya)
    path = asking(practice, "maya-ortiz")
    practice.look(path)
    practice.bounce()
    practice.make_rounds(date(2026, 1, 16), path)
    assert (original(practice).holder_id, mail_of(practice)) == ("oak-lane/ben-cole", "on its way")
    assert notices(NoticeKind.NOT_DELIVERED) == []


# 30 days late is Monday 12 October 2026, Columbus Day: a holiday in New York, a working day in California.
@pytest.mark.parametrize(("state", "day"), [("CA", date(2026, 10, 12)), ("NY", date(2026, 10, 13))])
def test_an_exception_is_asked_for_on_the_practices_own_business_day(tmp_path: Path, state: str, day: date):
    practice = Practice.of(tmp_path, BEN, ANA, state=state, today=date(2026, 8, 13))
    path = asking(practice, "ben-cole", days=30)
    practice.look(path)
    practice.make_rounds(day - timedelta(days=1), path)
    assert exceptions(practice) == []
    practice.make_rounds(day, path)
    assert [request.holder_id for request in exceptions(practice)] == ["oak-lane/ana-ruiz"]


def thirty_days_late(tmp_path: Path, *people: Colleague) -> tuple[Practice, Way]:
    """Return a practice whose first person did not answer: the exception is asked for on 15 April 2026."""
    practice = Practice.of(tmp_path, *people)
    path = asking(practice, people[0].slug)
    practice.look(path)
    practice.make_rounds(date(2026, 4, 15), path)
    return practice, path


def test_thirty_more_days_are_thirty_from_the_answer_and_wake_nobody_meanwhile(tmp_path: Path):
    practice, path = thirty_days_late(tmp_path, BEN, ANA)
    practice.stand_on(date(2026, 4, 28), 12)
    practice.answer(exceptions(practice)[0], "wait", "He promised.")
    practice.look(path)
    days = [date(2026, 4, 29) + timedelta(days=number) for number in range(32)]
    woken = [day for day in days if practice.make_rounds(day, path)]
    asked = [request.asked_on for request in exceptions(practice)]
    assert (woken[0], asked) == (date(2026, 5, 28), [date(2026, 5, 28)])
    assert woken == [date(2026, 5, 28)]


def test_an_answer_ends_the_question_why_there_was_none(tmp_path: Path):
    practice, path = thirty_days_late(tmp_path, BEN, ANA)
    (exception,) = exceptions(practice)
    practice.answer(original(practice), "done")
    assert exceptions(practice) == []
    with pytest.raises(ClosedError):
        practice.answer(exception, "close", "He never did it.")
    (fact,) = practice.events(Event.REQUEST_DROPPED)
    assert (fact["request"], fact["because"]) == (exception.id, "answered meanwhile")
    assert getattr(practice.look(path), "choice", None) == "done"
    with reading() as session:
        said = {row.key: (row.said, row.answered_by) for row in standing_of(session, practice.cycle_key)}
    assert said[exception.key] == ("No longer needed: answered meanwhile", "")


def test_an_exception_is_never_written_by_whom_it_is_about(tmp_path: Path):
    away = Colleague("ana-ruiz", "privacy_official, practice_owner", "ben-cole", (date(2026, 4, 10), date(2026, 4, 20)))
    practice, _path = thirty_days_late(tmp_path, BEN, away, Colleague("cleo-dunn"))
    assert [request.holder_id for request in exceptions(practice)] == ["oak-lane/ana-ruiz"]


def test_nobody_else_is_asked_what_only_somebody_who_left_could_answer(tmp_path: Path):
    practice = Practice.of(tmp_path, ANA, BEN)
    path = asking(practice, "ben-cole", OATH)
    practice.look(path)
    practice.staffed_by(ANA)
    assert practice.make_rounds(date(2026, 1, 16), path) == "somebody asked has left"
    request = original(practice)
    assert (request.state, request.holder_id) == (RequestState.DROPPED, "oak-lane/ben-cole")
    assert len(practice.letters()) == 1
    (fact,) = practice.events(Event.REQUEST_DROPPED)
    assert (fact["request"], fact["because"]) == (request.id, "has left")
    with reading() as session:
        (row,) = standing_of(session, practice.cycle_key)
    assert (row.as_told()["said"], row.as_told()["asked"]) == ("No longer needed: has left", "Ben Cole")


def test_who_has_left_is_not_asked_for_what_only_they_could_answer(tmp_path: Path):
    practice = Practice.of(tmp_path, ANA, BEN)
    practice.staffed_by(ANA)
    reply = practice.look(asking(practice, "ben-cole", OATH))
    assert reply is not None
    assert (reply.excepted, reply.reason) == (True, "has left")
    assert (original(practice).asked_id, practice.letters()) == ("oak-lane/ben-cole", [])


def test_what_anybody_can_answer_goes_to_a_successor(tmp_path: Path):
    practice = Practice.of(tmp_path, ANA, BEN)
    path = asking(practice, "ben-cole")
    practice.look(path)
    practice.staffed_by(ANA)
    practice.make_rounds(date(2026, 1, 16), path)
    assert (original(practice).state, original(practice).holder_id) == (RequestState.OPEN, "oak-lane/ana-ruiz")


def test_a_letter_that_nobody_needs_is_no_task(tmp_path: Path):
    practice = Practice.of(tmp_path, ANA, BEN)
    path = asking(practice, "ben-cole", days=7)
    practice.look(path)
    practice.stand_on(date(2026, 1, 21))
    practice.look(path)  # writes a reminder for the digest
    practice.answer(original(practice), "done")
    post_what_is_written(practice.slug)
    assert [name for name in tasks_run() if name.startswith("Write")] == ["Write to Ben Cole"]


def test_a_rung_is_one_task_that_names_who_is_told(tmp_path: Path):
    practice = Practice.of(tmp_path, Colleague("ben-cole", deputy="cleo-dunn"), Colleague("cleo-dunn"), ANA)
    path = asking(practice, "ben-cole", days=7)
    practice.look(path)
    practice.make_rounds(date(2026, 1, 22), path)
    practice.make_rounds(date(2026, 1, 23), path)
    climbed = [name for name in tasks_run() if name.startswith(("Remind", "Escalate"))]
    assert climbed[-2:] == [
        "Remind Ben Cole: review Telehealth, due today",
        "Escalate to Cleo Dunn: review Telehealth, 1 day late",
    ]
    assert practice.events(Event.RUNG_CLIMBED)[-1]["told"] == ["oak-lane/ben-cole", "oak-lane/cleo-dunn"]
