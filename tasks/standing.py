"""Where a cycle stands, as artifacts to read in Prefect: always current, and at the end who did what when."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate

from models import clock
from models.cycles import cycle_named
from models.duties import duty_named
from models.people import clinic_named
from models.standing import Standing, standing_of
from models.store import reading
from models.tables import Cycle
from models.words import day_in_words, due_in_words
from tasks.record import record_page


async def show_standing(cycle_key: str) -> None:
    """Write "Where this stands" of a cycle's flow run anew, and once it is closed who did what when, and its record."""
    with reading() as session:
        cycle = cycle_named(session, cycle_key)
        zone = clinic_named(session, cycle.clinic).time_zone
        rows = standing_of(session, cycle_key)
    async with get_client() as client:
        if cycle.closed_at is None:
            await _write(client, cycle, "Where this stands", "markdown", _waiting(cycle, zone, rows))
            if _has_closed(cycle_key):  # meanwhile, and its last page was written before this one
                await show_standing(cycle_key)
            return
        await _write(client, cycle, "Who did what when", "table", json.dumps([row.as_told() for row in rows]))
        await _write(client, cycle, "Record", "markdown", record_page(cycle, zone))
        await _write(client, cycle, "Where this stands", "markdown", _closed(cycle))


def _has_closed(cycle_key: str) -> bool:
    with reading() as session:
        return cycle_named(session, cycle_key).closed_at is not None


async def _write(client: PrefectClient, cycle: Cycle, title: str, kind: str, data: str) -> None:
    key = f"{cycle.clinic}-{cycle.duty}-{cycle.period}-{title.replace(' ', '-')}".lower()
    described = f"{title}: {duty_named(cycle.duty).title} {cycle.period}"
    artifact = ArtifactCreate(key=key, type=kind, description=described, data=data, flow_run_id=cycle.flow_run_id)
    await client.create_artifact(artifact)


def _closed(cycle: Cycle) -> str:
    exceptions = "\n".join(f"- {line}" for line in cycle.outcome["exceptions"]) or "None."
    closed = f"## Where this stands\n\nClosed. {cycle.outcome['summary']}.\n\n### Exceptions\n\n{exceptions}\n\n"
    return f"{closed}Reasons are in the record: `wellkept cycles show {cycle.key}`.\n"


def _waiting(cycle: Cycle, zone: str, rows: list[Standing]) -> str:
    waiting, done = [row for row in rows if row.open], [row for row in rows if not row.open]
    today, now = clock.today(zone), clock.now().astimezone(ZoneInfo(zone))
    lines = ["## Where this stands", "", f"{len(waiting)} open, {len(done)} done, {_when_begun(cycle, zone)}.", ""]
    lines += [f"As of {day_in_words(today)} at {now:%H:%M}.", ""]
    lines += ["### Waiting", "", "| what | with | due | mail |", "|---|---|---|---|"] if waiting else []
    lines += [f"| {_begun(row.title)} | {_with(row)} | {_due(row, today)} | {row.mail} |" for row in waiting]
    lines += ["", "### Done", "", "| what | who | what they said | when |", "|---|---|---|---|"] if done else []
    lines += [f"| {_begun(row.title)} | {row.answered_by} | {row.said} | {_when(row.at, zone)} |" for row in done]
    return "\n".join(lines) + "\n"


def _when_begun(cycle: Cycle, zone: str) -> str:
    began = cycle.began_at.astimezone(ZoneInfo(zone)).date()
    return f"begun on {day_in_words(began)}, due on {day_in_words(cycle.due_on)}"


def _begun(title: str) -> str:
    return title[:1].upper() + title[1:].replace("|", "\\|")


def _with(row: Standing) -> str:
    return row.holder + (f" (for {row.asked})" if row.asked != row.holder else "")


def _due(row: Standing, today: date) -> str:
    return f"{day_in_words(row.due_on)}, {due_in_words(row.due_on, today).removeprefix('due ')}"


def _when(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else ""
