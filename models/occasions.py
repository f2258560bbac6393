"""Occasions: what is known of a case, short of its facts, when somebody fills in a sheet about it."""

from sqlmodel import Session, select

from models import clock
from models.clocks.requests import FEDERAL
from models.duties import duty_named
from models.people import clinic_named, people_of
from models.restrictions import self_paid_cases
from models.sheets import Occasion
from models.tables import Answer, Case, Cycle, Request


def case_of(session: Session, cycle: Cycle) -> Case | None:
    """Return the case that a cycle is about, if its duty has cases."""
    return session.get(Case, cycle.case_id) if duty_named(cycle.duty).case else None


def case_id(clinic: str, number: str) -> str:
    """Return the id of a case: `clinic/ACC-0012`."""
    return f"{clinic}/{number}"


def occasion_at(session: Session, clinic: str, by: str = "") -> Occasion:
    """Return the occasion of somebody who fills in a sheet before there is a case."""
    row = clinic_named(session, clinic)
    people = {person.id: person.name for person in people_of(session, clinic).values()}
    return Occasion(clock.now(), clock.today(row.time_zone), row.time_zone, by, people=people, states=tuple(row.states))


def occasion_of(session: Session, cycle: Cycle, by: str) -> Occasion:
    """Return the occasion of somebody who fills in a sheet for a cycle."""
    duty, case, now = duty_named(cycle.duty), case_of(session, cycle), occasion_at(session, cycle.clinic, by)
    received_on = case.received_on if case else None
    rows = session.exec(select(Request.key, Answer).join(Request).where(Request.cycle_key == cycle.key)).all()
    answers = [(key.partition(":")[0], answer) for key, answer in sorted(rows, key=lambda row: row[1].answered_at)]
    return Occasion(
        now=now.now,
        today=now.today,
        time_zone=now.time_zone,
        by=by,
        people=now.people,
        states=now.states,
        received_on=received_on,
        case_told=case.told if case else {},
        self_paid=self_paid_cases(session, case) if case else (),
        due_on=cycle.due_on,
        law_due_on=FEDERAL[duty.right].due_on(received_on) if duty.right and received_on else None,
        right=duty.right or "",
        told={key: answer.told or {} for key, answer in answers},
        chosen={key: answer.choice for key, answer in answers},
        by_whom={key: answer.by_id for key, answer in answers},
    )
