"""Undelivered letters: what follows when a letter cannot reach its person."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from models.cycles import want_waking
from models.events import Event
from models.store import Transaction, transaction
from models.tables import Delivery, Letter, LetterState, Link, Request, RequestState


def mark_not_delivered(letter_id: str, reason: str) -> bool:
    """Mark a letter as not delivered, wake the cycles that wait for its answers, and say so in the ledger.

    Returns False, and changes nothing, for a letter that is unknown or already marked.
    """
    with transaction() as tx:
        letter = locked_letter(tx.session, letter_id)
        if letter is None or letter.state == LetterState.NOT_DELIVERED:
            return False
        letter.state, letter.last_error, letter.next_try_at = LetterState.NOT_DELIVERED, reason, None
        requests = open_requests(tx.session, letter_id)
        note_delivery(letter, requests, Delivery.NOT_DELIVERED)
        _wake(tx, requests)
        record(tx, Event.LETTER_NOT_DELIVERED, letter, requests, reason=reason)
        tx.tell_relay()
        return True


def locked_letter(session: Session, letter_id: str) -> Letter | None:
    """Return a letter with its row locked, as it is now."""
    statement = select(Letter).where(Letter.id == letter_id).with_for_update(key_share=True)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def open_requests(session: Session, letter_id: str) -> list[Request]:
    """Return the open requests that a letter can be answered for, locked in the order of their ids."""
    links = select(Link.request_id).where(Link.letter_id == letter_id)
    statement = select(Request).where(col(Request.id).in_(links), Request.state == RequestState.OPEN)
    return list(session.exec(statement.order_by(Request.id).with_for_update(key_share=True)))


def note_delivery(letter: Letter, requests: Iterable[Request], what: Delivery) -> None:
    """Note what became of a letter in the requests whose holder it went to; letters to others say nothing of that."""
    for request in requests:
        if request.holder_id == letter.person_id:
            request.delivery = what


def record(tx: Transaction, event: Event, letter: Letter, requests: list[Request], **facts: str | None) -> None:
    """Note a ledger entry about a letter on its way."""
    cycles = {request.cycle_key for request in requests}
    cycle = cycles.pop() if len(cycles) == 1 else None
    facts["letter"], facts["person"], facts["message_id"] = letter.id, letter.person_id, letter.message_id
    ids = [request.id for request in requests]
    tx.record(letter.clinic, event, actor="post", cycle=cycle, run={}, requests=ids, **facts)


def _wake(tx: Transaction, requests: list[Request]) -> None:
    for key in sorted({request.cycle_key for request in requests}):
        want_waking(tx, key)
