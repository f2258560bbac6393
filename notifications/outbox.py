"""The outbox: due letters are handed over, one at a time, each at least once and always as the same mail."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import col, select

from models import clock
from models.events import Event
from models.settings import Settings, load_settings
from models.store import NoStoreError, Transaction, reading, transaction
from models.tables import Delivery, Letter, LetterState, Link, Person, SignIn
from notifications import backoff
from notifications.message import NoAddressError, Parcel, parcel_of
from notifications.sign_ins import KIND as SIGN_IN
from notifications.sign_ins import code_of
from notifications.smtp import STEP_SECONDS, WHOLE_SECONDS, hand_over
from notifications.undelivered import locked_letter, mark_not_delivered, note_delivery, open_requests, record
from notifications.verdict import Fate, Verdict

LEASE = timedelta(seconds=WHOLE_SECONDS + 30)
"""For so long at least a claimed letter belongs to whoever claimed it."""

FINISH_SECONDS = STEP_SECONDS + 5
"""How long a letter under way may still take once we are told to stop: the server's longest step, and our commit."""

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivered:
    """What a round of deliveries came to."""

    count: int
    """Letters the mail server accepted."""
    next_at: datetime | None
    """When to come again, in real time; None when nothing is queued."""


async def deliver_due(limit: int = 50) -> Delivered:
    """Hand over the letters that are due, at most `limit`; stops early when the mail server is away.

    Safe to run in several processes. A crash between the server's yes and our commit sends the letter once more, with
    the same Message-ID and the same links. Raises NoStoreError when the database does not answer.
    """
    settings, count = load_settings(), 0
    for _ in range(limit):
        letter = await asyncio.to_thread(_claim)
        if letter is None:
            break
        verdict = await _to_its_end(_carry(letter, settings))
        count += verdict is not None and verdict.fate is Fate.ACCEPTED
        if verdict and verdict.about_the_server:
            return Delivered(count, clock.real_now() + backoff.FIRST)
    return Delivered(count, await asyncio.to_thread(_next_at))


async def _to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Finish even if cancelled: cut off between its last dot and the server's yes, a mail would go out twice."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=FINISH_SECONDS)
        raise


async def _carry(letter: Letter, settings: Settings) -> Verdict | None:
    """Try a claimed letter and write down what became of it; None for a fault of ours, which must not stop the others.

    Raises NoStoreError: without the store there are no others.
    """
    try:
        verdict = await _try(letter, settings)
        await asyncio.to_thread(_settle, letter.id, verdict)
    except NoStoreError:
        raise
    except Exception:
        log.exception("Letter %s is tried again at %s.", letter.id, letter.next_try_at)
        return None
    return verdict


def _claim() -> Letter | None:
    """Take the letter that has been due longest. After a crash or a fault of ours it is due again, each time later."""
    with transaction() as tx:
        statement = (
            select(Letter)
            .where(Letter.state == LetterState.QUEUED, col(Letter.next_try_at) <= clock.real_now())
            .order_by(col(Letter.next_try_at), col(Letter.written_at), col(Letter.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        letter = tx.session.exec(statement).first()
        if letter:
            letter.tries += 1
            letter.next_try_at = clock.real_now() + max(LEASE, backoff.pause(letter.tries))
        return letter


async def _try(letter: Letter, settings: Settings) -> Verdict:
    """Hand a claimed letter over; one whose address is none is refused, so that the others go on."""
    try:
        parcel = await asyncio.to_thread(_parcel, letter, settings)
    except NoAddressError as error:
        return Verdict(Fate.REFUSED, str(error))
    return await hand_over(parcel, settings)


def _parcel(letter: Letter, settings: Settings) -> Parcel:
    with reading() as session:
        name = session.get_one(Person, letter.person_id).name if letter.person_id else ""
        links = {link.id: link for link in session.exec(select(Link).where(Link.letter_id == letter.id))}
        sign_in = session.get(SignIn, letter.id) if letter.kind == SIGN_IN else None
    return parcel_of(letter, name, links, settings, code_of(sign_in) if sign_in else "")


def _settle(letter_id: str, verdict: Verdict) -> None:
    """Write down what became of a try."""
    if verdict.fate is Fate.ACCEPTED:
        _accept(letter_id, verdict.said)
    elif verdict.fate is Fate.REFUSED or not _put_off(letter_id, verdict):
        mark_not_delivered(letter_id, verdict.said)


def _accept(letter_id: str, said: str) -> None:
    with transaction() as tx:
        letter = locked_letter(tx.session, letter_id)
        # A bounce may have overtaken us, or another relay after a lease that ran out.
        if letter is None or letter.state != LetterState.QUEUED:
            return
        letter.state, letter.accepted_at = LetterState.ACCEPTED, clock.now()
        letter.next_try_at, letter.last_error = None, None
        _note_acceptance(tx, letter, said)


def _note_acceptance(tx: Transaction, letter: Letter, said: str) -> None:
    requests = open_requests(tx.session, letter.id)
    note_delivery(letter, requests, Delivery.ACCEPTED)
    record(tx, Event.LETTER_ACCEPTED, letter, requests, server_said=said)


def _put_off(letter_id: str, verdict: Verdict) -> bool:
    """Plan the next try, or say that there were enough. What is wrong with our own settings is never the person's."""
    with transaction() as tx:
        letter = locked_letter(tx.session, letter_id)
        if letter is None or letter.state != LetterState.QUEUED:
            return True
        age = clock.now() - letter.written_at
        if verdict.fate is not Fate.MISCONFIGURED and backoff.hopeless(letter.tries, age):
            return False
        letter.next_try_at = clock.real_now() + backoff.pause(letter.tries)
        letter.last_error = verdict.said
        _tell(letter, verdict)
        return True


def _tell(letter: Letter, verdict: Verdict) -> None:
    if verdict.fate is Fate.MISCONFIGURED:
        log.error("The mail server refuses us, check the smtp settings (`wellkept doctor`): %s", verdict.said)
    else:
        log.warning("Letter %s waits until %s: %s", letter.id, letter.next_try_at, verdict.said)


def _next_at() -> datetime | None:
    with reading() as session:
        statement = select(func.min(col(Letter.next_try_at))).where(Letter.state == LetterState.QUEUED)
        return session.exec(statement).one()
