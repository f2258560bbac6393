"""Tab 13: every incident of the period, and each of its clocks with the day it was due, and the day it was met."""

from collections.abc import Iterator

from sqlmodel import Session

from models.binder.practice import cycles_of
from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.binder.tabs import CASE_TABS
from models.breach_board import Line, Standing, board_of
from models.duties.incident import INCIDENT
from models.incidents import Incident, incidents_of
from models.tables import Cycle

_TAB = CASE_TABS[INCIDENT.name]
_COLUMNS = (
    "incident",
    "what went wrong",
    "discovered",
    "found",
    "people",
    "due",
    "everything done",
    "closed",
    "days late",
)
_CLOCKS = ("incident", "clock", "rests on", "why", "due", "done", "stands", "number")
_NOTE = (
    "Incidents are named by their numbers. What is known of them is encrypted, and shown at the desk to their people."
)


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield the register of incidents, and their clocks."""
    inside = [each for each in incidents_of(session, scope.clinic, scope.last) if _is_inside(each, scope)]
    if inside:
        rows = [_told(each) for each in reversed(inside)]
        yield Sheet(_TAB, "incidents", "The register of incidents", _COLUMNS, rows, _NOTE)
    if clocks := [_clock(cycle, line) for cycle, line in _lines(session, scope)]:
        yield Sheet(_TAB, "clocks", "The clocks of incidents, and those that do not apply", _CLOCKS, clocks)


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield clocks by which nothing was done in time, and nothing yet."""
    for cycle, line in _lines(session, scope):
        if line.standing is Standing.LATE:
            yield Gap(_TAB, f"{cycle.period}: {line.name} was due on {line.due_on}, and nothing was done by it.")


def _lines(session: Session, scope: Scope) -> Iterator[tuple[Cycle, Line]]:
    cycles = [cycle for cycle in cycles_of(session, scope) if cycle.duty == INCIDENT.name]
    return ((cycle, line) for cycle in cycles for line in board_of(session, cycle, scope.last))


def _is_inside(each: Incident, scope: Scope) -> bool:
    return each.discovered_on <= scope.last and (each.closed_on is None or each.closed_on >= scope.first)


def _told(each: Incident) -> tuple[str, ...]:
    kind = f"{each.kind}: {each.about}" if each.about else each.kind
    days = (each.met_on, each.closed_on)
    met, closed = (str(day or "") for day in days)
    people, late = str(each.affected or ""), str(each.days_late or "")
    return (each.number, kind, str(each.discovered_on), each.found, people, str(each.due_on), met, closed, late)


def _clock(cycle: Cycle, line: Line) -> tuple[str, ...]:
    due, done = str(line.due_on or ""), str(line.done_on or "")
    return (cycle.period, line.name, line.cite, line.why, due, done, line.standing, line.number)
