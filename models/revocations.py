"""Revocations: a patient takes an authorization or a consent back, and from that moment nothing goes out on it."""

from datetime import datetime

from models import clock
from models.cases import case_named
from models.errors import WellkeptError
from models.events import Event
from models.sheets.third_party import REVOKED
from models.store import Transaction


class RevocationError(WellkeptError):
    """It cannot have been taken back then."""

    remedy = "Write the moment it reached the practice, with its time zone."


def note_revocation(tx: Transaction, case_id: str, revoked_at: datetime, by: str) -> None:
    """Note that what a case rests on was taken back at a moment, which has to have come; the first one counts.

    Raises UnknownCaseError, RevocationError.
    """
    case = case_named(tx.session, case_id, lock=True)
    if revoked_at > clock.now():
        raise RevocationError(f"{revoked_at.isoformat()} has not come yet.")
    before = case.told.get(REVOKED)
    if before is None or datetime.fromisoformat(before) > revoked_at:
        case.told = {**case.told, REVOKED: revoked_at.isoformat()}
    tx.record(case.clinic, Event.PAPER_REVOKED, actor=by, case=case.id, revoked_at=revoked_at.isoformat())
