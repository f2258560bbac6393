"""Occasions: what is known of a case, short of its facts, when somebody fills in a sheet about it."""

from dataclasses import replace

from sqlmodel import Session, select

from models import clock
from models.attachments import ATTACHMENT
from models.case_file import ADDRESSEE
from models.clocks.requests import FEDERAL
from models.duties import duty_named
from models.people import clinic_named, people_of
from models.restrictions import self_paid_cases
from models.sheets import Occasion
from models.tables import Answer, Case, CaseFact, Cycle, Policy, Request


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
    cases = session.exec(select(Case.id).where(Case.clinic == clinic))
    return Occasion(
        now=clock.now(),
        today=clock.today(row.time_zone),
        time_zone=row.time_zone,
        by=by,
        people=people,
        states=tuple(row.states),
        numbers=frozenset(id_.rpartition("/")[2] for id_ in cases),
        policies=frozenset(session.exec(select(Policy.title).where(Policy.clinic == clinic))),
    )


def occasion_of(session: Session, cycle: Cycle, by: str) -> Occasion:
    """Return the occasion of somebody who fills in a sheet for a cycle."""
    duty, case, now = duty_named(cycle.duty), case_of(session, cycle), occasion_at(session, cycle.clinic, by)
    received_on = case.received_on if case else None
    rows = session.exec(select(Request.key, Answer).join(Request).where(Request.cycle_key == cycle.key)).all()
    answers = [(key.partition(":")[0], answer) for key, answer in sorted(rows, key=lambda row: row[1].answered_at)]
    names = list(session.exec(select(CaseFact.name).where(CaseFact.case_id == case.id).distinct())) if case else []
    return replace(
        now,
        received_on=received_on,
        case_told=case.told if case else {},
        attachments=sum(name.startswith(ATTACHMENT) for name in names),
        addressees=sum(name.startswith(ADDRESSEE) for name in names),
        self_paid=self_paid_cases(session, case) if case else (),
        due_on=cycle.due_on,
        law_due_on=FEDERAL[duty.right].due_on(received_on) if duty.right and received_on else None,
        right=duty.right or "",
        told={key: answer.told or {} for key, answer in answers},
        chosen={key: answer.choice for key, answer in answers},
        by_whom={key: answer.by_id for key, answer in answers},
    )
