"""Restrictions: what a patient paid for in full and asked to keep from the insurer, 45 CFR 164.522(a)(1)(vi)."""

from sqlmodel import Session, col, select

from models.sheets.restriction import Wish
from models.tables import Case

PREFIX = "RES"


def self_paid_cases(session: Session, case: Case) -> tuple[str, ...]:
    """Return the numbers of the cases of the same patient that nobody may refuse; they count from receipt."""
    if case.subject is None:
        return ()
    same = (Case.clinic == case.clinic, Case.subject == case.subject, Case.prefix == PREFIX, Case.id != case.id)
    rows = session.exec(select(Case).where(*same).order_by(col(Case.number)))
    return tuple(row.named for row in rows if row.told.get("wish") == Wish.SELF_PAY)
