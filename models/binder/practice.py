"""Tab 00: who the practice is, who answers for what, and which cycles ran."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.binder.tabs import duty_is_about
from models.duties import catalogue
from models.people import clinic_named
from models.roles import Role
from models.tables import Cycle, Person

OFFICIALS = (Role.PRIVACY_OFFICIAL, Role.SECURITY_OFFICIAL, Role.PRACTICE_OWNER)


def cycles_of(session: Session, scope: Scope) -> list[Cycle]:
    """Return the cycles of the topic that were open in the period, the first first."""
    found = session.exec(select(Cycle).where(Cycle.clinic == scope.clinic).order_by(col(Cycle.began_at)))
    return [cycle for cycle in found if duty_is_about(cycle.duty, scope.topic) and _open_in(scope, cycle)]


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield the sheets of the tab."""
    clinic = clinic_named(session, scope.clinic)
    facts = [("Name", clinic.name), ("Time zone", clinic.time_zone), ("States", ", ".join(clinic.states))]
    facts += [("Site", ", ".join(str(value) for value in site.values())) for site in clinic.sites]
    yield Sheet("00", "practice", "The practice", ("what", "is"), facts)
    people = _people(session, scope)
    names = {person.id: person.name for person in people}
    rows = [
        (role.title, person.name, names.get(person.deputy_id or "", ""))
        for role in OFFICIALS
        for person in people
        if role in person.roles and person.active
    ]
    yield Sheet("00", "officials", "Officials", ("role", "name", "deputy"), rows)
    yield Sheet(
        "00",
        "cycles",
        "Cycles in the period",
        ("cycle", "period", "began", "due", "closed", "came to"),
        [_row(scope, cycle) for cycle in cycles_of(session, scope)],
        "A cycle is one occurrence of a duty, such as this year's review of all policies.",
    )


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield officials that nobody is, and cycles that are late or were."""
    held = {role for person in _people(session, scope) if person.active for role in person.roles}
    yield from (Gap("00", f"Nobody is named as {role.title}.") for role in OFFICIALS if role not in held)
    for cycle in cycles_of(session, scope):
        title = f"{_title(cycle)} {cycle.period}"
        if cycle.closed_at is None:
            yield Gap("00", f"{title} is not closed; it is due on {cycle.due_on}.")
        elif late := cycle.outcome.get("days_late"):
            yield Gap("00", f"{title} was closed {late} days late.")


def _open_in(scope: Scope, cycle: Cycle) -> bool:
    closed = scope.day(cycle.closed_at) if cycle.closed_at else None
    return scope.overlaps(scope.day(cycle.began_at), closed)


def _people(session: Session, scope: Scope) -> list[Person]:
    return list(session.exec(select(Person).where(Person.clinic == scope.clinic).order_by(col(Person.name))))


def _title(cycle: Cycle) -> str:
    duty = catalogue().get(cycle.duty)
    return duty.title if duty else cycle.duty


def _row(scope: Scope, cycle: Cycle) -> tuple[str, ...]:
    told = cycle.outcome
    exceptions = "; ".join(told.get("exceptions", []))
    came_to = ". ".join(
        each for each in (str(told.get("summary", "")), exceptions and f"Exceptions: {exceptions}") if each
    )
    closed = scope.local(cycle.closed_at) or "open"
    return (_title(cycle), cycle.period, scope.local(cycle.began_at), str(cycle.due_on), closed, came_to)
