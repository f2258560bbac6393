"""Tab 05: who works here, when they were away, and what they attested to."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.binder.answers import asked_rows
from models.binder.practice import cycles_of
from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.roles import Role
from models.tables import Leave, Person


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield the sheets of the tab."""
    people = _people(session, scope)
    names = {person.id: person.name for person in people}
    roster = [
        (
            person.name,
            ", ".join(Role(role).title for role in person.roles),
            names.get(person.deputy_id or "", ""),
            "yes" if person.active else "no",
            str(person.pin_enrolled_on or "none"),
        )
        for person in people
    ]
    columns = ("name", "roles", "deputy", "works here", "PIN enrolled")
    yield Sheet("05", "roster", "Roster", columns, roster, "As it is on the day of this binder.")
    away = select(Leave).join(Person).where(Person.clinic == scope.clinic).order_by(col(Leave.first_day))
    leaves = [
        (names[each.person_id], str(each.first_day), str(each.last_day))
        for each in session.exec(away)
        if scope.overlaps(each.first_day, each.last_day)
    ]
    yield Sheet("05", "leaves", "Leave in the period", ("name", "first day", "last day"), leaves)
    keys = [cycle.key for cycle in cycles_of(session, scope)]
    headings, asked = asked_rows(session, scope, keys, personal=True)
    yield Sheet("05", "attestations", "Attestations", headings, asked, "What only the person asked could answer.")


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield people who cannot attest in person."""
    for person in _people(session, scope):
        if person.active and person.pin_enrolled_on is None:
            yield Gap("05", f"{person.name} has no PIN, so nothing of theirs can be attested with one.")


def _people(session: Session, scope: Scope) -> list[Person]:
    return list(session.exec(select(Person).where(Person.clinic == scope.clinic).order_by(col(Person.name))))
