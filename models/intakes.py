"""Intakes: opening a case and its cycle from what somebody wrote down; and noting that a request came twice."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, func, select

from models.case_told import Told
from models.cases import case_named, cases_about, open_case, receive_earlier, write_fact
from models.clocks.requests import Extension, ExtensionError
from models.clocks.rule import Clock, governing
from models.cycles import begin, cycle_key, cycle_named, want_waking
from models.due_dates import move_due
from models.duties import Duty, catalogue, duty_named
from models.people import clinic_named
from models.sheets import Occasion, sheet_named
from models.sheets.intake import Intake
from models.store import Transaction
from models.tables import Case, Cycle, Step

FACT = "intake"
EXTENDED = "extended"
"""The step that an extension is, once its letter went out; its outcome holds the days."""


@dataclass(frozen=True)
class Opened:
    """A case that was opened, with every clock that runs for it; the first of them governs."""

    case: Case
    cycle: Cycle
    clocks: list[Clock]


def duties_with_intake() -> list[Duty]:
    """Return the duties that somebody's request begins, in order of their titles."""
    return sorted((duty for duty in catalogue().values() if duty.intake), key=lambda duty: duty.title)


def intake_of(duty: Duty) -> type[Intake]:
    """Return the sheet that opens a case of a duty."""
    sheet = sheet_named(duty.intake or "")
    if not issubclass(sheet, Intake):
        raise TypeError(sheet)
    return sheet


def open_request(tx: Transaction, duty: Duty, sheet: Intake, occasion: Occasion, clinic: str) -> Opened:
    """Open the case and begin its cycle, due on the day of the clock that governs. Raises CaseKeyError."""
    facts = {FACT: Told(said="Taken in", sheet=sheet).as_json()}
    told, by = sheet.tell(occasion), occasion.by
    case = open_case(
        tx, clinic, duty.case or "", facts, by, received_on=sheet.received_on, told=told, about=sheet.about()
    )
    clocks = sheet.clocks(told, occasion.states)
    cycle = begin(tx, duty, clinic, case.named, occasion.today, by, due_on=governing(clocks).due_on)
    return Opened(case, cycle, clocks)


def one_at_a_time(tx: Transaction, clinic: str) -> None:
    """Let intakes of a clinic pass one by one: of a double click the second sees what the first has opened."""
    tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"intake:{clinic}", 0))))


def open_of_the_same(session: Session, duty: Duty, sheet: Intake, clinic: str) -> list[Case]:
    """Return the open cases of a duty about the same person: one of them may be the request that came twice."""
    whom = sheet.about()
    about = [case for case in cases_about(session, clinic, whom) if case.prefix == duty.case] if whom else []
    cycles = {case.id: session.get(Cycle, _cycle_key(case, duty)) for case in about}
    return [case for case in about if (cycle := cycles[case.id]) is not None and cycle.closed_at is None]


def note_second_receipt(tx: Transaction, duty: Duty, case_id: str, sheet: Intake, by: str) -> date:
    """Note that a request came again; the earliest receipt counts. Returns the day its case is due now."""
    write_fact(tx, case_id, FACT, Told(said="Came again", sheet=sheet).as_json(), by)
    case = tx.session.get_one(Case, case_id)
    cycle = cycle_named(tx.session, _cycle_key(case, duty))
    take_earlier_receipt(tx, cycle, sheet.received_on, by)
    return cycle.due_on


def take_earlier_receipt(tx: Transaction, cycle: Cycle, received_on: date, by: str) -> None:
    """Take an earlier day of receipt of a cycle's case, and move what is due with it; a later one changes nothing."""
    if receive_earlier(tx, cycle.case_id, received_on, by):
        case = tx.session.get_one(Case, cycle.case_id)
        case.told = {**case.told, "received_on": str(received_on)}
        tx.session.flush()
        move_due(tx, cycle, governing(clocks_of_case(tx.session, cycle)).due_on, {})
        want_waking(tx, cycle.key)


def cycle_of_case(session: Session, case_id: str) -> Cycle:
    """Return the cycle that a case is about; another cycle may ask about it too. Raises UnknownCycleError."""
    case = case_named(session, case_id)
    duty = next(duty for duty in duties_with_intake() if duty.case == case.prefix)
    return cycle_named(session, _cycle_key(case, duty))


def clocks_of_case(session: Session, cycle: Cycle) -> list[Clock]:
    """Return every clock that runs for a cycle's case, the federal one first, with its extension if it has one.

    An extension counts no more where an earlier receipt shows that its letter went out too late.
    """
    case = session.get_one(Case, cycle.case_id)
    step = session.get(Step, (cycle.key, EXTENDED))
    extensions = [_extension(step.outcome)] if step else []
    states, intake = clinic_named(session, cycle.clinic).states, intake_of(duty_named(cycle.duty))
    with suppress(ExtensionError):
        return intake.clocks(case.told, states, extensions)
    return intake.clocks(case.told, states)


def _extension(told: dict[str, str]) -> Extension:
    days = date.fromisoformat(told["sent_on"]), date.fromisoformat(told["promised_on"])
    return Extension(*days, reason="as its letter says")


def _cycle_key(case: Case, duty: Duty) -> str:
    return cycle_key(case.clinic, duty.name, case.named)
