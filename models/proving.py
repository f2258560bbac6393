"""Proving who answers: the PIN behind a link, counted and locked."""

from typing import Any

from sqlmodel import select

from models import clock
from models.answering_errors import LinkLockedError, NoPinError, PinRefusedError
from models.events import Event
from models.pins import TRIES, check
from models.store import Transaction, transaction
from models.tables import Link, Person, Request, RequestState, Tier


def prove_pin(link_id: str, pin: str, *, always: bool = False) -> None:
    """Check the PIN where the link's request attests, or always; a refusal is committed with its ledger entry.

    The link's row stays locked while the PIN is checked, so that tries at once are counted one by one.
    Raises PinRefusedError, LinkLockedError, NoPinError.
    """
    with transaction() as tx:
        link = tx.session.exec(select(Link).where(Link.id == link_id).with_for_update()).one()
        request = tx.session.get_one(Request, link.request_id)
        wanted = always or request.tier == Tier.ATTEST
        if not wanted or request.state != RequestState.OPEN or link.used_at:
            return
        refusal = _refusal(tx, link, request, pin)
    if refusal:
        raise refusal


def _refusal(
    tx: Transaction, link: Link, request: Request, pin: str
) -> LinkLockedError | NoPinError | PinRefusedError | None:
    person = tx.session.get_one(Person, link.person_id)
    if link.locked_at:
        return LinkLockedError()
    if person.pin_hash is None:
        return NoPinError()
    return None if check(person, pin) else _count(tx, link, request)


def _count(tx: Transaction, link: Link, request: Request) -> LinkLockedError | PinRefusedError:
    link.pin_failures += 1
    tx.session.add(link)
    facts: dict[str, Any] = {"request": request.id, "link": link.id, "failures": link.pin_failures}
    tx.record(request.clinic, Event.PIN_REFUSED, actor="unconfirmed visitor", cycle=request.cycle_key, **facts)
    if link.pin_failures < TRIES:
        return PinRefusedError(TRIES - link.pin_failures)
    link.locked_at = clock.now()
    tx.record(request.clinic, Event.LINK_LOCKED, actor="portal", cycle=request.cycle_key, **facts)
    return LinkLockedError()
