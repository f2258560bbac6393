"""Breaches: counting one, and everything that follows when a count or a day changes: its clocks, and what is due."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.breach_told import BREACH
from models.case_told import Told
from models.cases import case_named, write_fact
from models.clocks.breach import HHS_LIST, INDIVIDUALS
from models.clocks.rule import Clock
from models.cycles import open_requests, want_waking
from models.due_dates import move_due
from models.errors import WellkeptError
from models.events import Event
from models.intakes import clocks_of_case, take_earlier_receipt
from models.notices_done import clock_wanting, done_of, open_lists
from models.requests import Run, drop, due_with_the_cycle, locked
from models.sheets import Occasion
from models.sheets.breach import ClockSheet, KnownEarlier
from models.store import Transaction
from models.tables import Cycle, Dropped, RequestState

CHANGED = "changed"
"""Of the fact that says what somebody changed, and why."""


class ClosedIncidentError(WellkeptError):
    """This incident is closed, and stays as it is."""

    remedy = "Report what is new as an entry of its own, and give this incident's number there."


def count_breach(tx: Transaction, cycle: Cycle, told: Mapping[str, Any], by: str, run: Run) -> None:
    """Note counts and days of a cycle's breach; what they do not say stays as it was. What is due moves with them.

    The incident is due when the first of the clocks is that nothing was done by yet. A notice that no clock wants any
    more is asked for no longer. What is told twice changes nothing.
    """
    case = case_named(tx.session, cycle.case_id, lock=True)
    before = case.told.get(BREACH, {})
    known = {**before, **{name: value for name, value in told.items() if value is not None}}
    if known != before:
        case.told = {**case.told, BREACH: known}
        tx.record(case.clinic, Event.BREACH_COUNTED, actor=by, case=case.id, told=known, run=run)
        for each in (cycle, *open_lists(tx.session, cycle.clinic)):
            want_waking(tx, each.key)
    tx.session.flush()
    clocks, done = notice_clocks(tx.session, cycle), done_of(tx.session, cycle)
    _ask_by(tx, cycle, clocks, run)
    if unmet := [clock.due_on for clock in clocks if clock.clock not in done]:
        move_due(tx, cycle, min(unmet), run)


def change_breach(tx: Transaction, key: str, sheet: ClockSheet, occasion: Occasion, why: str) -> None:
    """Take what somebody changed of an open incident, and why, into the case and its clocks.

    Raises ClosedIncidentError, and as `write_fact` does.
    """
    cycle = still_open(tx.session, key)
    told = Told(said=sheet.WHEN, reason=why, sheet=sheet)
    write_fact(tx, cycle.case_id, f"{CHANGED}:{type(sheet).__name__}", told.as_json(), occasion.by)
    if isinstance(sheet, KnownEarlier):
        take_earlier_receipt(tx, cycle, sheet.known_on, occasion.by)
    count_breach(tx, cycle, sheet.tell(occasion), occasion.by, {})


def still_open(session: Session, key: str) -> Cycle:
    """Return an incident's cycle as the store has it now. Raises ClosedIncidentError where it is closed."""
    cycle = session.get_one(Cycle, key, populate_existing=True)
    if cycle.closed_at is not None:
        raise ClosedIncidentError(f"{cycle.period} is closed, and stays as it is.")
    return cycle


def notice_clocks(session: Session, cycle: Cycle) -> list[Clock]:
    """Return the clocks of a cycle's breach that want a notice now, the individuals' first and once for all states.

    The year's list for HHS has a cycle of its own.
    """
    clocks = [clock for clock in clocks_of_case(session, cycle) if clock.clock != HHS_LIST.clock]
    individuals = [clock for clock in clocks if clock.clock.endswith(INDIVIDUALS.clock)]
    first = min(individuals, key=lambda clock: clock.due_on)._replace(clock=INDIVIDUALS.clock)
    return [first, *(clock for clock in clocks if clock not in individuals)]


def _ask_by(tx: Transaction, cycle: Cycle, clocks: list[Clock], run: Run) -> None:
    """Move what is asked for to where its clock is now, or drop it where no clock wants it."""
    by_name = {clock.clock: clock for clock in clocks}
    for each in open_requests(tx.session, cycle.key):
        name, request = clock_wanting(each.key), locked(tx, each.id)
        if name is None or request.state != RequestState.OPEN:
            continue
        clock = by_name.get(name)
        if clock is None:
            drop(tx, request, Dropped.NO_CLOCK, run)
        elif request.due_on != clock.due_on:
            due_with_the_cycle(tx, request, clock.due_on)
