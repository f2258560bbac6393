"""The register of requests, and the keys that cases are encrypted with."""

from dataclasses import asdict

from sqlmodel import col, select

from deployments.cli.apps import group_app
from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR, ClinicOption
from deployments.cli.showing import JsonOption, as_json, as_table, say
from models import clock
from models.case_keys import FILE_NAME, add_case_key
from models.cases import wrap_anew
from models.people import clinic_named
from models.register import Row, register_of
from models.store import reading, transaction
from models.tables import Case
from models.words import count_in_words

app = group_app("The register of requests, and the keys that cases are encrypted with.")


@app.command("list")
def list_(*, clinic: ClinicOption, json: JsonOption = False) -> None:
    """List what was asked of a clinic: when it came, when it is due, and what came of it. Nothing about any patient.

    Example: wellkept cases list --clinic maple-grove
    """
    use_store()
    with reading() as session:
        rows = register_of(session, clinic, clock.today(clinic_named(session, clinic).time_zone))
    if json:
        as_json([asdict(row) for row in rows])
    elif rows:
        headings = ("case", "what", "received", "due", "extended", "closed", "days", "outcome")
        as_table(headings, [_told(row) for row in rows])
    else:
        say("Nothing was asked of the practice yet. The desk of the portal takes it in: PORTAL/desk.")


@app.command()
def rotate_key() -> None:
    """Make a new key and encrypt every case's own key with it; the older keys stay in the file, which you copy anew.

    It can be run again if it breaks off.

    Example: wellkept cases rotate-key
    """
    settings = use_store()
    with reading() as session:
        cases = list(session.exec(select(Case.id).order_by(col(Case.id))))
    if not cases:
        say("There is no case yet, so no key either. The first case makes it.")
        return
    key = add_case_key(settings.data_dir)
    done = 0
    for case_id in cases:
        with transaction() as tx:
            done += wrap_anew(tx, case_id, ACTOR)
    say(f"The key {key.id} is the newest; {count_in_words(done, 'case')} encrypted with it.")
    say(f"Copy {settings.data_dir / FILE_NAME} to where you keep it: without it no case can be read.")


def _told(row: Row) -> list[object]:
    days = row.days_taken if row.days_taken is not None else ""
    late = f"{days} ({row.days_late} late)" if row.days_late else days
    extended = "yes" if row.extended else ""
    return [row.number, row.title, row.received_on, row.due_on, extended, row.closed_on or "open", late, row.outcome]
