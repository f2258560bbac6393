"""Requests: asking once, handing over, climbing, closing. Each is one transaction with its ledger entry."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from models import clock
from models.chasing import holder_today, nobody_can_answer
from models.cover import Staff
from models.events import Event
from models.ladders import LADDERS, Rung, climb_days
from models.people import business_days_of, clinic_named, people_of
from models.questions import Question
from models.store import Transaction
from models.tables import Answer, Climb, Clinic, Dropped, Notice, NoticeKind, Request, RequestState

Run = dict[str, str]
EXCEPTION = "exception"
"""First word of the keys of requests that ask why another was not done."""


@dataclass(frozen=True)
class Wanted:
    """A request as a cycle wants it made: `days` are calendar days from asking to due, unless it has its own day."""

    cycle_key: str
    clinic: str
    key: str
    person_id: str
    question: Question
    days: int
    ladder: str
    wait_hours: int = 0
    """Hours before an answer counts: a second look in a solo practice."""
    at_once: bool = True
    """Whether the letter goes out now, or with the day's digest."""
    due_on: date | None = None
    """The day it is due by whatever it waits for, today at the earliest."""


def request_of(session: Session, cycle_key: str, key: str) -> Request | None:
    """Return the request a cycle made under a key."""
    return session.exec(select(Request).where(Request.cycle_key == cycle_key, Request.key == key)).first()


def make_request(tx: Transaction, wanted: Wanted, run: Run) -> Request:
    """Write a request, the notice of it, and the ledger entry; once per key.

    What only somebody who has left could answer is dropped at once: the record has it, and nobody is asked.
    """
    if request := request_of(tx.session, wanted.cycle_key, wanted.key):
        return request
    clinic = clinic_named(tx.session, wanted.clinic)
    request = _new_request(tx.session, wanted, clinic)
    tx.session.add(request)
    tx.session.flush()
    if nobody_can_answer(people_of(tx.session, clinic.slug), request.asked_id, wanted.question):
        drop(tx, request, Dropped.HAS_LEFT, run)
        return request
    request.next_rung_at = next_rung_at(tx.session, request)
    kind = NoticeKind.ASK if request.holder_id == request.asked_id else NoticeKind.COVER
    notify(tx, request, request.holder_id, kind, at_once=wanted.at_once)
    facts = {"asked": request.asked_id, "holder": request.holder_id, "due_on": str(request.due_on)}
    shown = {"document_sha256": request.document_sha256, "tier": request.tier, "title": request.title}
    record(tx, Event.REQUEST_ASKED, request, run, **facts, **shown)
    return request


def _new_request(session: Session, wanted: Wanted, clinic: Clinic) -> Request:
    question, now, today = wanted.question, clock.now(), clock.today(clinic.time_zone)
    people = people_of(session, wanted.clinic)
    return Request(
        id=str(uuid4()),
        cycle_key=wanted.cycle_key,
        key=wanted.key,
        clinic=wanted.clinic,
        asked_id=wanted.person_id,
        holder_id=holder_today(people, wanted.person_id, question, today),
        title=question.verb,
        question=question.model_dump(mode="json"),
        tier=question.tier,
        document_sha256=question.document_sha256,
        asked_at=now,
        asked_on=today,
        due_on=max(wanted.due_on, today)
        if wanted.due_on
        else _counts_from(people.get(wanted.person_id), question, today) + timedelta(days=wanted.days),
        ladder=wanted.ladder,
        not_before=now + timedelta(hours=wanted.wait_hours) if wanted.wait_hours else None,
    )


def _counts_from(person: Staff | None, question: Question, today: date) -> date:
    """Return the day the days count from: what only one person can answer waits until that person is back."""
    back_after = person.back_after(today) if person and question.personal else None
    return back_after + timedelta(days=1) if back_after else today


def notify(tx: Transaction, request: Request, person_id: str, kind: NoticeKind, *, at_once: bool) -> None:
    """Write a notice; letters are made of it later, so that one person gets one letter."""
    tx.session.add(
        Notice(
            clinic=request.clinic,
            person_id=person_id,
            request_id=request.id,
            cycle_key=request.cycle_key,
            kind=kind,
            at_once=at_once,
            written_at=clock.now(),
        )
    )


def record(tx: Transaction, event: Event, request: Request, run: Run, **facts: object) -> None:
    """Note a ledger entry about a request that the engine caused."""
    tx.record(request.clinic, event, actor="engine", cycle=request.cycle_key, run=run, request=request.id, **facts)


def has_climbed(session: Session, request: Request, offset: int) -> bool:
    """Tell whether a request has climbed the rung with this day offset."""
    statement = select(Climb).where(Climb.request_id == request.id, Climb.rung == offset)
    return session.exec(statement).first() is not None


def rungs_ahead(session: Session, request: Request) -> list[tuple[date, Rung]]:
    """Return the rungs a request has not climbed yet, with the clinic's civil days they fall on."""
    climbed = set(session.exec(select(Climb.rung).where(Climb.request_id == request.id)))
    test = business_days_of(session, request.clinic)
    days = climb_days(LADDERS[request.ladder], request.asked_on, request.due_on, test)
    return [(day, rung) for day, rung in days if rung.offset not in climbed]


def next_rung_at(session: Session, request: Request) -> datetime | None:
    """Return the moment from which a request's next rung is due: the beginning of the rung's day at the clinic."""
    ahead = rungs_ahead(session, request)
    return beginning_of(session, request.clinic, ahead[0][0]) if ahead else None


def beginning_of(session: Session, clinic_slug: str, day: date) -> datetime:
    """Return the first moment of a civil day at a clinic, in UTC; rounds come hours later and miss nothing."""
    zone = ZoneInfo(clinic_named(session, clinic_slug).time_zone)
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def hour_of_rounds(session: Session, clinic_slug: str, day: date) -> datetime:
    """Return the moment of a clinic's rounds on a civil day, in UTC."""
    clinic = clinic_named(session, clinic_slug)
    hour = time.fromisoformat(clinic.rounds_at)
    return datetime.combine(day, hour, ZoneInfo(clinic.time_zone)).astimezone(UTC)


def is_rung_due(request: Request) -> bool:
    """Tell whether the moment of a request's next rung has come."""
    return request.next_rung_at is not None and request.next_rung_at <= clock.now()


def rungs_due(session: Session, request: Request) -> list[Rung]:
    """Return the rungs whose moment has come, oldest first; days that were missed are made up."""
    if not is_rung_due(request):
        return []
    today = clock.today(clinic_named(session, request.clinic).time_zone)
    return [rung for day, rung in rungs_ahead(session, request) if day <= today]


def close_as_exception(tx: Transaction, request: Request, because: str, by_id: str, run: Run) -> None:
    """Close a request nobody answered, with the written reason somebody gave."""
    request.state, request.closed_at, request.closed_because = RequestState.EXCEPTED, clock.now(), because
    record(tx, Event.REQUEST_EXCEPTED, request, run, by=by_id)


def drop(tx: Transaction, request: Request, why: Dropped, run: Run) -> None:
    """Close a request that needs no answer any more."""
    request.state, request.closed_at, request.closed_because = RequestState.DROPPED, clock.now(), why
    record(tx, Event.REQUEST_DROPPED, request, run, because=why, asked=request.asked_id, title=request.title)


def due_with_the_cycle(tx: Transaction, request: Request, due_on: date) -> None:
    """Give an open request the new due date of its cycle; its ladder is climbed anew towards that day."""
    for climb in tx.session.exec(select(Climb).where(Climb.request_id == request.id)):
        tx.session.delete(climb)
    tx.session.flush()
    request.due_on = due_on
    request.next_rung_at = next_rung_at(tx.session, request)


def exception_key(request: Request, number: int) -> str:
    """Return the key under which a written exception is asked for, the first time or again."""
    return f"{EXCEPTION}:{request.key}:{number}"


def answer_of(session: Session, request_id: str) -> Answer | None:
    """Return the answer to a request."""
    return session.get(Answer, request_id)


def locked(tx: Transaction, request_id: str) -> Request:
    """Return a request with its row locked: the first lock of every transaction that decides about one."""
    statement = select(Request).where(Request.id == request_id).with_for_update(key_share=True)
    return tx.session.exec(statement.execution_options(populate_existing=True)).one()


def locked_with_exceptions(tx: Transaction, request_id: str) -> tuple[Request, list[Request]]:
    """Return a request and the open ones that ask why it was not done, their rows locked in the order of their ids."""
    request = tx.session.get_one(Request, request_id)
    about = col(Request.key).startswith(f"{EXCEPTION}:{request.key}:", autoescape=True)
    asks_why = and_(col(Request.cycle_key) == request.cycle_key, about, col(Request.state) == RequestState.OPEN)
    statement = select(Request).where(or_(col(Request.id) == request_id, asks_why)).order_by(Request.id)
    rows = tx.session.exec(statement.with_for_update(key_share=True).execution_options(populate_existing=True))
    return request, [row for row in rows if row.id != request_id]


def open_requests_of(session: Session, clinic: str) -> list[Request]:
    """Return every open request of a clinic."""
    statement = select(Request).where(Request.clinic == clinic, Request.state == RequestState.OPEN)
    return list(session.exec(statement.order_by(col(Request.due_on))))
