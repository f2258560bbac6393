"""Casework: a practice with one case, whose cycle looks when a test says so, and people who fill in its sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from prefect import Flow

from deployments.testing.clinic import PIN
from deployments.testing.practice import Colleague, Practice
from flows.engine import Outcome
from flows.engine.closing import close
from models import cycles
from models.answering import Already, Recorded, record_answer
from models.case_file import CaseFile, open_file
from models.duties import duty_named
from models.intakes import Opened, intake_of, open_request
from models.occasions import occasion_at
from models.questions import Question
from models.sheets import sheet_named
from models.sheets.form import MANY, Kind, entries_of, read
from models.sheets.intake import Intake
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Person, Request

DESK = Colleague("dana-kim", "office_manager, front_desk", deputy="priya-raman")
OFFICIAL = Colleague("priya-raman", "privacy_official, practice_owner", deputy="dana-kim")
CLINICIAN = Colleague("theo-park", "clinician", deputy="priya-raman")
PATIENT = "Marisol Quintero-Vance"
"""Nobody of this name exists; tests look for it where it must not be."""
REQUEST = {
    "asker": "the patient",
    "patient": PATIENT,
    "born_on": "1988-04-17",
    "reach": "44 Larkspur Court",
    "channel": "by letter",
    "wants": "All therapy notes and bills of 2026",
    "kind": "copy",
}


@dataclass(frozen=True)
class Casework(Practice):
    """A practice with the people of a case, and no cycle before something is taken in."""

    duty_name: str = "access"
    number: str = "ACC-0001"

    @property
    def duty(self) -> str:
        """Return which duty's cycle it has."""
        return self.duty_name

    @property
    def cycle_key(self) -> str:
        """Return the key of the case's cycle."""
        return cycles.cycle_key(self.slug, self.duty, self.number)

    @property
    def case_id(self) -> str:
        """Return the id of the case."""
        return f"{self.slug}/{self.number}"

    @classmethod
    def at(
        cls,
        folder: Path,
        today: date,
        *people: Colleague,
        duty: str = "access",
        number: str = "ACC-0001",
        state: str = "NY",
    ) -> "Casework":
        """Plant a practice on a morning, before anything is asked of it."""
        practice = cls("oak-lane", folder, state, duty, number)
        practice.stand_on(today)
        practice.staffed_by(*(people or (DESK, OFFICIAL, CLINICIAN)))
        practice.enrol()
        return practice

    def begin(self, today: date) -> None:
        """Begin nothing: a case is taken in."""

    def take_in(self, by: str = "dana-kim", **said: Any) -> Opened:  # noqa: ANN401 - what is typed into the form
        """Take in what was asked, by the form that the desk has for it, and let Prefect have a run for it."""
        duty = duty_named(self.duty)
        with transaction() as tx:
            occasion = occasion_at(tx.session, self.slug, self.person(by))
            sheet, refusals = read(intake_of(duty), as_typed(intake_of(duty).__name__, said), occasion)
            assert not refusals, refusals  # noqa: S101 - a test's own slip
            assert isinstance(sheet, Intake)  # noqa: S101 - the same
            opened = open_request(tx, duty, sheet, occasion, self.slug)
            cycles.claim_run(tx, opened.cycle, uuid4())
        return opened

    def go_on(self, flow: Flow[..., Any]) -> Outcome | None:
        """Let the cycle look; None while it waits."""
        return self.look(lambda: flow.procedure(self.slug, self.number))  # type: ignore[attr-defined]

    def rounds(self, day: date, flow: Flow[..., Any]) -> str | None:
        """Let a day's rounds come; return why the cycle looked, if it did."""
        return self.make_rounds(day, lambda: flow.procedure(self.slug, self.number))  # type: ignore[attr-defined]

    def close(self, outcome: Outcome) -> None:
        """Close the cycle with what it came to."""
        close(self._running(), outcome)

    def asked(self, verb: str) -> Request:
        """Return the open request whose title has these words."""
        (found,) = (request for request in self.requests() if verb in request.title)
        return found

    def titles(self) -> list[str]:
        """Return the titles of what is open, in order."""
        return sorted(request.title for request in self.requests())

    def says(
        self,
        verb: str,
        label: str,
        *,
        reason: str = "",
        text: str = "",
        person: str = "",
        **sheet: Any,  # noqa: ANN401 - what is typed into the form
    ) -> Recorded | Already:
        """Answer an open request as whoever has it, by a choice's label. Raises what answering raises."""
        request = self.asked(verb)
        question = Question.model_validate(request.question)
        (choice,) = (each for each in question.choices if each.label == label)
        with reading() as session:
            name = session.get_one(Person, request.holder_id).name
        given = Submission(
            choice.value,
            name,
            reason,
            text or None,
            self.person(person) if person else None,
            PIN,
            request.document_sha256,
            as_typed(choice.sheet, sheet) if choice.sheet else {},
        )
        link = self.link(request)
        assert link is not None, request.title  # noqa: S101 - a letter was written first
        return record_answer(link, given)

    def file(self) -> CaseFile:
        """Return the file of the case."""
        with transaction() as tx:
            return open_file(tx, self.case_id, "test", "a test")


def as_typed(sheet: str, said: Mapping[str, Any]) -> dict[str, str]:
    """Return what somebody fills in as the form sends it: days as text, ticks only where there are any."""
    typed: dict[str, str] = {}
    for entry in entries_of(sheet_named(sheet)):
        value = said.get(entry.name)
        if entry.kind is Kind.SOME:
            chosen: Iterable[str] = value or ()
            typed |= {f"{entry.name}{MANY}{at}": "yes" for at, each in enumerate(entry.options) if each in chosen}
        elif entry.kind is Kind.TICK:
            typed |= {entry.name: "yes"} if value else {}
        elif value is not None:
            typed[entry.name] = str(value)
    return typed
