"""What an administrator reads in Prefect: where a cycle stands, and who did what when."""

from datetime import datetime
from zoneinfo import ZoneInfo

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from flows.engine.closing import Outcome
from flows.engine.current import Running
from models import clock
from models.standing import Standing, standing_of
from models.store import reading
from models.words import day_in_words, due_in_words
from tasks.board import show_board


def _slug(running: Running) -> str:
    return f"{running.clinic}-{running.duty.name}-{running.period}".lower()


async def show_where_it_stands(running: Running) -> None:
    """Write the artifact "Where this stands" and bring the clinic's board up to date."""
    with reading() as session:
        rows = standing_of(session, running.key)
    await acreate_markdown_artifact(
        _markdown(running, rows),
        key=f"{_slug(running)}-where-this-stands",
        description=f"Where this stands: {running.duty.title} {running.period}",
    )
    await show_board(running.clinic)


async def show_end(running: Running, outcome: Outcome) -> None:
    """Write the closing table and the last word of "Where this stands"."""
    await acreate_table_artifact(
        outcome.rows,
        key=f"{_slug(running)}-who-did-what-when",
        description=f"Who did what when: {running.duty.title} {running.period}",
    )
    exceptions = "\n".join(f"- {line}" for line in outcome.exceptions) or "None."
    await acreate_markdown_artifact(
        f"## Where this stands\n\nClosed. {outcome.summary}.\n\n### Exceptions\n\n{exceptions}\n",
        key=f"{_slug(running)}-where-this-stands",
        description=f"Where this stands: {running.duty.title} {running.period}",
    )
    await show_board(running.clinic)


def _markdown(running: Running, rows: list[Standing]) -> str:
    waiting = [row for row in rows if row.open]
    done = [row for row in rows if not row.open]
    lines = ["## Where this stands", "", f"{len(waiting)} open, {len(done)} done, on {_today(running)}.", ""]
    lines += ["### Waiting", "", "| what | with | due | mail |", "|---|---|---|---|"] if waiting else []
    lines += [
        f"| {_begun(row.title)} | {row.holder}{_cover(row)} | {_due(running, row)} | {row.mail} |" for row in waiting
    ]
    lines += ["", "### Done", "", "| what | who | what they said | when |", "|---|---|---|---|"] if done else []
    lines += [f"| {_begun(row.title)} | {row.answered_by} | {row.said} | {_when(running, row.at)} |" for row in done]
    return "\n".join(lines) + "\n"


def _begun(title: str) -> str:
    return title[:1].upper() + title[1:]


def _today(running: Running) -> str:
    """Return the day and the minute: what happens to a letter later shows here at the next look only."""
    return f"{day_in_words(running.today())} at {clock.now().astimezone(ZoneInfo(running.time_zone)):%H:%M}"


def _cover(row: Standing) -> str:
    return f" (for {row.asked})" if row.asked != row.holder else ""


def _due(running: Running, row: Standing) -> str:
    return f"{day_in_words(row.due_on)}, {due_in_words(row.due_on, running.today()).removeprefix('due ')}"


def _when(running: Running, at: datetime | None) -> str:
    return f"{at.astimezone(ZoneInfo(running.time_zone)):%Y-%m-%d %H:%M}" if at else ""
