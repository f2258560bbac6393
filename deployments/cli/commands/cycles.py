"""List cycles, show where one stands, start one."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlmodel import col, select

from deployments.cli.apps import group_app
from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR, ClinicOption
from deployments.cli.showing import JsonOption, as_json, as_table, say
from deployments.prefect_answer import need_prefect
from models import clock
from models.cycles import begin, cycle_key, cycle_named
from models.duties import duty_named
from models.errors import WellkeptError
from models.people import clinic_named
from models.settings import Settings
from models.standing import Standing, standing_of
from models.store import reading, transaction
from models.tables import Clinic, Cycle
from models.words import day_in_words

app = group_app("List cycles, show where one stands, start one.")
PERIOD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")


class PeriodError(WellkeptError):
    """That is no period."""

    remedy = "Use up to 20 letters, digits and hyphens, such as 2027 or 2027-q1."


class BegunByEventError(WellkeptError):
    """This duty is not begun by hand."""

    remedy = "Somebody takes it in at the desk of the portal: PORTAL/desk."


@app.command("list")
def list_(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show closed ones too.")] = False,
    json: JsonOption = False,
) -> None:
    """List the cycles that are open, with --all also those that are closed.

    Example: wellkept cycles list --all
    """
    use_store()
    with reading() as session:
        found = session.exec(select(Cycle).order_by(col(Cycle.began_at)))
        cycles = [cycle for cycle in found if everything or cycle.closed_at is None]
        zones = {clinic.slug: ZoneInfo(clinic.time_zone) for clinic in session.exec(select(Clinic))}
    if json:
        as_json([cycle.model_dump(mode="json") for cycle in cycles])
    elif cycles:
        as_table(("cycle", "began", "due on", "stands"), [_row(cycle, zones[cycle.clinic]) for cycle in cycles])
    else:
        say("No cycle is open. `wellkept cycles start policy-review --clinic SLUG` starts one.")


@app.command()
def show(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As in `cycles list`: clinic/duty/period.")],
    *,
    json: JsonOption = False,
) -> None:
    """Show where a cycle stands: who was asked what, and what came of it.

    Example: wellkept cycles show maple-grove/policy-review/2027
    """
    settings = use_store()
    with reading() as session:
        cycle, standing = cycle_named(session, key), standing_of(session, key)
        zone = ZoneInfo(clinic_named(session, cycle.clinic).time_zone)
    if json:
        as_json({**cycle.model_dump(mode="json"), "requests": [row.__dict__ for row in standing]})
        return
    headings = ("what", "asked", "has it now", "due", "stands", "reason")
    rows = [
        (row.title, row.asked, row.holder if row.open else "", row.due_on, _stand(row), row.reason) for row in standing
    ]
    title = f"{cycle.key}, {_state(cycle, zone)}"
    if rows or not cycle.outcome:
        as_table(headings, rows, title=title)
    else:
        say(f"{title}; nobody was asked anything")
    if cycle.outcome:
        say("", f"{cycle.outcome['summary']}.")
    if cycle.flow_run_id:
        say("", f"In Prefect: {settings.prefect_url}/runs/flow-run/{cycle.flow_run_id}")


@app.command()
def start(
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="The duty, such as policy-review.")],
    clinic: ClinicOption,
    period: Annotated[str | None, typer.Option(help="Without it: this year.", show_default=False)] = None,
) -> None:
    """Start a duty's cycle for a period, unless there is one. It mails people: see `wellkept ladder preview` first.

    Example: wellkept cycles start policy-review --clinic maple-grove --period 2027
    """
    settings = use_store()
    found = duty_named(duty)
    if found.case is not None:
        raise BegunByEventError(f"{found.title} is begun by somebody who asks for it.")
    with transaction() as tx:
        today = clock.today(clinic_named(tx.session, clinic).time_zone)
        wanted = _checked(period or found.period(today))
        key = cycle_key(clinic, found.name, wanted)
        known = tx.session.get(Cycle, key) is not None
        cycle = begin(tx, found, clinic, wanted, today, ACTOR)
    told = "is there already" if known else f"begins, due on {day_in_words(cycle.due_on)}"
    say(f"{key} {told}.", *_engine_trouble(settings), f"Follow it with `wellkept cycles show {key}`.")


def _engine_trouble(settings: Settings) -> list[str]:
    """Return what to know where Prefect is away: the cycle stands in the store, and the relay carries it later."""
    try:
        need_prefect(settings)
    except WellkeptError as error:
        words = "The cycle is in the store, and starts in Prefect as soon as it answers. Type nothing again."
        return [error.args[0], words, error.help]
    return []


def _checked(period: str) -> str:
    if PERIOD.fullmatch(period):
        return period
    raise PeriodError(f"“{period}” is no period.")


def _row(cycle: Cycle, zone: ZoneInfo) -> list[object]:
    return [cycle.key, cycle.began_at.astimezone(zone).date(), cycle.due_on, _state(cycle, zone)]


def _state(cycle: Cycle, zone: ZoneInfo) -> str:
    if cycle.closed_at is not None:
        return f"closed on {cycle.closed_at.astimezone(zone).date()}"
    return f"open, due on {cycle.due_on}" if cycle.flow_run_id else "about to start"


def _stand(row: Standing) -> str:
    if row.open:
        return f"open; mail {row.mail}"
    late = f", {row.days_late} days late" if row.days_late else ""
    return f"{row.said} ({row.answered_by or 'nobody answered'}{late})"
