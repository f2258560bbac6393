"""People of a folder: added, changed, and set to inactive when they are gone from it, never deleted."""

from typing import Any

from sqlmodel import Session, select

from models.applying.changes import Changes, bring_up_to_date, in_words
from models.clinic_folder import ClinicFile, PersonEntry
from models.documents import keep_salted
from models.tables import Leave, Person


def apply_people(session: Session, clinic: ClinicFile, changes: Changes) -> None:
    """Write a clinic's people and their leave. PINs stay as they are."""
    known = {row.slug: row for row in session.exec(select(Person).where(Person.clinic == clinic.slug))}
    for entry in clinic.people:
        _apply_person(session, clinic.slug, entry, known.get(entry.id), changes)
    session.flush()
    for entry in clinic.people:
        _apply_leave(session, clinic.slug, entry, changes)
    _leave_out(clinic, known, changes)


def person_id(clinic: str, slug: str) -> str:
    """Return the id of a person in the store: `clinic/slug`."""
    return f"{clinic}/{slug}"


def _apply_person(session: Session, clinic: str, entry: PersonEntry, row: Person | None, changes: Changes) -> None:
    wanted: dict[str, Any] = {
        "name": entry.name,
        "email": entry.email,
        "roles": [role.value for role in entry.roles],
        "deputy_id": person_id(clinic, entry.deputy) if entry.deputy else None,
        "active": True,
    }
    id_ = person_id(clinic, entry.id)
    if row is None:
        session.add(Person(id=id_, clinic=clinic, slug=entry.id, **wanted))
        titles = ", ".join(role.title for role in entry.roles)
        changes.add(f"{entry.name} ({titles})", person=id_, **_news(session, wanted))
    elif differing := bring_up_to_date(row, wanted):
        changes.change(f"{entry.name}: {in_words(differing)}", person=id_, **_news(session, differing))


def _news(session: Session, columns: dict[str, Any]) -> dict[str, Any]:
    """Return a person's columns as the ledger tells them, which is for ever: no name, of the address a commitment."""
    told = {name: value for name, value in columns.items() if name not in {"name", "email"}}
    proof = {"email_commitment": keep_salted(session, columns["email"])} if "email" in columns else {}
    return {"fields": list(columns), **told, **proof}


def _leave_out(clinic: ClinicFile, known: dict[str, Person], changes: Changes) -> None:
    for slug in known.keys() - {entry.id for entry in clinic.people}:
        if known[slug].active:
            known[slug].active = False
            line = f"{known[slug].name}: no longer works here; the record keeps the name"
            changes.remove(line, person=known[slug].id)


def _apply_leave(session: Session, clinic: str, entry: PersonEntry, changes: Changes) -> None:
    id_ = person_id(clinic, entry.id)
    wanted = {(leave.first_day, leave.last_day) for leave in entry.leave}
    rows = session.exec(select(Leave).where(Leave.person_id == id_)).all()
    there = {(row.first_day, row.last_day): row for row in rows}
    for first_day, last_day in sorted(wanted - there.keys()):
        session.add(Leave(person_id=id_, first_day=first_day, last_day=last_day))
        days = [str(first_day), str(last_day)]
        changes.add(f"{entry.name}: leave from {first_day} to {last_day}", person=id_, leave=days)
    for first_day, last_day in sorted(there.keys() - wanted):
        session.delete(there[first_day, last_day])
        days = [str(first_day), str(last_day)]
        changes.remove(f"{entry.name}: leave from {first_day} to {last_day}", person=id_, leave=days)
