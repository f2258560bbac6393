"""The story of a cycle: its ledger entries in time order, in words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, func, literal, or_
from sqlmodel import Session, col, select

from models.events import Event
from models.ledger_lookup import latest_entry
from models.questions import Question
from models.tables import Cycle, LedgerEntry, Person, Request
from models.words import count_in_words, day_in_words, days_in_words, list_in_words

Facts = Mapping[str, Any]
PARTS = {
    "engine": "Wellkept",
    "post": "Wellkept's post",
    "portal": "the portal",
    "schedule": "the schedule",
    "unnamed": "somebody unnamed",
}
"""The parts of the system that act, by the names the ledger has for them."""


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    seq: int
    """Its number in the clinic's log."""
    at: datetime
    who: str
    """A person's name, or the part of the system that acted."""
    what: str


@dataclass(frozen=True)
class _Cast:
    """Who and what the entries speak of, by id."""

    names: Mapping[str, str]
    requests: Mapping[str, Request]

    def name(self, person_id: object) -> str:
        return self.names.get(str(person_id)) or PARTS.get(str(person_id), str(person_id))

    def title(self, request_id: object) -> str:
        return self.requests[str(request_id)].title if request_id in self.requests else "something of another cycle"

    def said(self, facts: Facts) -> str:
        request = self.requests.get(facts["request"])
        choice = Question.model_validate(request.question).choice(facts["choice"]) if request else None
        return choice.past if choice else str(facts["choice"])


def story_of(session: Session, cycle: Cycle) -> list[Told]:
    """Return the story of a cycle, the first entry first. Free text that people wrote is not in it."""
    names = dict(session.exec(select(Person.id, Person.name).where(Person.clinic == cycle.clinic)).all())
    asked = session.exec(select(Request).where(Request.cycle_key == cycle.key))
    cast = _Cast(names, {request.id: request for request in asked})
    told = ((seq, json.loads(body)) for seq, body in _entries(session, cycle))
    return [
        _told(seq, entry, cast) for seq, entry in told if entry["event"] in _WORDS and _concerns(entry, cycle, cast)
    ]


def _told(seq: int, entry: dict[str, Any], cast: _Cast) -> Told:
    what = _WORDS[entry["event"]](entry["facts"], cast)
    return Told(seq, datetime.fromisoformat(entry["at"]), cast.name(entry["actor"]), what)


def _entries(session: Session, cycle: Cycle) -> list[tuple[int, bytes]]:
    """Return what may be about a cycle: entries that name it, and those about requests of several cycles."""
    begun = latest_entry(session, cycle.clinic, Event.CYCLE_BEGUN, cycle=cycle.key)
    holding = (f'"cycle":{json.dumps(cycle.key)}', '"cycle":null')
    body = col(LedgerEntry.body)
    found = [func.position(literal(each.encode(), LargeBinary).op("IN")(body)) > 0 for each in holding]
    statement = select(LedgerEntry.seq, LedgerEntry.body).where(LedgerEntry.log == cycle.clinic, or_(*found))
    statement = statement.where(col(LedgerEntry.seq) >= (begun.seq if begun else 0)).order_by(col(LedgerEntry.seq))
    return [(seq, body) for seq, body in session.exec(statement)]


def _concerns(entry: dict[str, Any], cycle: Cycle, cast: _Cast) -> bool:
    facts = entry["facts"]
    about_case = facts.get("case") == cycle.case_id
    return entry["cycle"] == cycle.key or about_case or any(each in cast.requests for each in facts.get("requests", []))


def _titles(facts: Facts, cast: _Cast) -> str:
    titles = [cast.title(each) for each in facts["requests"] if each in cast.requests]
    return titles[0] if len(titles) == 1 else count_in_words(len(titles), "thing")


def _answered(facts: Facts, cast: _Cast) -> str:
    covering = f", for {cast.name(facts['for'])}" if facts["for"] != facts["by"] else ""
    late = f", {days_in_words(facts['days_late'])} late" if facts["days_late"] else ""
    proof = "link, typed name and PIN" if facts["tier"] == "attest" else "link and typed name"
    return f"Answered: {cast.said(facts)} ({cast.title(facts['request'])}){covering}{late}; {proof}"


def _closed(facts: Facts, _: _Cast) -> str:
    late = f", {days_in_words(facts['days_late'])} late" if facts["days_late"] else ""
    exceptions = f", with {count_in_words(facts['exceptions'], 'exception')}" if facts["exceptions"] else ""
    return f"Closed{late}{exceptions}"


def _counted(facts: Facts, _: _Cast) -> str:
    affected = facts["told"].get("affected")
    concerns = f"; the breach concerns {count_in_words(affected, 'person', 'people')}" if affected else ""
    return f"Counts or days of the incident were noted{concerns}"


_WORDS: dict[str, Callable[[Facts, _Cast], str]] = {
    Event.CYCLE_BEGUN: lambda facts, _: f"Begun, due on {day_in_words(date.fromisoformat(facts['due_on']))}",
    Event.CYCLE_RUN_STARTED: lambda *_: "Its flow run started",
    Event.CYCLE_REVIVED: lambda facts, _: f"Taken up again: {facts['because']}",
    Event.CYCLE_EXTENDED: lambda facts, _: f"The due date moved to {day_in_words(date.fromisoformat(facts['due_on']))}",
    Event.CYCLE_CLOSED: _closed,
    Event.CASE_FACT_WRITTEN: lambda *_: "Wrote to the case",
    Event.CASE_VIEWED: lambda facts, _: f"Saw the facts of the case: {facts['why']}",
    Event.BREACH_COUNTED: _counted,
    Event.CASE_RECEIVED_EARLIER: lambda facts, _: (
        f"It had been received on {day_in_words(date.fromisoformat(facts['received_on']))} already"
    ),
    Event.REQUEST_ASKED: lambda facts, cast: f"Asked: {cast.title(facts['request'])}",
    Event.REQUEST_HANDED_OVER: lambda facts, cast: (
        f"Handed over from {cast.name(facts['before'])} to {cast.name(facts['holder'])}: {cast.title(facts['request'])}"
    ),
    Event.REQUEST_SUPERSEDED: lambda facts, cast: (
        f"The text changed, older links decide nothing: {cast.title(facts['request'])}"
    ),
    Event.REQUEST_EXCEPTED: lambda facts, cast: (
        f"Closed by a written exception of {cast.name(facts['by'])}: {cast.title(facts['request'])}"
    ),
    Event.REQUEST_DROPPED: lambda facts, cast: f"No longer needed ({facts['because']}): {cast.title(facts['request'])}",
    Event.HOLDER_NOT_REACHED: lambda facts, cast: f"Mail to {cast.name(facts['holder'])} was not delivered",
    Event.RUNG_CLIMBED: lambda facts, cast: (
        f"Reminded {list_in_words([cast.name(each) for each in facts['told']])}: {cast.title(facts['request'])}"
    ),
    Event.POLICY_PUBLISHED: lambda *_: "A new version of a policy was published",
    Event.POLICY_OVERTAKEN: lambda *_: "An approved version was not published: its base is not in force any more",
    Event.POLICY_OWNER_CHANGED: lambda *_: "A policy got a new owner",
    Event.PURGE_APPROVED: lambda facts, _: f"Deletion of {count_in_words(facts['listed'], 'document')} was approved",
    Event.DOCUMENT_PURGED: lambda facts, _: f"A document kept until {facts['retain_until']} was deleted",
    Event.LETTER_QUEUED: lambda facts, cast: f"Letter to {cast.name(facts['person'])} queued: {_titles(facts, cast)}",
    Event.LETTER_ACCEPTED: lambda facts, cast: f"Letter to {cast.name(facts['person'])} accepted by the mail server",
    Event.LETTER_NOT_DELIVERED: lambda facts, cast: f"Letter to {cast.name(facts['person'])} was not delivered",
    Event.LINK_VIEWED: lambda facts, cast: f"Link opened, by whom is not confirmed: {cast.title(facts['request'])}",
    Event.LINK_LOCKED: lambda facts, cast: f"Link locked after wrong PINs: {cast.title(facts['request'])}",
    Event.PIN_REFUSED: lambda facts, cast: f"Wrong PIN: {cast.title(facts['request'])}",
    Event.FRESH_LINK_SENT: lambda facts, cast: f"A fresh link was asked for: {cast.title(facts['request'])}",
    Event.ANSWER_RECORDED: _answered,
}
"""What each kind of entry says; kinds that are not here are the engine's own affairs."""
