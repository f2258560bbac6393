"""The clinic's board in Prefect: every waiting cycle, also one that began three months ago."""

from prefect.artifacts import acreate_markdown_artifact

from models import clock
from models.cycles import open_cycles
from models.duties import catalogue
from models.people import clinic_named
from models.standing import Standing, standing_of
from models.store import reading
from models.tables import Clinic, Cycle
from models.words import count_in_words, day_in_words, due_in_words, list_in_words

RUNS = "../../runs/flow-run"
"""From the page of an artifact to that of a run; relative, so that either of Prefect's two UIs stays where it is."""


async def show_board(clinic: str) -> None:
    """Write the artifact `CLINIC-board`: Artifacts, then the board, is two clicks from anywhere in Prefect's UI."""
    await acreate_markdown_artifact(
        board(clinic), key=f"{clinic}-board", description="Every cycle that waits, and for whom"
    )


def board(clinic_slug: str) -> str:
    """Return the board as Markdown, with links to the flow runs."""
    with reading() as session:
        clinic = clinic_named(session, clinic_slug)
        rows = [(cycle, standing_of(session, cycle.key)) for cycle in open_cycles(session, clinic_slug)]
    lines = [f"# What waits at {clinic.name}", "", f"On {day_in_words(clock.today(clinic.time_zone))}.", ""]
    if not rows:
        return "\n".join([*lines, "Nothing waits. Every cycle that has begun is closed."])
    lines += ["| cycle | began | due | waits for |", "|---|---|---|---|"]
    return "\n".join([*lines, *(_row(clinic, cycle, standing) for cycle, standing in rows)]) + "\n"


def _row(clinic: Clinic, cycle: Cycle, standing: list[Standing]) -> str:
    duty = catalogue().get(cycle.duty)
    title = f"{duty.title if duty else cycle.duty} {cycle.period}"
    link = f"[{title}]({RUNS}/{cycle.flow_run_id})" if cycle.flow_run_id else f"{title} (about to start)"
    today = clock.today(clinic.time_zone)
    names = sorted({row.holder for row in standing if row.open})
    waits = (
        f"{list_in_words(names)} ({count_in_words(sum(row.open for row in standing), 'request')})"
        if names
        else "the engine"
    )
    due = f"{day_in_words(cycle.due_on)}, {due_in_words(cycle.due_on, today)}"
    return f"| {link} | {day_in_words(cycle.began_at.date())} | {due} | {waits} |"
