"""Writing: a person's notices become one letter with its links, its calendar and its ledger entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select

from models import clock
from models.answerers import may_answer
from models.events import Event
from models.settings import Settings
from models.store import Transaction
from models.tables import Delivery, Letter, Link, Notice, NoticeKind, Person, Request
from notifications.addresses import mail_domain, message_id, thread_id
from notifications.batch import Batch
from notifications.calendar import due_dates
from notifications.gathering import Desk, telling_kinds
from notifications.links import make_link
from notifications.rendering import render
from notifications.undelivered import note_delivery


@dataclass(frozen=True)
class Posted:
    """A letter that was written and waits for the relay."""

    letter_id: str
    person_name: str
    subject: str
    count: int
    """How many requests it tells of."""


@dataclass(frozen=True)
class _Pen:
    """What the parts of writing one letter share."""

    tx: Transaction
    letter: Letter
    person: Person
    settings: Settings
    now: datetime

    def link(self, request: Request | None) -> str:
        """Make a link of the letter and return its id."""
        return make_link(self.tx, self.letter, request, self.person.id, self.now, self.settings.link_days).id


def write_letter(
    tx: Transaction, person_id: str, notices: Sequence[Notice], run: dict[str, str], settings: Settings
) -> Posted:
    """Write the letter of notices that the transaction holds locked, queue it, and tell the relay."""
    person = tx.session.get_one(Person, person_id)
    pen = _Pen(tx, _blank(tx, person, notices, settings), person, settings, clock.now())
    requests = _requests_of(tx.session, notices)
    sent_before = _links_before(tx.session, person, requests)
    batch = _batch(pen, telling_kinds(notices), requests)
    _fill(pen, batch, sent_before)
    for notice in notices:
        notice.letter_id = pen.letter.id
    _queue(pen, batch, requests, run)
    return Posted(pen.letter.id, person.name, pen.letter.subject, len(batch.items))


def _blank(tx: Transaction, person: Person, notices: Sequence[Notice], settings: Settings) -> Letter:
    """Write the letter's row without words: its links need it to stand."""
    letter_id, now = uuid4().hex, clock.now()
    cycles = dict.fromkeys(notice.cycle_key for notice in notices)
    letter = Letter(
        id=letter_id,
        clinic=person.clinic,
        person_id=person.id,
        kind="",
        address=person.email,
        message_id=message_id(letter_id, settings),
        references=[thread_id(cycle, person.slug, settings) for cycle in cycles],
        subject="",
        text_body="",
        html_body="",
        written_at=now,
        next_try_at=clock.real_now(),
    )
    tx.session.add(letter)
    tx.session.flush()
    return letter


def _requests_of(session: Session, notices: Sequence[Notice]) -> dict[str, Request]:
    ids = {notice.request_id for notice in notices}
    rows = session.exec(select(Request).where(col(Request.id).in_(ids)).order_by(Request.id))
    return {row.id: row for row in rows}


def _links_before(session: Session, person: Person, requests: dict[str, Request]) -> dict[str, int]:
    """Return how many links the person has had to each request, which numbers the versions of its calendar entry."""
    statement = (
        select(Link.request_id, func.count())
        .where(Link.person_id == person.id, col(Link.request_id).in_(requests))
        .group_by(col(Link.request_id))
    )
    return {request_id: count for request_id, count in session.exec(statement) if request_id}


def _batch(pen: _Pen, kinds: dict[str, NoticeKind], requests: dict[str, Request]) -> Batch:
    """Make the links and put the items in order."""
    desk = Desk.of(pen.tx.session, pen.letter.clinic)
    items = []
    for request_id, kind in kinds.items():
        request = requests[request_id]
        link_id = pen.link(request) if may_answer(desk.people, request, pen.person.id) else None
        items.append(desk.item(request, kind, pen.person.id, link_id))
    several = sum(item.link_id is not None for item in items) > 1
    return Batch(
        name=pen.person.name,
        clinic_name=desk.clinic.name,
        today=desk.today,
        privacy_official=desk.privacy_official,
        items=tuple(items),
        list_link_id=pen.link(None) if several else None,
    ).sorted()


def _fill(pen: _Pen, batch: Batch, sent_before: dict[str, int]) -> None:
    """Put the words into the letter."""
    rendered, letter = render(batch), pen.letter
    letter.kind, letter.subject = batch.letter, rendered.subject
    letter.text_body, letter.html_body = rendered.text, rendered.html
    letter.calendar = due_dates(batch.items, mail_domain(pen.settings), pen.now, sent_before)


def _queue(pen: _Pen, batch: Batch, requests: dict[str, Request], run: dict[str, str]) -> None:
    """Note in requests and ledger that the letter is under way."""
    note_delivery(pen.letter, [requests[item.request_id] for item in batch.to_do], Delivery.UNDERWAY)
    cycles = {request.cycle_key for request in requests.values()}
    pen.tx.record(
        pen.letter.clinic,
        Event.LETTER_QUEUED,
        actor="post",
        cycle=cycles.pop() if len(cycles) == 1 else None,
        run=run,
        letter=pen.letter.id,
        person=pen.person.id,
        kind=pen.letter.kind,
        requests=[item.request_id for item in batch.items],
        message_id=pen.letter.message_id,
        subject=pen.letter.subject,
    )
    pen.tx.tell_relay()
