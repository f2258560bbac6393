"""The register of requests: what came when, when it was due, and what came of it. No facts about anybody."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.breach_told import BREACH, day_of
from models.duties import catalogue
from models.intakes import EXTENDED
from models.people import clinic_named
from models.tables import Case, Cycle, Step


@dataclass(frozen=True)
class Row:
    """One case. All days are civil days of the clinic."""

    number: str
    duty: str
    """The duty's name."""
    title: str
    received_on: date
    due_on: date
    extended: bool
    closed_on: date | None
    days_taken: int | None
    """Calendar days from receipt to the end; none while it is open."""
    days_late: int
    """Calendar days after the due date, of an open one by today."""
    outcome: str
    """What it came to, in words; empty while it is open."""


def register_of(session: Session, clinic: str, today: date) -> list[Row]:
    """Return a clinic's cases that a request opened: open ones by due date, then the others, newest first."""
    zone = ZoneInfo(clinic_named(session, clinic).time_zone)
    kinds = {duty.name: duty for duty in catalogue().values() if duty.intake}
    cycles = session.exec(select(Cycle).where(Cycle.clinic == clinic, col(Cycle.duty).in_(kinds)))
    cases = {case.id: case for case in session.exec(select(Case).where(Case.clinic == clinic))}
    extended = set(session.exec(select(Step.cycle_key).where(Step.key == EXTENDED)))
    rows = []
    for cycle in cycles:
        case = cases[cycle.case_id]
        closed_on = cycle.closed_at.astimezone(zone).date() if cycle.closed_at else None
        received_on = case.received_on or case.opened_at.astimezone(zone).date()
        rows.append(
            Row(
                number=cycle.period,
                duty=cycle.duty,
                title=kinds[cycle.duty].title,
                received_on=received_on,
                due_on=cycle.due_on,
                extended=cycle.key in extended,
                closed_on=closed_on,
                days_taken=(closed_on - received_on).days if closed_on else None,
                days_late=cycle.outcome["days_late"] if closed_on else _days_late(case, cycle, today),
                outcome=cycle.outcome["summary"] if closed_on else "",
            )
        )
    return sorted(rows, key=lambda row: (row.closed_on is not None, _place(row), row.number))


def _days_late(case: Case, cycle: Cycle, today: date) -> int:
    """Return by how many days an open case is late; one that did what the law has a clock for is late no more."""
    done_on = day_of(case.told.get(BREACH, {}), "met_on")
    return max(0, ((done_on or today) - cycle.due_on).days)


def _place(row: Row) -> int:
    return -row.closed_on.toordinal() if row.closed_on else row.due_on.toordinal()
