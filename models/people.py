"""The people of a clinic, read from the store for the rules of cover."""

from sqlmodel import Session, col, select

from models.calendars import IsBusinessDay, business_day
from models.cover import People, Staff
from models.errors import WellkeptError
from models.tables import Clinic, Leave, Person


class UnknownClinicError(WellkeptError):
    """There is no such clinic."""

    remedy = "`wellkept clinics list` shows the clinics; `wellkept clinics apply PATH` adds one."


class UnknownPersonError(WellkeptError):
    """There is no such person."""

    remedy = "`wellkept clinics list --people` shows who belongs to each clinic."


def clinic_named(session: Session, slug: str) -> Clinic:
    """Return a clinic. Raises UnknownClinicError."""
    if clinic := session.get(Clinic, slug):
        return clinic
    raise UnknownClinicError(f"There is no clinic called “{slug}”.")


def business_days_of(session: Session, slug: str) -> IsBusinessDay:
    """Return the test for a clinic's own business days: those of its first state. Raises UnknownClinicError."""
    return business_day(next(iter(clinic_named(session, slug).states), None))


def people_of(session: Session, clinic: str) -> People:
    """Return the active people of a clinic by id, with their leave, in the order of their ids."""
    rows = session.exec(select(Person).where(Person.clinic == clinic, col(Person.active)).order_by(Person.id)).all()
    away: dict[str, list[Leave]] = {}
    for leave in session.exec(select(Leave).where(col(Leave.person_id).in_([row.id for row in rows]))):
        away.setdefault(leave.person_id, []).append(leave)
    return {row.id: _staff(row, away.get(row.id, [])) for row in rows}


def _staff(row: Person, leaves: list[Leave]) -> Staff:
    days = tuple((leave.first_day, leave.last_day) for leave in leaves)
    return Staff(row.id, row.name, frozenset(row.roles), row.deputy_id, days)


def name_of(session: Session, person_id: str) -> str:
    """Return a person's name, active or not. Raises UnknownPersonError."""
    if person := session.get(Person, person_id):
        return person.name
    raise UnknownPersonError(f"There is nobody with the id “{person_id}”.")
