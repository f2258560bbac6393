"""The incident register and its yearly figures: what went wrong, what it was found to be, and by when that was done."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.breach_told import BREACH, breach_of, day_of
from models.duties import duty_named
from models.duties.incident import INCIDENT
from models.incident_kinds import FINDINGS, FOUND_BREACH
from models.people import clinic_named
from models.register import Row, register_of
from models.tables import Case, Cycle, Step

MISSED = "missed"
"""The step of a case whose deadline passed; its outcome names the incident that was opened for it."""
DEADLINE = "a deadline of law passed"
NOT_FOUND = "not decided yet"


@dataclass(frozen=True)
class Incident:
    """One line of the register. All days are civil days of the clinic."""

    number: str
    kind: str
    discovered_on: date
    found: str
    affected: int | None
    """People, of a breach that was counted."""
    due_on: date
    met_on: date | None
    """The day on which everything was done that a clock wants."""
    closed_on: date | None
    days_late: int
    about: str = ""
    """The case whose deadline passed: `access ACC-0003`."""

    @property
    def days_taken(self) -> int | None:
        """Return the calendar days from discovery to where everything was done that a clock wants."""
        return (self.met_on - self.discovered_on).days if self.met_on else None


@dataclass(frozen=True)
class Year:
    """The figures of one year of discovery."""

    year: int
    incidents: int
    breaches: int
    affected: int
    """People, of all breaches."""
    no_breach: int
    undecided: int
    deadlines: int
    """Incidents that are a deadline of another case."""
    late: int
    open: int
    median_days: float | None
    """From discovery to where everything was done that a clock wants; half took longer."""
    kinds: tuple[tuple[str, int], ...]
    """Kinds and how often, most first."""


def incidents_of(session: Session, clinic: str, today: date) -> list[Incident]:
    """Return a clinic's incidents, newest first: those that were reported, and those a deadline that passed opened."""
    reported = {row.number: row for row in register_of(session, clinic, today) if row.duty == INCIDENT.name}
    cases = select(Case).where(Case.clinic == clinic, Case.prefix == INCIDENT.case).order_by(col(Case.number).desc())
    late = dict(_deadlines(session, clinic))
    found = []
    for case in session.exec(cases):
        if row := reported.get(case.named):
            found.append(_reported(case, row))
        elif cycle := late.get(case.named):
            found.append(_deadline(session, case, cycle, today))
    return found


def figures_of(incidents: Sequence[Incident]) -> list[Year]:
    """Return the figures of every year in which an incident was discovered, newest first."""
    years = sorted({incident.discovered_on.year for incident in incidents}, reverse=True)
    return [_year(year, [each for each in incidents if each.discovered_on.year == year]) for year in years]


def _year(year: int, incidents: Sequence[Incident]) -> Year:
    breaches = [each for each in incidents if each.found == FINDINGS[FOUND_BREACH]]
    taken = [each.days_taken for each in incidents if each.days_taken is not None and not each.about]
    kinds = Counter(each.kind for each in incidents)
    return Year(
        year=year,
        incidents=len(incidents),
        breaches=len(breaches),
        affected=sum(each.affected or 0 for each in breaches),
        no_breach=sum(each.found in FINDINGS.values() and each.found != FINDINGS[FOUND_BREACH] for each in incidents),
        undecided=sum(each.found == NOT_FOUND for each in incidents),
        deadlines=sum(bool(each.about) for each in incidents),
        late=sum(each.days_late > 0 for each in incidents),
        open=sum(each.closed_on is None for each in incidents),
        median_days=median(taken) if taken else None,
        kinds=tuple(kinds.most_common()),
    )


def _reported(case: Case, row: Row) -> Incident:
    noted = case.told.get(BREACH, {})
    return Incident(
        number=row.number,
        kind=case.told.get("kind", ""),
        discovered_on=breach_of(case.told).discovered_on,
        found=FINDINGS.get(noted.get("finding", ""), NOT_FOUND),
        affected=noted.get("affected"),
        due_on=row.due_on,
        met_on=day_of(noted, "met_on"),
        closed_on=row.closed_on,
        days_late=row.days_late,
    )


def _deadline(session: Session, case: Case, cycle: Cycle, today: date) -> Incident:
    """Return the incident of a deadline that passed: it is put right in the case whose deadline it was."""
    zone = ZoneInfo(clinic_named(session, case.clinic).time_zone)
    closed_on = cycle.closed_at.astimezone(zone).date() if cycle.closed_at else None
    return Incident(
        number=case.named,
        kind=DEADLINE,
        discovered_on=case.opened_at.astimezone(zone).date(),
        found=DEADLINE,
        affected=None,
        due_on=cycle.due_on,
        met_on=closed_on,
        closed_on=closed_on,
        days_late=cycle.outcome["days_late"] if closed_on else (today - cycle.due_on).days,
        about=f"{duty_named(cycle.duty).title} {cycle.period}",
    )


def _deadlines(session: Session, clinic: str) -> Iterator[tuple[str, Cycle]]:
    """Yield the numbers of incidents that deadlines have opened, each with the cycle whose deadline it was."""
    statement = select(Step, Cycle).join(Cycle, col(Cycle.key) == Step.cycle_key)
    rows = session.exec(statement.where(Cycle.clinic == clinic, Step.key == MISSED, Cycle.duty != INCIDENT.name))
    return ((step.outcome["incident"], cycle) for step, cycle in rows)
