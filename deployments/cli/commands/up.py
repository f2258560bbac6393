"""Start everything and keep it running until Ctrl-C."""

import webbrowser
from typing import Annotated

import typer
from alembic.util import CommandError

from deployments.cli.apps import command_app
from deployments.cli.demo import prepare_demo
from deployments.cli.engine import make_work_pool, use_engine
from deployments.cli.folder import make_folder, use_folder_to_start
from deployments.cli.progress import Progress
from deployments.cli.showing import console, say
from deployments.cli.welcome import findings, welcome_to_demo, welcome_to_practice
from deployments.outside_databases import need_databases
from deployments.prefect_running import refuse_running_server
from deployments.processes import Supervisor
from deployments.stack import chosen_settings, owner_url, stack_services
from models.errors import WellkeptError
from models.migrate import migrate
from models.secret_file import load_secrets
from models.settings import Settings, load_settings
from models.store_kind import mark_kind

app = command_app()


class NewerStoreError(WellkeptError):
    """The store was made by a newer Wellkept than this one."""

    remedy = "Run the version that made it, or name another folder with --data-dir."


@app.command()
def up(
    context: typer.Context,
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Start with a made-up clinic, in .wellkept/demo.")] = False,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the first page in a browser.")] = False,
) -> None:
    """Start PostgreSQL, Prefect, the portal, the relay and a worker, and keep them running until Ctrl-C.

    Everything is written below the data folder and listens on this machine only. What was going on goes on.

    Examples:
        wellkept up --demo
        wellkept --data-dir /srv/wellkept up
    """
    use_folder_to_start(context.find_root().params.get("data_dir"), demo=demo)
    given, progress = load_settings(), Progress(console())
    say(f"Starting in {given.data_dir}", "")
    make_folder(given.data_dir)
    need_databases(given)
    with Supervisor(given.data_dir, on_event=progress.on_event) as supervisor:
        supervisor.handle_signals()
        mark_kind(given.data_dir, demo=given.demo)
        settings = chosen_settings(given)
        with progress.moving():
            _start(supervisor, settings)
            lines = _make_ready(settings, progress)
        say("", *lines, "")
        if open_:
            webbrowser.open(_first_page(settings))
        supervisor.watch()
    say("Everything is stopped.")


def _start(supervisor: Supervisor, settings: Settings) -> None:
    services = stack_services(
        settings,
        load_secrets(settings.data_dir),
        migrate=lambda: _migrate(settings),
        make_work_pool=lambda: _admit_worker(settings),
    )
    supervisor.start(services)


def _admit_worker(settings: Settings) -> None:
    """Make the work pool, once the server that runs keeps what it is given. Raises WrongSettingsError."""
    refuse_running_server(settings)
    make_work_pool(settings)


def _migrate(settings: Settings) -> None:
    try:
        migrate(owner_url(settings))
    except CommandError as error:
        raise NewerStoreError from error


def _make_ready(settings: Settings, progress: Progress) -> list[str]:
    """Do what a demo needs, and return the lines to greet with: what was found first, with a space below each."""
    use_engine(settings)
    found = [line for finding in findings() for line in (finding, "")]
    if settings.demo:
        return [*found, *welcome_to_demo(settings, prepare_demo(settings, progress))]
    return [*found, *welcome_to_practice(settings)]


def _first_page(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.mailbox_page_port}/" if settings.demo else settings.portal_base_url
