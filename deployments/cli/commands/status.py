"""Tell what runs, the addresses, and what waits for whom."""

from collections import Counter
from typing import Any

from sqlmodel import Session, col, select

from deployments.cli.addresses import addresses
from deployments.cli.apps import command_app
from deployments.cli.folder import NotRunningError, use_store
from deployments.cli.processes import running_processes
from deployments.cli.showing import JsonOption, as_json, as_table, say
from models import clock
from models.cycles import open_cycles
from models.errors import WellkeptError
from models.people import clinic_named, name_of
from models.settings import load_settings
from models.standing import waited_for
from models.store import NoStoreError, reading
from models.tables import Clinic, Cycle, Letter, LetterState
from models.words import due_in_words, list_in_words

app = command_app()


@app.command()
def status(*, json: JsonOption = False) -> None:
    """Tell what runs, the addresses, what waits for whom, and which letters did not arrive.

    Examples:
        wellkept status
        wellkept --data-dir .wellkept/demo status --json
    """
    found, trouble = _found()
    if json:
        as_json(found)
    else:
        _show(found)
    if trouble:
        raise trouble


def _found() -> tuple[dict[str, Any], WellkeptError | None]:
    """Return what is known, and why not more: where nothing runs, no store is no trouble."""
    given = load_settings()
    runs = [{"name": each.name, "pid": each.pid} for each in running_processes(given.data_dir)]
    found: dict[str, Any] = {"folder": str(given.data_dir), "demo": given.demo, "running": runs, "store": False}
    try:
        settings = use_store()
    except (NotRunningError, NoStoreError) as error:
        return found, error if runs or given.database_url else None
    with reading() as session:
        waited = waited_for(session)
        waiting = [_waiting(session, cycle, waited.get(cycle.key, [])) for cycle in open_cycles(session)]
        where = addresses(settings) if runs else {}
        late = {"waiting": waiting, "undelivered": _undelivered(session)}
        return {**found, "store": True, "today": _today(session), "addresses": where, **late}, None


def _today(session: Session) -> dict[str, str]:
    """Return the civil date at each clinic, which in a demo may be any day."""
    return {clinic.slug: str(clock.today(clinic.time_zone)) for clinic in session.exec(select(Clinic))}


def _waiting(session: Session, cycle: Cycle, waited: list[tuple[str, str]]) -> dict[str, Any]:
    names = Counter(name for name, _ in waited)
    today = clock.today(clinic_named(session, cycle.clinic).time_zone)
    due = due_in_words(cycle.due_on, today)
    return {"cycle": cycle.key, "due_on": str(cycle.due_on), "due": due, "waits_for": dict(names)}


def _undelivered(session: Session) -> list[dict[str, Any]]:
    """Return the letters that did not arrive, and those that the mail server has put off."""
    troubled = select(Letter).where(Letter.state != LetterState.ACCEPTED, col(Letter.last_error).is_not(None))
    return [
        {
            "to": name_of(session, letter.person_id) if letter.person_id else letter.address,
            "subject": letter.subject,
            "state": letter.state,
        }
        | {"why": letter.last_error, "tries": letter.tries, "written_at": letter.written_at}
        for letter in session.exec(troubled.order_by(col(Letter.written_at)))
    ]


def _show(found: dict[str, Any]) -> None:
    kind = "demo" if found["demo"] else "practice"
    say(f"{found['folder']} ({kind})", "")
    names = [each["name"] for each in found["running"]]
    say(f"Running: {', '.join(names)}" if names else "Nothing runs here. `wellkept up` starts it.")
    if not found["store"]:
        return
    for name, url in found["addresses"].items():
        say(f"  {name:8} {url}")
    for slug, today in found["today"].items():
        say(f"  {slug}: {today}")
    _show_waiting(found["waiting"])
    if found["undelivered"]:
        headings = ("to", "subject", "state", "why")
        rows = [[letter[name] for name in headings] for letter in found["undelivered"]]
        say("")
        as_table(headings, rows, title="Letters that did not arrive")


def _show_waiting(waiting: list[dict[str, Any]]) -> None:
    say("")
    if not waiting:
        say("Nothing waits. Every cycle that has begun is closed.")
        return
    rows = [(each["cycle"], each["due_on"], each["due"], _names(each["waits_for"])) for each in waiting]
    as_table(("cycle", "due on", "", "waits for"), rows, title="What waits")


def _names(counts: dict[str, int]) -> str:
    named = [f"{name} ({count})" for name, count in counts.items()]
    return list_in_words(named, 4) if named else "the engine"
