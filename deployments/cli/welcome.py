"""What somebody reads once everything runs: where to go and what to do there."""

import shlex
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from deployments.cli.demo import Demo
from deployments.cli.folder import DEMO, HOME
from deployments.doctor.store import unknown_steps
from models import clock
from models.secret_file import load_secrets
from models.settings import Settings
from models.store import reading
from models.store_kind import read_kind


def welcome_to_demo(settings: Settings, demo: Demo) -> Iterator[str]:
    """Yield the lines for a demo."""
    login = load_secrets(settings.data_dir).prefect_auth.get_secret_value()
    command, later = command_line(settings.data_dir), clock.today(demo.time_zone) + timedelta(days=31)
    yield f"{demo.clinic_name} is open. Everybody in it is made up, and no mail leaves this machine."
    yield ""
    yield f"  Mailbox  http://127.0.0.1:{settings.mailbox_page_port}/"
    yield f"  Portal   {settings.portal_base_url}"
    yield f"  Desk     {settings.portal_base_url}/desk"
    yield f"  Board    {settings.prefect_url}/v2/artifacts/key/{demo.clinic}-board"
    yield f"  Prefect  {settings.prefect_url}   login: {login}"
    yield ""
    yield "What to do there"
    yield "  1. Mailbox: open somebody's letter, press its button, and answer as that person."
    yield "  2. Board: see what waits for whom; the run's page in Prefect shows every step of the review."
    yield f"  3. Answer “I have changed it”: {demo.official} is asked to approve, with the PIN {demo.pin}."
    yield "     Everybody's PIN is in demo-pins.json of the data folder."
    yield f"  4. Desk: sign in as {demo.desk} (the code comes to the mailbox) and take in what a patient asks for."
    yield "  5. See what happens when nobody answers. In another terminal:"
    yield f"       {command} rounds --clinic {demo.clinic} --as-of {later}"
    yield f"       {command} status"
    yield f"       {command} audit verify"
    yield ""
    yield "Ctrl-C stops everything. The next start goes on where this one was."


def welcome_to_practice(settings: Settings) -> Iterator[str]:
    """Yield the lines for a practice."""
    command = command_line(settings.data_dir)
    yield "Wellkept runs."
    yield ""
    yield f"  Portal   {settings.portal_base_url}"
    yield f"  Prefect  {settings.prefect_url}   login: prefect_auth in {settings.data_dir / 'secrets.json'}"
    yield ""
    yield "Next, in another terminal:"
    yield f"  {command} clinics check PATH    tells every mistake in your clinic's folder"
    yield f"  {command} clinics apply PATH    puts it into the store and deploys its duties"
    yield f"  {command} doctor                checks mail, clock, settings"
    yield ""
    yield "Ctrl-C stops everything. The next start goes on where this one was."


def findings() -> Iterator[str]:
    """Yield what this code no longer knows of the open cycles, as after an upgrade; nothing is refused for it."""
    with reading() as session:
        for result in unknown_steps(session):
            if not result.well:
                yield f"Found: {result.found}. {result.remedy}"


def command_line(data_dir: Path) -> str:
    """Return how to call `wellkept` for a data folder from where we are."""
    program = Path(sys.argv[0])
    words = [str(program) if program.name == "wellkept" else "wellkept"]
    found_alone = data_dir == HOME.absolute() or (data_dir == DEMO.absolute() and read_kind(HOME) is None)
    return shlex.join(words if found_alone else [*words, "--data-dir", str(data_dir)])
