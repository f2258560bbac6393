"""The Prefect server runs with settings that keep the record, and refuses others by name and with the remedy."""

from pathlib import Path

import pytest

from deployments.prefect_server import client_environment, refuse_wrong_settings, server_environment
from models.secret_file import Secrets
from models.settings import Settings, SettingsError, read_settings

SECRETS = Secrets.fresh()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give settings with a Prefect database, in a process without variables of Prefect."""
    monkeypatch.delenv("PREFECT_SERVER_ANALYTICS_ENABLED", raising=False)
    return Settings(data_dir=tmp_path, prefect_database_url="postgresql+asyncpg://prefect@/prefect?host=/s")


def test_our_own_settings_are_right(settings: Settings) -> None:
    assert refuse_wrong_settings(server_environment(settings, SECRETS), settings.retention_days) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED", "false"),  # still deletes events
        ("PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED", ""),  # the same
        ("PREFECT_SERVER_EVENTS_RETENTION_PERIOD", "P7D"),  # Prefect's own default
        ("PREFECT_SERVER_EVENTS_RETENTION_PERIOD", "for ever"),  # not a length of time
        ("PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD", "P90D"),  # Prefect's own default
        ("PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME", "P100D"),  # hides yearly runs
        ("PREFECT_SERVER_API_HOST", "0.0.0.0"),  # noqa: S104 - the very thing refused; open to the network
        ("PREFECT_SERVER_CSRF_PROTECTION_ENABLED", "false"),  # other pages could act
        ("PREFECT_SERVER_ANALYTICS_ENABLED", "true"),  # telemetry
    ],
)
def test_what_an_operator_sets_wrongly_is_refused_by_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    (finding,) = refuse_wrong_settings(server_environment(settings, SECRETS), settings.retention_days)
    assert name in finding.what
    assert name in finding.remedy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFECT_SERVER_API_AUTH_STRING", ""),  # open to every process of the machine
        ("PREFECT_SERVER_API_AUTH_STRING", "admin:pass"),  # guessed in an hour
        ("PREFECT_SERVER_API_AUTH_STRING", "admin:päßwörter-sind-länger"),  # Prefect compares ASCII only
        ("PREFECT_SERVER_CORS_ALLOWED_ORIGINS", "*"),  # any page could read
        ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:///prefect.db"),  # "database is locked"
        ("DO_NOT_TRACK", "0"),  # the second telemetry
    ],
)
def test_a_wrong_environment_is_refused_without_showing_a_secret(settings: Settings, name: str, value: str) -> None:
    (finding,) = refuse_wrong_settings({**server_environment(settings, SECRETS), name: value}, settings.retention_days)
    assert name in finding.what
    assert "AUTH" not in name or not value or value not in finding.what


def test_a_longer_retention_is_no_fault(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_EVENTS_RETENTION_PERIOD", "P3650D")
    assert refuse_wrong_settings(server_environment(settings, SECRETS), settings.retention_days) == []


def test_server_and_clients_agree_on_address_and_login_whatever_the_operator_set(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "admin:another-one-entirely")
    server, client = server_environment(settings, SECRETS), client_environment(settings, SECRETS)
    assert server["PREFECT_SERVER_API_AUTH_STRING"] == client["PREFECT_API_AUTH_STRING"]
    assert client["PREFECT_API_URL"] == f"http://127.0.0.1:{server['PREFECT_SERVER_API_PORT']}/api"


def test_prefect_reads_every_variable_as_it_is_meant(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings import Settings as PrefectSettings  # noqa: PLC0415 - slow, and only this test needs it

    monkeypatch.chdir(settings.data_dir)
    for name, value in server_environment(settings, SECRETS).items():
        monkeypatch.setenv(name, value)
    read = PrefectSettings().server
    assert read.services.db_vacuum.enabled_vacuum_types == set()
    assert read.services.db_vacuum.retention_period.days == read.events.retention_period.days == 2557
    assert read.services.scheduler.max_scheduled_time.days == 400
    assert (read.api.csrf_protection_enabled, read.analytics_enabled, read.api.host) == (True, False, "127.0.0.1")
    assert read.services.late_runs.loop_seconds == 30
    assert read.ui.static_directory == str(settings.data_dir / "prefect" / "ui")
    assert not read.ui.show_promotional_content
    assert not read.ephemeral.enabled
    assert PrefectSettings().worker.query_seconds == settings.worker_query_seconds
    assert PrefectSettings().flows.heartbeat_frequency == 60


def test_whoever_keeps_longer_is_held_to_it(settings: Settings) -> None:
    longer = settings.replaced(retention_days=3653)
    assert server_environment(longer, SECRETS)["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == "P3653D"
    findings = refuse_wrong_settings(server_environment(settings, SECRETS), longer.retention_days)
    assert [finding.what.split()[0].removeprefix("PREFECT_SERVER_") for finding in findings] == [
        "SERVICES_DB_VACUUM_RETENTION_PERIOD",
        "EVENTS_RETENTION_PERIOD",
    ]


def test_less_than_six_years_is_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELLKEPT_RETENTION_DAYS", "2191")
    with pytest.raises(SettingsError, match=r"WELLKEPT_RETENTION_DAYS must be greater than or equal to 2192"):
        read_settings(tmp_path)
