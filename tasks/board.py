"""The clinic's board in Prefect: every waiting cycle, also one that began three months ago."""

import json
from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from prefect import get_client
from prefect.client.schemas.actions import ArtifactCreate

from models import clock
from models.cycles import open_cycles
from models.duties import catalogue
from models.incidents import Incident, Year, figures_of, incidents_of
from models.people import clinic_named
from models.register import Row, register_of
from models.standing import waited_for
from models.store import reading
from models.tables import Clinic, Cycle
from models.words import day_in_words, due_in_words, list_in_words
from tasks.engine_task import run_ids

RUNS = "../../runs/flow-run"
"""From the page of an artifact to that of a run; relative, so that either of Prefect's two UIs stays where it is."""


async def show_board(clinic: str) -> None:
    """Write the artifact `CLINIC-board`. From its address one click opens the newest, and a second one the cycle."""
    artifact = ArtifactCreate(
        key=f"{clinic}-board",
        type="markdown",
        description="Every cycle that waits, and for whom",
        data=board(clinic),
        flow_run_id=run_ids().get("flow_run"),
    )
    async with get_client() as client:
        await client.create_artifact(artifact)


async def show_register(clinic: str) -> None:
    """Write what was asked of the practice, its incidents and their yearly figures as tables, without any person.

    The artifacts are `CLINIC-register`, `CLINIC-incidents` and `CLINIC-incident-figures`.
    """
    with reading() as session:
        today = clock.today(clinic_named(session, clinic).time_zone)
        rows, incidents = register_of(session, clinic, today), incidents_of(session, clinic, today)
    tables = {
        "register": ("What was asked of the practice: received, due, closed, outcome", [_as_told(row) for row in rows]),
        "incidents": ("What went wrong, and what it was found to be", [_as_found(each) for each in incidents]),
        "incident-figures": ("Incidents by year of discovery", [_as_counted(year) for year in figures_of(incidents)]),
    }
    async with get_client() as client:
        for name, (description, told) in tables.items():
            artifact = ArtifactCreate(
                key=f"{clinic}-{name}",
                type="table",
                description=description,
                data=json.dumps(told),
                flow_run_id=run_ids().get("flow_run"),
            )
            await client.create_artifact(artifact)


def _as_told(row: Row) -> dict[str, str]:
    return {
        "case": row.number,
        "what": row.title,
        "received": str(row.received_on),
        "due": str(row.due_on),
        "extended": "yes" if row.extended else "",
        "closed": str(row.closed_on or ""),
        "days taken": _blank(row.days_taken),
        "days late": str(row.days_late or ""),
        "outcome": row.outcome,
    }


def _as_found(each: Incident) -> dict[str, str]:
    return {
        "incident": each.number,
        "what went wrong": f"{each.kind}: {each.about}" if each.about else each.kind,
        "discovered": str(each.discovered_on),
        "found": each.found,
        "people": _blank(each.affected),
        "due": str(each.due_on),
        "everything done": str(each.met_on or ""),
        "closed": str(each.closed_on or ""),
        "days late": str(each.days_late or ""),
    }


def _as_counted(year: Year) -> dict[str, str]:
    return {
        "year": str(year.year),
        "incidents": str(year.incidents),
        "breaches": str(year.breaches),
        "people affected": str(year.affected),
        "no breach": str(year.no_breach),
        "not decided yet": str(year.undecided),
        "deadlines that passed": str(year.deadlines),
        "late": str(year.late),
        "open": str(year.open),
        "days, half took longer": _blank(year.median_days),
    }


def _blank(number: float | None) -> str:
    return "" if number is None else str(number)


def board(clinic_slug: str) -> str:
    """Return the board as Markdown, with links to the flow runs."""
    with reading() as session:
        clinic = clinic_named(session, clinic_slug)
        waited = waited_for(session, clinic_slug)
        rows = [(cycle, waited.get(cycle.key, [])) for cycle in open_cycles(session, clinic_slug)]
    lines = [f"## What waits at {clinic.name}", "", f"On {day_in_words(clock.today(clinic.time_zone))}.", ""]
    if not rows:
        return "\n".join([*lines, "Nothing waits. Every cycle that has begun is closed."])
    lines += ["| cycle | began | due | waits for |", "|---|---|---|---|"]
    return "\n".join([*lines, *(_row(clinic, cycle, waited) for cycle, waited in rows)]) + "\n"


def _row(clinic: Clinic, cycle: Cycle, waited: list[tuple[str, str]]) -> str:
    duty = catalogue().get(cycle.duty)
    title = f"{duty.title if duty else cycle.duty} {cycle.period}"
    link = f"[{title}]({RUNS}/{cycle.flow_run_id})" if cycle.flow_run_id else f"{title} (about to start)"
    today = clock.today(clinic.time_zone)
    far = due_in_words(cycle.due_on, today).removeprefix("due ")
    began = cycle.began_at.astimezone(ZoneInfo(clinic.time_zone)).date()
    return f"| {link} | {_unbroken(began)} | {_unbroken(cycle.due_on)} {far} | {_waits_for(waited)} |"


def _unbroken(day: date) -> str:
    """Return a day in words that stays on one line: Prefect's tables squeeze their columns."""
    return day_in_words(day).replace(" ", "\N{NO-BREAK SPACE}")


def _waits_for(waited: list[tuple[str, str]]) -> str:
    """Return who is asked for what, or for how many answers; nobody means that the engine works on it."""
    if len(waited) == 1:
        name, title = waited[0]
        return f"{name}: {title}"
    names = [f"{name} ({number})" for name, number in sorted(Counter(name for name, _ in waited).items())]
    return f"{list_in_words(names, len(names))}: {len(waited)} answers" if names else "nobody: it goes on by itself"
