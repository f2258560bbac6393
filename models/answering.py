"""Answering: recording what a person decided, once, with its ledger entry."""

import secrets
from dataclasses import dataclass

from sqlalchemy import CursorResult, update
from sqlmodel import col

from models import clock
from models.answer_facts import facts_of
from models.answerers import is_their_own
from models.answering_errors import (
    ClosedError,
    IncompleteError,
    LinkSpentError,
    NotYetError,
    OwnWorkError,
    PersonalError,
    SupersededError,
)
from models.case_told import Told
from models.cases import write_fact
from models.cycles import cycle_named, want_waking
from models.documents import keep
from models.events import Event
from models.occasions import occasion_of
from models.people import clinic_named, people_of
from models.proving import prove_pin
from models.questions import Needs, Question
from models.requests import answer_of, drop, locked_with_exceptions
from models.store import Transaction, reading, transaction
from models.submissions import Submission, faults, sheet_of
from models.tables import Answer, Clinic, Dropped, Link, Person, Request, RequestState


@dataclass(frozen=True)
class Recorded:
    """The answer that was just recorded."""

    answer: Answer


@dataclass(frozen=True)
class Already:
    """The answer that had been recorded before; nothing was changed."""

    answer: Answer


def record_answer(link_id: str, given: Submission) -> Recorded | Already:
    """Record an answer through a link, in one transaction with its ledger entry; of two at once, one is recorded.

    Raises IncompleteError, SupersededError, NotYetError, OwnWorkError, PersonalError, ClosedError, LinkSpentError and,
    where the question wants a PIN, PinRefusedError, LinkLockedError or NoPinError. None of them changes the request.
    """
    _refuse_incomplete(link_id, given)
    prove_pin(link_id, given.pin)
    with transaction() as tx:
        link = tx.session.get_one(Link, link_id)
        request, exceptions = locked_with_exceptions(tx, _request_id(link))
        if answer := answer_of(tx.session, request.id):
            return Already(answer)
        refuse_unanswerable(request, link, given.shown_sha256, cycle_open=_cycle_is_open(tx, request))
        _spend(tx, link)
        for exception in exceptions:
            drop(tx, exception, Dropped.ANSWERED_MEANWHILE, {})
        return Recorded(_write(tx, request, link, given))


def refuse_unanswerable(request: Request, link: Link, shown_sha256: str | None, *, cycle_open: bool) -> None:
    """Raise what stands against answering a request through a link now; the request is not answered yet."""
    if request.state != RequestState.OPEN or not cycle_open:
        raise ClosedError
    if link.superseded_at or not request.document_sha256 == link.document_sha256 == shown_sha256:
        raise SupersededError
    if is_their_own(request, link.person_id):
        raise OwnWorkError
    if request.question.get("personal") and link.person_id != request.asked_id:
        raise PersonalError
    if request.not_before and clock.now() < request.not_before:
        raise NotYetError


def _refuse_incomplete(link_id: str, given: Submission) -> None:
    """Raise IncompleteError before a PIN is tried, so that a slip of the pen costs no try."""
    with reading() as session:
        link = session.get_one(Link, link_id)
        request = session.get_one(Request, _request_id(link))
        question = Question.model_validate(request.question)
        name, people = session.get_one(Person, link.person_id).name, people_of(session, request.clinic)
        occasion = occasion_of(session, cycle_named(session, request.cycle_key), link.person_id)
    if found := faults(question, given, name, frozenset(people), occasion):
        raise IncompleteError(" ".join(fault.message for fault in found))


def _request_id(link: Link) -> str:
    if link.request_id is None:
        raise LinkSpentError
    return link.request_id


def _cycle_is_open(tx: Transaction, request: Request) -> bool:
    return cycle_named(tx.session, request.cycle_key).closed_at is None


def _spend(tx: Transaction, link: Link) -> None:
    """Mark the link used, or raise LinkSpentError: the compare-and-set that makes an answer single."""
    unused = (
        col(Link.id) == link.id,
        col(Link.used_at).is_(None),
        col(Link.locked_at).is_(None),
        col(Link.superseded_at).is_(None),
    )
    spent = tx.session.execute(update(Link).where(*unused).values(used_at=clock.now()))
    if not isinstance(spent, CursorResult) or spent.rowcount != 1:
        raise LinkSpentError


def _write(tx: Transaction, request: Request, link: Link, given: Submission) -> Answer:
    clinic = clinic_named(tx.session, request.clinic)
    answer = _answer(tx, request, link, given, clinic)
    if case_id := request.question.get("case_id"):
        _write_to_case(tx, case_id, request, answer, given)
    tx.session.add(answer)
    request.state, request.closed_at = RequestState.ANSWERED, answer.answered_at
    tx.session.add(request)
    _record(tx, request, answer)
    want_waking(tx, request.cycle_key)
    return answer


def _write_to_case(tx: Transaction, case_id: str, request: Request, answer: Answer, given: Submission) -> None:
    """Write what somebody answered about a case as a fact of it; the answer keeps what the cycle may know."""
    choice = Question.model_validate(request.question).choice(given.choice)
    assert choice is not None  # noqa: S101 - incomplete answers were refused
    occasion = occasion_of(tx.session, cycle_named(tx.session, request.cycle_key), answer.by_id)
    sheet = sheet_of(choice, given, occasion)
    written = Told(said=choice.past, reason=answer.reason, text=given.text or "", sheet=sheet)
    write_fact(tx, case_id, request.key, written.as_json(), answer.by_id)
    answer.reason, answer.told = "", sheet.tell(occasion) if sheet else None


def _answer(tx: Transaction, request: Request, link: Link, given: Submission, clinic: Clinic) -> Answer:
    choice = Question.model_validate(request.question).choice(given.choice)
    in_case = bool(request.question.get("case_id"))
    takes_text = choice is not None and choice.text is not Needs.NOTHING and bool(given.text) and not in_case
    takes_person = choice is not None and choice.person is not Needs.NOTHING
    return Answer(
        request_id=request.id,
        choice=given.choice,
        reason=given.reason.strip(),
        reason_salt=secrets.token_bytes(32),
        handed_in_sha256=keep(tx.session, given.text or "") if takes_text else None,
        picked_id=given.person_id or None if takes_person else None,
        by_id=link.person_id,
        for_id=request.asked_id,
        answered_at=clock.now(),
        days_late=max(0, (clock.today(clinic.time_zone) - request.due_on).days),
        tier=request.tier,
        shown_sha256=request.document_sha256,
        link_id=link.id,
    )


def _record(tx: Transaction, request: Request, answer: Answer) -> None:
    """Write the ledger entry, sealed."""
    facts = facts_of(answer)
    tx.record(request.clinic, Event.ANSWER_RECORDED, actor=answer.by_id, cycle=request.cycle_key, **facts)
    tx.seal(request.clinic, actor="portal")
