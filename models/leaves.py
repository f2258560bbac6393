"""Leave: the days a person is away, added and taken back outside the clinic's folder."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.errors import WellkeptError
from models.events import Event
from models.people import UnknownPersonError
from models.store import Transaction
from models.tables import Leave, Person


class LeaveError(WellkeptError):
    """That leave cannot be noted."""

    remedy = "Name the first and the last day away, such as --from 2027-03-01 --to 2027-03-05."


def person_named(session: Session, person_id: str) -> Person:
    """Return an active person by `clinic/slug`. Raises UnknownPersonError."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise UnknownPersonError(f"There is nobody with the id “{person_id}”.")
    return person


def add_leave(tx: Transaction, person: Person, first_day: date, last_day: date, actor: str) -> None:
    """Note that a person is away, both days included, as civil dates of the clinic. Raises LeaveError."""
    if last_day < first_day:
        raise LeaveError(f"{last_day} is before {first_day}.")
    if overlap := next((row for row in _leaves(tx.session, person) if _overlaps(row, first_day, last_day)), None):
        remedy = f"Take that one back first with --remove --from {overlap.first_day} --to {overlap.last_day}."
        words = f"{person.name} is already away from {overlap.first_day} to {overlap.last_day}."
        raise LeaveError(words, remedy=remedy)
    tx.session.add(Leave(person_id=person.id, first_day=first_day, last_day=last_day))
    _record(tx, person, first_day, last_day, actor, "added")


def remove_leave(tx: Transaction, person: Person, first_day: date, last_day: date, actor: str) -> None:
    """Take back a leave with exactly these days. Raises LeaveError naming the leave there is."""
    rows = _leaves(tx.session, person)
    found = next((row for row in rows if (row.first_day, row.last_day) == (first_day, last_day)), None)
    if found is None:
        there = ", ".join(f"{row.first_day} to {row.last_day}" for row in rows) or "none"
        raise LeaveError(f"{person.name} has no leave from {first_day} to {last_day}.", remedy=f"Noted: {there}.")
    tx.session.delete(found)
    _record(tx, person, first_day, last_day, actor, "removed")


def _record(tx: Transaction, person: Person, first_day: date, last_day: date, actor: str, change: str) -> None:
    facts: dict[str, Any] = {"person": person.id, "first_day": str(first_day), "last_day": str(last_day)}
    tx.record(person.clinic, Event.LEAVE_CHANGED, actor=actor, change=change, **facts)


def _leaves(session: Session, person: Person) -> list[Leave]:
    return list(session.exec(select(Leave).where(Leave.person_id == person.id).order_by(col(Leave.first_day))))


def _overlaps(row: Leave, first_day: date, last_day: date) -> bool:
    return row.first_day <= last_day and first_day <= row.last_day
