"""The disclosure log: written by every release, read by every accounting (45 CFR 164.528, 42 CFR 2.25)."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models import clock
from models.events import Event
from models.requests import Run
from models.store import Transaction
from models.tables import Case, Disclosure


def write_disclosure(
    tx: Transaction,
    case_id: str,
    fact: str,
    disclosed_on: date,
    basis: str,
    run: Run,
    *,
    accountable: bool,
    part_2: bool = False,
    subject: str | None = None,
) -> None:
    """Write a line of the log, with its ledger entry; once per fact. It is about whom the case is, or a `subject`."""
    case = tx.session.get_one(Case, case_id)
    if tx.session.get(Disclosure, (case_id, fact)) is not None:
        return
    row = Disclosure(
        case_id=case_id,
        fact=fact,
        clinic=case.clinic,
        subject=subject or case.subject,
        disclosed_on=disclosed_on,
        basis=basis,
        accountable=accountable,
        part_2_consent=part_2,
        written_at=clock.now(),
    )
    tx.session.add(row)
    facts: dict[str, Any] = {"disclosed_on": str(disclosed_on), "basis": basis}
    facts |= {"accountable": accountable, "part_2_consent": part_2}
    tx.record(case.clinic, Event.DISCLOSURE_LOGGED, actor="engine", case=case_id, fact=fact, run=run, **facts)


def disclosures_about(session: Session, case: Case, first_day: date, last_day: date) -> list[Disclosure]:
    """Return the accountable disclosures of a period about the same person as a case, oldest first."""
    same = (Disclosure.clinic == case.clinic, Disclosure.subject == case.subject, col(Disclosure.accountable))
    rows = select(Disclosure).where(*same, Disclosure.disclosed_on >= first_day, Disclosure.disclosed_on <= last_day)
    return list(session.exec(rows.order_by(col(Disclosure.disclosed_on), Disclosure.case_id)))
