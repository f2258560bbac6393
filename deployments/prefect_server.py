"""The Prefect server and its clients: the settings they run with, and those they must never run with."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import certifi
from pydantic import TypeAdapter, ValidationError

from models.secret_file import Secrets
from models.settings import Settings

WORK_POOL = "wellkept"
HORIZON = timedelta(days=400)
"""How far ahead runs are scheduled: a yearly one must always show."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SHORTEST_LOGIN = 20


@dataclass(frozen=True)
class Finding:
    """Something wrong with the installation, and what to do about it."""

    what: str
    remedy: str


def server_environment(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """Return the variables of the Prefect server.

    An operator's own PREFECT_SERVER_ variables win, so that what they ask for is refused by name and not ignored;
    only the addresses and the login that our clients must share are ours.
    """
    operators = {name: value for name, value in os.environ.items() if name.startswith("PREFECT_SERVER_")}
    client = client_environment(settings, secrets)
    return {**client, **_guarded(settings), **_thrifty(settings), **operators, **_shared(settings, secrets)}


def client_environment(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """Return the variables of everything that talks to the Prefect server, flow runs among them."""
    certificate = _one_certificate(settings.data_dir)
    return {
        **({"PREFECT_API_SSL_CERT_FILE": str(certificate)} if certificate.exists() else {}),
        "PREFECT_HOME": str(settings.data_dir / "prefect"),
        "PREFECT_API_URL": settings.prefect_api_url,
        "PREFECT_API_AUTH_STRING": secrets.prefect_auth.get_secret_value(),
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_LOGGING_LOG_PRINTS": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",  # the same installation; it was asked twice a run
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "60",
        "PREFECT_WORKER_QUERY_SECONDS": str(settings.worker_query_seconds),
        "PREFECT_WORKER_PREFETCH_SECONDS": "1",
        "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1",
    }


def write_one_certificate(data_dir: Path) -> None:
    """Write a file with a single root certificate for Prefect's clients, unless it is there.

    Each client, and a flow run makes five, reads all root certificates before it says its first word: 50 ms of
    computing each time. Ours speak plain HTTP on loopback and need none; a file without any would be refused.
    """
    path = _one_certificate(data_dir)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        first, end, _ = certifi.contents().partition("-----END CERTIFICATE-----\n")
        path.write_text(first + end, encoding="utf-8")


def _one_certificate(data_dir: Path) -> Path:
    return data_dir / "prefect" / "one-certificate.pem"


def server_argv(settings: Settings) -> list[str]:
    """Return the command line of the Prefect server, in the foreground."""
    return [*_prefect(), "server", "start", "--host", "127.0.0.1", "--port", str(settings.prefect_port)]


def worker_argv() -> list[str]:
    """Return the command line of our worker on our pool; Prefect's process worker would run the same deployments."""
    return [*_prefect(), "worker", "start", "--type", "wellkept", "--pool", WORK_POOL, "--name", WORK_POOL]


def refuse_wrong_settings(environment: Mapping[str, str], retention_days: int) -> list[Finding]:
    """Return what is wrong with the variables of a Prefect server; nothing may start while there is anything.

    `retention_days` is how long history must be kept, as `WELLKEPT_RETENTION_DAYS` says.
    """
    return [
        Finding(f"{name} is {_shown(name, environment)}: {why}.", f"Set {name}={right}, or leave it to Wellkept.")
        for name, good, why, right in (*_kept_for(retention_days), *_RULES)
        if not good(environment.get(name, ""))
    ]


def _guarded(settings: Settings) -> dict[str, str]:
    """Return the settings that keep the record and the door; `refuse_wrong_settings` insists on them."""
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "[]",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": f"P{settings.retention_days}D",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{settings.retention_days}D",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": f"P{HORIZON.days}D",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    }


def _shared(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """Return what server and clients must agree on."""
    return {
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_API_AUTH_STRING": secrets.prefect_auth.get_secret_value(),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": settings.prefect_url,
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": settings.prefect_database_url or "",
    }


def _thrifty(settings: Settings) -> dict[str, str]:
    """Return the settings that make the server start and idle cheaper without losing what we use."""
    return {
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_SIZE": "20",  # of 5 it needs more, and makes and drops those all day
        "PREFECT_SERVER_UI_API_URL": settings.prefect_api_url,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(settings.data_dir / "prefect" / "ui"),
        "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "30",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "300",  # 15 seconds are only a queue
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "60",
        "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "30",
    }


def _prefect() -> list[str]:
    """Return the words that start Prefect's command line with this Python."""
    return [sys.executable, "-m", "prefect"]


def _shown(name: str, environment: Mapping[str, str]) -> str:
    """Return a value as a finding may show it."""
    value = environment.get(name, "")
    return "not as it should be" if "AUTH" in name or "URL" in name else repr(value)


def lasts(least: timedelta) -> Callable[[object], bool]:
    """Return a check that a value is a length of time of at least this; plain numbers are seconds."""

    def check(value: object) -> bool:
        try:
            return TypeAdapter(timedelta).validate_python(value) >= least
        except ValidationError:
            return False

    return check


_Rule = tuple[str, Callable[[str], bool], str, str]


def _kept_for(days: int) -> tuple[_Rule, ...]:
    """Return the rules for how long Prefect keeps what it has."""
    kept, right = lasts(timedelta(days=days)), f"P{days}D"
    return (
        ("PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD", kept, f"runs must be kept {days} days", right),
        ("PREFECT_SERVER_EVENTS_RETENTION_PERIOD", kept, f"events must be kept {days} days", right),
    )


_RULES: tuple[_Rule, ...] = (
    (
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED",
        lambda value: value.strip() == "[]",
        "Prefect would delete its history, and 'false' does not stop it",
        "[]",
    ),
    (
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME",
        lasts(HORIZON),
        "yearly duties would not show",
        f"P{HORIZON.days}D",
    ),
    (
        "PREFECT_SERVER_API_HOST",
        lambda value: value in _LOOPBACK,
        "the API must not be reached from other machines",
        "127.0.0.1",
    ),
    (
        "PREFECT_SERVER_API_AUTH_STRING",
        lambda value: value.isascii() and ":" in value and len(value) >= _SHORTEST_LOGIN,
        "the API needs a long random login in ASCII",
        "admin:<random>",
    ),
    (
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED",
        lambda value: value.lower() in {"true", "1"},
        "other pages could act in the name of a signed-in administrator",
        "true",
    ),
    (
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS",
        lambda value: bool(value) and "*" not in value,
        "any page could read the API",
        "http://127.0.0.1:4200",
    ),
    (
        "PREFECT_SERVER_ANALYTICS_ENABLED",
        lambda value: value.lower() in {"false", "0"},
        "it tells the maker about this installation",
        "false",
    ),
    ("DO_NOT_TRACK", lambda value: value == "1", "a second telemetry has its own switch", "1"),
    (
        "PREFECT_SERVER_DATABASE_CONNECTION_URL",
        lambda value: value.startswith("postgresql+asyncpg://"),
        "Prefect must run on PostgreSQL",
        "postgresql+asyncpg://…",
    ),
)
