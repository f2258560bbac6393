"""The stack: the services of an installation in the order they start, and the addresses they share."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

from deployments.ports import choose_ports, remembered_ports
from deployments.postgres import OWNER, Postgres
from deployments.prefect_server import (
    Finding,
    client_environment,
    refuse_wrong_settings,
    server_argv,
    server_environment,
    worker_argv,
    write_one_certificate,
)
from deployments.service import Service, answers, at_once, nothing
from models.errors import WellkeptError
from models.secret_file import Secrets
from models.settings import Settings

_PORTS = ("portal_port", "prefect_port", "mailbox_smtp_port", "mailbox_page_port")
_ROOT = Path(__file__).parents[1]
Hook = Callable[[], None]


class WrongSettingsError(WellkeptError):
    """The Prefect server would run with settings that endanger the record."""

    remedy = "Nothing was started."


def chosen_settings(settings: Settings) -> Settings:
    """Return the settings with free ports and the embedded database's addresses, for the start of a stack."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_one_certificate(settings.data_dir)
    fixed = frozenset[str]() if settings.demo else frozenset({"portal_port"})
    ports = choose_ports(settings.data_dir, {name: getattr(settings, name) for name in _PORTS}, fixed)
    return _with_databases(settings.replaced(**ports))


def running_settings(settings: Settings) -> Settings:
    """Return the settings with the ports and database addresses of the stack that runs, for the command line."""
    ports = remembered_ports(settings.data_dir, {name: getattr(settings, name) for name in _PORTS})
    return _with_databases(settings.replaced(**ports))


def service_environment(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """Return the variables of our own processes: our settings, the store, Prefect's client, and where the code is.

    They get the address of the role with few rights only.
    """
    shown = settings.replaced(database_url=None, prefect_database_url=None).environment()
    return {
        **client_environment(settings, secrets),
        **shown,
        "WELLKEPT_STORE_URL": settings.store_url or settings.database_url or "",
        "PYTHONPATH": str(_ROOT),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(_temporary(settings.data_dir)),
    }


def _temporary(data_dir: Path) -> Path:
    """Return the folder for temporary files, the worker's among them: inside the data folder like everything else."""
    folder = data_dir.absolute() / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def stack_services(
    settings: Settings, secrets: Secrets, *, migrate: Hook = nothing, make_work_pool: Hook = nothing
) -> list[Service]:
    """Return the services of an installation in the order they start. `settings` are `chosen_settings`.

    `migrate` runs once the databases are there, `make_work_pool` once Prefect answers; both before every (re)start of
    what needs them. Raises WrongSettingsError with every wrong Prefect setting and its remedy.
    """
    environment = service_environment(settings, secrets)
    postgres = [] if settings.database_url else [Postgres(settings.data_dir)]
    return [
        *(_postgres(each) for each in postgres),
        _prefect(settings, secrets, before=postgres[0].ensure_databases if postgres else nothing),
        *([_mailbox(settings, environment)] if settings.demo else []),
        _portal(settings, environment, migrate),
        Service("relay", _module("deployments.relay"), at_once, environment, stop_seconds=30),  # a letter is finished
        Service("worker", worker_argv(), at_once, environment, before=make_work_pool, stop_seconds=20),
    ]


def _postgres(server: Postgres) -> Service:
    """Return the service of the embedded database."""
    return Service(
        "postgres",
        server.argv(),
        server.ready,
        before=server.prepare,
        stop_signal=signal.SIGINT,
        stop_seconds=30,
        orphan_signal=signal.SIGINT,
    )


def _prefect(settings: Settings, secrets: Secrets, before: Hook) -> Service:
    """Return the service of the Prefect server. Raises WrongSettingsError."""
    environment = server_environment(settings, secrets)
    if findings := refuse_wrong_settings(environment, settings.retention_days):
        raise WrongSettingsError(listed(findings))
    ready = answers(f"{settings.prefect_api_url}/health")
    return Service("prefect", server_argv(settings), ready, environment, before=before, ready_seconds=180)


def _mailbox(settings: Settings, environment: dict[str, str]) -> Service:
    """Return the service of the demo mailbox."""
    ready = answers(f"http://127.0.0.1:{settings.mailbox_page_port}/")
    return Service("mailbox", _module("notifications.mailbox"), ready, environment)


def _portal(settings: Settings, environment: dict[str, str], before: Hook) -> Service:
    """Return the service of the portal."""
    ready = answers(f"http://127.0.0.1:{settings.portal_port}/health")
    return Service("portal", _module("portal"), ready, environment, before=before)


def _with_databases(settings: Settings) -> Settings:
    """Fill in the embedded database's addresses where none is named."""
    if settings.database_url:
        return settings
    server = Postgres(settings.data_dir)
    return settings.replaced(
        database_url=None,
        store_url=server.store_url(),
        prefect_database_url=settings.prefect_database_url or server.prefect_url(),
    )


def owner_url(settings: Settings) -> str:
    """Return the URL of our store as its owner, for migrations only."""
    return settings.database_url or Postgres(settings.data_dir).store_url(OWNER)


def _module(name: str) -> list[str]:
    """Return the command line of one of our own modules."""
    return [sys.executable, "-m", name]


def listed(findings: list[Finding]) -> str:
    """Return findings one a line."""
    return "".join(f"\n  {finding.what} {finding.remedy}" for finding in findings) + "\n"
