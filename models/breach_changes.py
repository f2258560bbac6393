"""What changed of a breach, as the ledger has it: counts and days before and after, and what that did to its clocks."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from models.breach_told import BREACH, clocks_that_run
from models.events import Event
from models.ledger_lookup import entries_of
from models.people import clinic_named
from models.story import PARTS
from models.tables import Case, Cycle, Person
from models.words import day_in_words

KNOWN = "received_on"
"""What a case calls the day on which anybody here first knew of it."""
_TELLING = (Event.CASE_OPENED, Event.CASE_RECEIVED_EARLIER, Event.BREACH_COUNTED)
NAMES = {
    KNOWN: "first known",
    "affected": "people affected",
    "residents": "by state",
    "determined_on": "determined",
    "individuals_sent_on": "individuals were told",
    "hhs_told_on": "HHS was told",
    "hold_from": "the police asked to wait",
    "hold_until": "the police's hold ends",
    "hold_oral": "asked by word of mouth",
    "vendor_discovered_on": "the vendor discovered it",
    "vendor_told_on": "the vendor told us",
    "vendor_is_agent": "we direct the vendor",
    "vendor_days": "days in the vendor's contract",
    "returned": "notices that came back",
    "met_on": "everything the clocks want was done",
    "finding": "found",
}
"""What the counts and days of a breach are called on its board, by the names its case has for them."""


@dataclass(frozen=True)
class Change:
    """A change of counts or days, and what it did to the clocks."""

    at: datetime
    by: str
    """A person's name, or the part of Wellkept that noted it."""
    what: list[str]
    clocks: list[str]
    """What runs since then, what runs no more, and what is due on another day."""


def changes_of(session: Session, cycle: Cycle) -> list[Change]:
    """Return the changes of counts and days of an incident, oldest first."""
    case = session.get_one(Case, cycle.case_id)
    states = clinic_named(session, cycle.clinic).states
    names = {**PARTS, **dict(session.exec(select(Person.id, Person.name).where(Person.clinic == cycle.clinic)).all())}
    before: Mapping[str, Any] = {}
    found: list[Change] = []
    for _, entry in entries_of(session, cycle.clinic, *_TELLING):
        facts = entry["facts"]
        if facts["case"] != case.id:
            continue
        after = _after(before, entry["event"], facts)
        if entry["event"] != Event.CASE_OPENED:
            what, moved = list(_what(before, after)), list(_clocks(before, after, states))
            at, by = datetime.fromisoformat(entry["at"]), names.get(entry["actor"], entry["actor"])
            found.append(Change(at, by, what, moved))
        before = after
    return found


def _after(before: Mapping[str, Any], event: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a case tells after an entry."""
    if event == Event.CASE_OPENED:
        return dict(facts["told"])
    if event == Event.BREACH_COUNTED:
        return {**before, BREACH: facts["told"]}
    return {**before, KNOWN: facts[KNOWN]}


def _what(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    was = {KNOWN: before[KNOWN], **before.get(BREACH, {})}
    for name, value in {KNOWN: after[KNOWN], **after.get(BREACH, {})}.items():
        if was.get(name) != value:
            before_that = f", was {_in_words(name, was[name])}" if name in was else ""
            yield f"{NAMES.get(name, name)}: {_in_words(name, value)}{before_that}"


def _clocks(before: Mapping[str, Any], after: Mapping[str, Any], states: Collection[str]) -> Iterator[str]:
    was = {clock.clock: clock.due_on for clock in clocks_that_run(before, states)}
    now = {clock.clock: clock.due_on for clock in clocks_that_run(after, states)}
    for name, due_on in now.items():
        if name not in was:
            yield f"{name} runs, due {day_in_words(due_on)}"
        elif was[name] != due_on:
            yield f"{name} is due {day_in_words(due_on)}, was {day_in_words(was[name])}"
    for name in was.keys() - now.keys():
        yield f"{name} runs no more"


def _in_words(name: str, value: object) -> str:
    if name.endswith(("_on", "_from", "_until")):
        return day_in_words(datetime.fromisoformat(str(value)).date())
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
