"""Tasks about cases: the extension, the disclosure log, the incident of a deadline that passed."""

from datetime import date
from typing import Any

from models import steps
from models.addressees import note_returned, note_sent
from models.breaches import count_breach
from models.case_file import open_file
from models.case_told import Told
from models.cases import open_case
from models.clocks.rule import governing
from models.disclosures import write_disclosure
from models.due_dates import move_due
from models.events import Event
from models.intakes import clocks_of_case
from models.requests import answer_of
from models.sheets.notices import IndividualsTold
from models.store import transaction
from models.tables import Cycle, Request
from models.went_out import write_what_went_out
from models.words import day_in_words
from tasks.engine_task import engine_task, run_ids

ENGINE = "engine"
"""Who reads and writes what nobody does by hand, as the ledger has it."""
INCIDENT = "incident"
"""The duty whose cases are incidents themselves: one that is late opens no other."""


@engine_task(task_run_name="Extend {number} to {promised_on}")
def extend_case(number: str, cycle_key: str, step: str, promised_on: str, sent_on: str) -> None:  # noqa: ARG001 - for the run's name
    """Take the extension, once: the due date moves to the day that was promised, or to a state's that comes first."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        outcome = {"promised_on": promised_on, "sent_on": sent_on}
        steps.mark_done(tx, cycle, step, outcome, run_ids(), promised_on=promised_on, sent_on=sent_on)
        tx.session.flush()
        due_on = governing(clocks_of_case(tx.session, cycle)).due_on
        steps.outcome_is(tx.session, cycle_key, step, {**outcome, "due_on": str(due_on)})
        move_due(tx, cycle, due_on, run_ids())


@engine_task(task_run_name="Take the counts and days of {number}")
def count_case(number: str, cycle_key: str, step: str, told: dict[str, Any], by: str) -> None:  # noqa: ARG001 - for the run's name
    """Take counts and days of a breach into its clocks, once."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if not steps.is_done(tx.session, cycle_key, step):
            steps.mark_done(tx, cycle, step, None, run_ids())
            count_breach(tx, cycle, told, by, run_ids())


@engine_task(task_run_name="Note who was told of {number}, and when")
def note_told(number: str, cycle_key: str, step: str, sent_on: date, by: str) -> None:  # noqa: ARG001 - for the run's name
    """Take whom the individuals' notice went to into the case's list, and its day into the clocks, once."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        steps.mark_done(tx, cycle, step, None, run_ids())
        notice = open_file(tx, cycle.case_id, ENGINE, "whom the notice went to").newest(IndividualsTold)
        note_sent(tx, cycle.case_id, notice.listed() if notice else [], sent_on, ENGINE)
        count_breach(tx, cycle, {"individuals_sent_on": str(sent_on)}, by, run_ids())


@engine_task(task_run_name="Note what came back of {number}")
def note_came_back(
    number: str,  # noqa: ARG001 - for the run's name
    cycle_key: str,
    step: str,
    numbers: list[int],
    returned_on: date,
    by: str,
) -> None:
    """Note whose notices came back, and how many, once."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        steps.mark_done(tx, cycle, step, None, run_ids())
        returned = note_returned(tx, cycle.case_id, numbers, returned_on, ENGINE)
        count_breach(tx, cycle, {"returned": returned}, by, run_ids())


@engine_task(task_run_name="Write the disclosure of {number} into the log")
def log_disclosure(
    number: str,  # noqa: ARG001 - for the run's name
    cycle_key: str,
    step: str,
    request_id: str,
    basis: str,
    accountable: bool,
    part_2: bool,
) -> None:
    """Write the line of the disclosure log that an answered release is, once."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        request, answer = tx.session.get_one(Request, request_id), answer_of(tx.session, request_id)
        if answer is None or not answer.told:
            raise ValueError(request_id)
        day = date.fromisoformat(answer.told["sent_on"])
        write_disclosure(tx, cycle.case_id, request.key, day, basis, run_ids(), accountable=accountable, part_2=part_2)
        steps.mark_done(tx, cycle, step, None, run_ids())


@engine_task(task_run_name="Write what went out in {number} into the disclosure log")
def log_went_out(number: str, cycle_key: str, step: str, fact: str) -> None:  # noqa: ARG001 - for the run's name
    """Write a line of the disclosure log for each person whose data went out in an incident, once."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        steps.mark_done(tx, cycle, step, None, run_ids())
        write_what_went_out(tx, cycle.case_id, fact, ENGINE, run_ids())


@engine_task(task_run_name="{number} is late: open an incident")
def open_incident(number: str, cycle_key: str, step: str, due_on: date) -> None:
    """Open the incident of a deadline of law that passed, once; the outcome names it."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        if cycle.duty == INCIDENT:
            facts = {"incident": f"{cycle.clinic}/{number}", "due_on": str(due_on)}
            steps.mark_done(tx, cycle, step, {"incident": number}, run_ids(), Event.INCIDENT_OPENED, **facts)
            return
        what = Told(said="Opened by Wellkept", reason=f"{number} was not answered by {day_in_words(due_on)}.")
        incident = open_case(tx, cycle.clinic, "INC", {"incident": what.as_json()}, ENGINE)
        facts = {"incident": incident.id, "due_on": str(due_on)}
        steps.mark_done(tx, cycle, step, {"incident": incident.named}, run_ids(), Event.INCIDENT_OPENED, **facts)
