"""The breach board: every clock of an incident and why it runs, what was done by it, and what does not apply."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from models.breach_told import BREACH, breach_of, clocks_that_run, day_of, is_counted
from models.clocks import breach as clocks
from models.clocks.breach import Breach
from models.clocks.rule import Clock
from models.incident_kinds import FINDINGS, FOUND_BREACH
from models.notices_done import SUBSTITUTE, Done, done_of
from models.people import clinic_named
from models.sheets.notices import Substitute
from models.tables import Case, Cycle
from models.words import count_in_words, day_in_words

HOLD = "law-enforcement hold"
HOLD_CITE = "45 CFR 164.412"


_NOTICES = (clocks.MEDIA, clocks.HHS_LARGE, clocks.HHS_LIST)


class Standing(StrEnum):
    """How a clock stands. Late is a state, not a failure."""

    RUNS = "runs"
    MET = "met"
    LATE = "late"
    """The day passed, and nothing was done yet."""
    MET_LATE = "done late"
    NOT = "does not apply"


@dataclass(frozen=True)
class Line:
    """One clock of the board. All days are civil days of the clinic."""

    name: str
    cite: str
    why: str
    """Why it runs and how it was counted, or why it does not apply."""
    standing: Standing
    due_on: date | None = None
    done_on: date | None = None
    number: str = ""
    """The submission number, where an office gave one."""
    verified: str = ""

    @property
    def days_late(self) -> int:
        """Return how many calendar days after its due date it was done."""
        return max(0, (self.done_on - self.due_on).days) if self.done_on and self.due_on else 0


def board_of(session: Session, cycle: Cycle, today: date) -> list[Line]:
    """Return every line of an incident's board: the clocks that apply by due date, then the others."""
    told = session.get_one(Case, cycle.case_id).told
    if why := _no_breach(told.get(BREACH, {})):
        return [Line(rule.clock, rule.cite, why, Standing.NOT) for rule in (clocks.INDIVIDUALS, *_NOTICES)]
    states, noted, done = clinic_named(session, cycle.clinic).states, told.get(BREACH, {}), done_of(session, cycle)
    lines = [_running(clock, breach_of(told), done, today) for clock in clocks_that_run(told, states)]
    lines += [*_vendor(noted, today), *_hold(noted, today), *_substitute(noted, done, today)]
    lines.sort(key=lambda line: (line.due_on or date.max, line.name))
    if is_counted(told):
        return [*lines, *_not_applying(breach_of(told), noted, states, done)]
    because = "not counted yet: it is found out whether it is a breach, and whom it concerns"
    return [*lines, *(Line(rule.clock, rule.cite, because, Standing.NOT) for rule in _NOTICES)]


def _no_breach(noted: Mapping[str, Any]) -> str:
    """Return why no clock runs where it was found to be no breach, else nothing."""
    finding, met_on = noted.get("finding", FOUND_BREACH), day_of(noted, "met_on")
    found = FINDINGS.get(finding, finding)
    return f"no breach: {found}, since {day_in_words(met_on)}" if met_on and finding != FOUND_BREACH else ""


def _running(clock: Clock, breach: Breach, done: Mapping[str, Done], today: date) -> Line:
    individuals = clock.clock.endswith(clocks.INDIVIDUALS.clock)
    what = done.get(clocks.INDIVIDUALS.clock if individuals else clock.clock)
    line = Line(clock.clock, clock.cite, _why(clock, breach), Standing.RUNS, clock.due_on, verified=clock.verified)
    return _stands(line, what, today)


def _why(clock: Clock, breach: Breach) -> str:
    """Return why a clock runs for this breach, and how it was counted."""
    affected = count_in_words(breach.affected, "person", "people")
    because = {
        clocks.HHS_LARGE.clock: f"{affected}, and {clocks.LARGE} or more are told with the individuals",
        clocks.HHS_LIST.clock: f"{affected}, fewer than {clocks.LARGE}: it goes on the list of the year",
    }.get(clock.clock)
    if clock.state and clock.state in breach.residents:
        because = f"{breach.residents[clock.state]} of them live in {clock.state}"
    return f"{because}; {clock.basis}" if because else clock.basis


def _stands(line: Line, what: Done | None, today: date) -> Line:
    """Return a line with what was done by it, on which day, and whether that was in time."""
    day = what.on if what else today
    late = line.due_on is not None and day > line.due_on
    if what is None:
        return replace(line, standing=Standing.LATE if late else Standing.RUNS)
    return replace(line, standing=Standing.MET_LATE if late else Standing.MET, done_on=what.on, number=what.number)


def _vendor(noted: Mapping[str, Any], today: date) -> Iterator[Line]:
    discovered_on, told_on = day_of(noted, "vendor_discovered_on"), day_of(noted, "vendor_told_on")
    if discovered_on is None:
        return
    clock = clocks.vendor_clock(discovered_on, noted.get("vendor_days"))
    agent = "; we direct its work, so what it knew we knew" if noted.get("vendor_is_agent") else ""
    line = Line(clock.clock, clock.cite, clock.basis + agent, Standing.RUNS, clock.due_on, verified=clock.verified)
    yield _stands(line, Done(told_on) if told_on else None, today)


def _hold(noted: Mapping[str, Any], today: date) -> Iterator[Line]:
    first, last = day_of(noted, "hold_from"), day_of(noted, "hold_until")
    if first is None or last is None:
        return
    how = "by word of mouth, which holds for 30 days" if noted.get("hold_oral") else "in writing, until a day it gives"
    why = f"asked on {day_in_words(first)} {how}. Nobody is told until then, and no day is added to a later clock"
    yield Line(HOLD, HOLD_CITE, why, Standing.RUNS if today <= last else Standing.MET, last, verified="R")


def _substitute(noted: Mapping[str, Any], done: Mapping[str, Done], today: date) -> Iterator[Line]:
    returned, what = noted.get("returned", 0), done.get(SUBSTITUTE)
    if not returned:
        return
    came_back = f"{count_in_words(returned, 'notice')} came back"
    if returned < clocks.MANY_UNREACHED:
        why = f"{came_back}, fewer than {clocks.MANY_UNREACHED}: in another way that reaches them"
    else:
        why = (
            f"{came_back}, {clocks.MANY_UNREACHED} or more: on the home page or in major media, with a toll-free number"
        )
    yield _stands(Line(SUBSTITUTE, clocks.WEB.cite, why, Standing.RUNS, verified="R"), what, today)
    if what and what.how != Substitute.OTHER and (clock := clocks.web_notice(returned, what.on)):
        standing = Standing.RUNS if today < clock.due_on else Standing.MET
        yield Line(clock.clock, clock.cite, clock.basis, standing, clock.due_on, verified=clock.verified)


def _not_applying(
    breach: Breach, noted: Mapping[str, Any], states: Collection[str], done: Mapping[str, Done]
) -> Iterator[Line]:
    """Yield what does not apply, and why."""
    yield from _federal_not(breach)
    yield from _states_not(breach, states)
    if "vendor_discovered_on" not in noted:
        yield _not(clocks.VENDOR.clock, clocks.VENDOR.cite, "it did not happen at a vendor, or nobody noted it")
    if "hold_until" not in noted:
        yield _not(HOLD, HOLD_CITE, "the police did not ask to wait")
    if not noted.get("returned"):
        because = "nothing came back" if clocks.INDIVIDUALS.clock in done else "nothing went out yet"
        yield _not(SUBSTITUTE, clocks.WEB.cite, because)


def _federal_not(breach: Breach) -> Iterator[Line]:
    """Yield the media, where too few live in any state, and the one of the two ways to HHS that is not taken."""
    state, most = max(breach.residents.items(), key=lambda each: each[1], default=("", 0))
    if most <= clocks.LARGE:
        where = f"at most {most} of them live in one state, {state}" if state else "no state is given"
        why = f"{where}, and the media are told of more than {clocks.LARGE}"
        yield _not(clocks.MEDIA.clock, clocks.MEDIA.cite, why)
    people = count_in_words(breach.affected, "person", "people")
    if breach.affected >= clocks.LARGE:
        yield _not(clocks.HHS_LIST.clock, clocks.HHS_LIST.cite, f"{people}, {clocks.LARGE} or more")
    else:
        yield _not(clocks.HHS_LARGE.clock, clocks.HHS_LARGE.cite, f"{people}, fewer than {clocks.LARGE}")


def _states_not(breach: Breach, states: Collection[str]) -> Iterator[Line]:
    """Yield clocks of chosen states that do not run, and states whose clocks nobody counts here."""
    for each in clocks.STATES:
        if each.rule.state in states and (why := _why_not(each, breach)):
            yield _not(each.rule.clock, each.rule.cite, why)
    known = {str(each.rule.state) for each in clocks.STATES}
    for state, living in sorted(breach.residents.items()):
        if state not in known:
            unknown = "its rule is not counted here: look it up"
            yield _not(f"{state} state law", "", f"{living} of them live there, and {unknown}")
        elif state not in states:
            chosen = f"clinic.yaml does not name {state} among its states: name it, and its clocks run"
            yield _not(f"{state} state law", "", f"{living} of them live there, and {chosen}")


def _why_not(each: clocks.StateRule, breach: Breach) -> str:
    """Return why a state's clock does not run for a breach; nothing where it does."""
    state, living = str(each.rule.state), breach.residents.get(str(each.rule.state), 0)
    if living == 0:
        return f"none of them lives in {state}"
    if living < each.residents:
        return f"{living} of them live in {state}, and it wants {each.residents} or more"
    waits = {
        clocks.Start.INDIVIDUALS_TOLD: breach.individuals_sent_on is None,
        clocks.Start.HHS_TOLD: breach.hhs_told_on is None,
    }
    return f"not yet: it counts from when {each.start}" if waits.get(each.start) else ""


def _not(name: str, cite: str, why: str) -> Line:
    return Line(name, cite, why, Standing.NOT)
