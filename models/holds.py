"""Legal holds: placed and lifted, each with a reason; a purge takes nothing that is held."""

import secrets
from collections.abc import Iterable

from sqlmodel import Session, col, func, select

from models import clock
from models.documents import commitment
from models.documents_kept import KeptDocument
from models.errors import WellkeptError
from models.events import Event
from models.people import clinic_named
from models.store import Transaction
from models.tables import Clinic, Hold, Policy
from models.words import one_line


class UnknownHoldError(WellkeptError):
    """There is no such hold."""

    remedy = "`wellkept retention holds` lists those in place."


class HoldError(WellkeptError):
    """That hold cannot be placed or lifted."""

    remedy = "Say why with --reason, such as --reason “subpoena of 3 March”."


def holds_of(session: Session, clinic: str) -> list[Hold]:
    """Return the holds in place at a clinic, the oldest first."""
    statement = select(Hold).where(Hold.clinic == clinic, col(Hold.lifted_at).is_(None))
    return list(session.exec(statement.order_by(col(Hold.placed_at))))


def is_held(document: KeptDocument, holds: Iterable[Hold]) -> bool:
    """Tell whether a hold keeps a document: one on everything, or on a policy the document has to do with."""
    return any(hold.policy_id is None or hold.policy_id in document.policies for hold in holds)


def place_hold(tx: Transaction, clinic: str, policy_slug: str | None, reason: str, actor: str) -> Hold:
    """Place a hold on everything of a clinic or on one of its policies. Of the reason the ledger holds a commitment.

    Raises UnknownClinicError, HoldError where there is no such policy or no reason.
    """
    clinic_named(tx.session, clinic)
    tx.session.get_one(Clinic, clinic, with_for_update={"key_share": True})  # two at once get two numbers
    policy_id = _policy_id(tx.session, clinic, policy_slug)
    _need(reason)
    number = tx.session.exec(select(func.count()).select_from(Hold).where(Hold.clinic == clinic)).one() + 1
    hold = Hold(
        id=f"{clinic}/{number}",
        clinic=clinic,
        policy_id=policy_id,
        reason=one_line(reason),
        reason_salt=secrets.token_bytes(32),
        placed_at=clock.now(),
    )
    tx.session.add(hold)
    committed = commitment(hold.reason_salt, hold.reason)
    tx.record(clinic, Event.HOLD_PLACED, actor=actor, hold=hold.id, policy=policy_id, reason_commitment=committed)
    return hold


def lift_hold(tx: Transaction, hold_id: str, reason: str, actor: str) -> Hold:
    """Lift a hold. Raises UnknownHoldError, also where it was lifted before, and HoldError without a reason."""
    hold = tx.session.get(Hold, hold_id, with_for_update={"key_share": True})
    if hold is None or hold.lifted_at is not None:
        raise UnknownHoldError(f"No hold “{hold_id}” is in place.")
    _need(reason)
    hold.lifted_at = clock.now()
    committed = commitment(hold.reason_salt, one_line(reason))
    tx.record(hold.clinic, Event.HOLD_LIFTED, actor=actor, hold=hold.id, reason_commitment=committed)
    return hold


def _policy_id(session: Session, clinic: str, slug: str | None) -> str | None:
    if slug is None:
        return None
    policy = session.get(Policy, f"{clinic}/{slug}")
    if policy is None:
        known = ", ".join(session.exec(select(Policy.slug).where(Policy.clinic == clinic).order_by(Policy.slug)))
        raise HoldError(f"{clinic} has no policy called “{slug}”.", remedy=f"Known: {known or 'none'}.")
    return policy.id


def _need(reason: str) -> None:
    if not reason.strip():
        raise HoldError("A hold wants a reason.")
