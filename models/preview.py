"""The preview of a ladder: real days and real names, before anything is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from models.calendars import IsBusinessDay
from models.chasing import holder_today, told_by, who_may_except
from models.cover import People, official_of
from models.duties import Duty
from models.duties.duty import Asked, Phase
from models.ladders import Act, Rung, climb_days
from models.people import business_days_of, people_of
from models.policies import policies_of, version_in_force
from models.questions import Question
from models.words import days_in_words


@dataclass(frozen=True)
class Mail:
    """One thing that one person is told on one day."""

    phase: str
    day: date
    rung: str
    told: str
    asked: str
    about: str
    due_on: date
    note: str = ""
    """Why somebody else than the person asked is told."""


@dataclass(frozen=True)
class _Asking:
    phase: str
    data: Phase
    asked_id: str
    about: str
    asked_on: date
    days: int


def preview(session: Session, duty: Duty, clinic_slug: str, start: date) -> list[Mail]:
    """Return what a cycle begun on a day would send if nobody answered before the due date of each phase.

    Phases follow each other; those off the way, such as help, are shown as if asked for on the first day.
    """
    people, test = people_of(session, clinic_slug), business_days_of(session, clinic_slug)
    mails: list[Mail] = []
    asked_on = start
    for name, phase in duty.phases.items():
        begins = asked_on if phase.on_the_way else start
        for asked_id, about in _asked(session, duty, phase, people, clinic_slug):
            days = duty.days() if phase.days is None else phase.days
            mails += _mails(_Asking(name, phase, asked_id, about, begins, days), people, test)
        asked_on += timedelta(days=(phase.days or 0) if phase.on_the_way else 0)
    return mails


def _asked(session: Session, duty: Duty, phase: Phase, people: People, clinic: str) -> list[tuple[str, str]]:
    """Return who is asked in a phase, and about what."""
    if phase.asked is Asked.POLICY_OWNERS:
        return [(owner, titles) for owner, titles in _owned(session, clinic).items() if owner in people]
    asked = people if phase.asked is Asked.EVERYBODY else [official_of(people, duty.owner)]
    return [(person, phase.about or duty.title) for person in asked]


def _owned(session: Session, clinic: str) -> dict[str, str]:
    """Return the titles of the policies in force by their owners."""
    owners: dict[str, list[str]] = {}
    for policy in policies_of(session, clinic):
        if version_in_force(session, policy.id):
            owners.setdefault(policy.owner_id, []).append(policy.title)
    return {owner: ", ".join(titles) for owner, titles in owners.items()}


def _mails(asking: _Asking, people: People, test: IsBusinessDay) -> Iterator[Mail]:
    staff = people[asking.asked_id]
    question = Question(verb=asking.about, sentence="", why="", asked_by="", choices=(), personal=asking.data.personal)
    back_after = staff.back_after(asking.asked_on) if question.personal else None
    counts_from = back_after + timedelta(days=1) if back_after else asking.asked_on
    due_on = counts_from + timedelta(days=asking.days)
    for day, rung in [(asking.asked_on, None), *climb_days(asking.data.ladder, asking.asked_on, due_on, test)]:
        holder = holder_today(people, asking.asked_id, question, day)
        told = _told(rung, people, asking.asked_id, holder, day)
        words = _in_words(rung, told, holder)
        note = f"covers for {staff.name}" if told == holder != asking.asked_id else ""
        yield Mail(asking.phase, day, words, people[told].name, staff.name, asking.about, due_on, note)


def _told(rung: Rung | None, people: People, asked_id: str, holder_id: str, day: date) -> str:
    if rung is None:
        return holder_id
    if rung.act is Act.EXCEPTION:
        return who_may_except(people, asked_id)
    return told_by(rung, people, asked_id, holder_id, day)


def _in_words(rung: Rung | None, told: str, holder: str) -> str:
    """Return a rung as people say it; told to the one who has it already, an escalation is a reminder."""
    if rung is None:
        return "ask"
    act = Act.REMIND if rung.act is Act.ESCALATE and told == holder else rung.act
    if rung.offset == 0:
        return f"{act}, on the due date"
    return f"{act}, {days_in_words(abs(rung.offset))} {'before' if rung.offset < 0 else 'late'}"
