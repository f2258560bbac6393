"""Tabs 10 to 12: what patients and others asked for, by what clock, what came of it, and the log of disclosures."""

from collections.abc import Iterator

from sqlmodel import Session, select

from models.binder.answers import asked_rows
from models.binder.practice import cycles_of
from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.binder.tabs import CASE_TABS
from models.register import Row, register_of
from models.tables import Disclosure

_COLUMNS = ("case", "what", "received", "due", "extended", "closed", "days taken", "days late", "outcome")
_NOTE = "Cases are named by their numbers. What is known of them is encrypted, and shown at the desk to their people."


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield, for each tab, its register and what was asked of people; and the log of disclosures."""
    cycles = [cycle for cycle in cycles_of(session, scope) if cycle.duty in CASE_TABS]
    known = {(row.duty, row.number): row for row in register_of(session, scope.clinic, scope.last)}
    for tab in sorted(set(CASE_TABS.values())):
        mine = [cycle for cycle in cycles if CASE_TABS[cycle.duty] == tab]
        if mine:
            rows = [_told(known[cycle.duty, cycle.period]) for cycle in mine]
            yield Sheet(tab, "register", "The register of requests", _COLUMNS, rows, _NOTE)
            headings, asked = asked_rows(session, scope, [cycle.key for cycle in mine], personal=False)
            yield Sheet(tab, "steps", "Who was asked for what, and what came of it", headings, asked)
    if lines := _log(session, scope):
        columns = ("case", "disclosed", "rests on", "in an accounting", "on a Part 2 consent")
        note = "Each release wrote its line by itself. To whom, what and why are in the case."
        yield Sheet("12", "disclosures", "The log of disclosures", columns, lines, note)


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield cases that were answered late, or are late and open."""
    cycles = [cycle for cycle in cycles_of(session, scope) if cycle.duty in CASE_TABS]
    known = {(row.duty, row.number): row for row in register_of(session, scope.clinic, scope.last)}
    for cycle in cycles:
        row = known[cycle.duty, cycle.period]
        if row.days_late:
            end = "was closed" if row.closed_on else "is open and"
            yield Gap(
                CASE_TABS[row.duty], f"{row.number} {end} {row.days_late} days late; the incident it opened says why."
            )


def _log(session: Session, scope: Scope) -> list[tuple[str, ...]]:
    rows = session.exec(select(Disclosure).where(Disclosure.clinic == scope.clinic))
    inside = [row for row in rows if scope.first <= row.disclosed_on <= scope.last]
    return [
        (
            row.case_id.rpartition("/")[2],
            str(row.disclosed_on),
            row.basis,
            "yes" if row.accountable else "no",
            "yes" if row.part_2_consent else "no",
        )
        for row in sorted(inside, key=lambda row: (row.disclosed_on, row.case_id))
    ]


def _told(row: Row) -> tuple[str, ...]:
    taken = "" if row.days_taken is None else str(row.days_taken)
    closed, late = str(row.closed_on or "open"), str(row.days_late or "")
    extended = "yes" if row.extended else ""
    return (row.number, row.title, str(row.received_on), str(row.due_on), extended, closed, taken, late, row.outcome)
