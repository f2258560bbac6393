"""Breaches: counting one, and everything that follows when a count or a day changes: its clocks, and what is due."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.breach_told import BREACH
from models.cases import case_named
from models.clocks.breach import HHS_LIST, INDIVIDUALS
from models.clocks.rule import Clock
from models.cycles import open_requests, want_waking
from models.due_dates import move_due
from models.events import Event
from models.intakes import clocks_of_case
from models.requests import Run, due_with_the_cycle, locked
from models.store import Transaction
from models.tables import Cycle, RequestState

NOTIFY = "notify"
"""First word of the keys of the requests that a clock asks for; the clock's name follows."""


def count_breach(tx: Transaction, cycle: Cycle, told: Mapping[str, Any], by: str, run: Run) -> None:
    """Note counts and days of a cycle's breach; what they do not say stays as it was. What is due moves with them."""
    case = case_named(tx.session, cycle.case_id, lock=True)
    known = {**case.told.get(BREACH, {}), **{name: value for name, value in told.items() if value is not None}}
    case.told = {**case.told, BREACH: known}
    tx.record(case.clinic, Event.BREACH_COUNTED, actor=by, case=case.id, told=known, run=run)
    tx.session.flush()
    clocks = notice_clocks(tx.session, cycle)
    by_name = {f"{NOTIFY}:{clock.clock}": clock for clock in clocks}
    for each in open_requests(tx.session, cycle.key):
        clock = by_name.get(each.key)
        request = locked(tx, each.id)
        if clock and request.state == RequestState.OPEN and request.due_on != clock.due_on:
            due_with_the_cycle(tx, request, clock.due_on)
    move_due(tx, cycle, min(clock.due_on for clock in clocks), run)
    want_waking(tx, cycle.key)


def notice_clocks(session: Session, cycle: Cycle) -> list[Clock]:
    """Return the clocks of a cycle's breach that want a notice now, the individuals' first and once for all states.

    The year's list for HHS has a cycle of its own.
    """
    clocks = [clock for clock in clocks_of_case(session, cycle) if clock.clock != HHS_LIST.clock]
    individuals = [clock for clock in clocks if clock.clock.endswith(INDIVIDUALS.clock)]
    first = min(individuals, key=lambda clock: clock.due_on)._replace(clock=INDIVIDUALS.clock)
    return [first, *(clock for clock in clocks if clock not in individuals)]
