"""The stack is complete, in order, and hands each process what it needs and no more."""

from pathlib import Path

import pytest

from deployments.stack import WrongSettingsError, chosen_settings, running_settings, service_environment, stack_services
from models.secret_file import Secrets
from models.settings import Settings
from notifications.outbox import FINISH_SECONDS

SECRETS = Secrets.fresh()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings of a practice that brings its own database."""
    return Settings(
        data_dir=tmp_path,
        database_url="postgresql+psycopg://owner:planted@db/wellkept",
        store_url="postgresql+psycopg://app@db/wellkept",
        prefect_database_url="postgresql+asyncpg://prefect@db/prefect",
    )


def names(settings: Settings) -> list[str]:
    return [service.name for service in stack_services(settings, SECRETS)]


def test_a_demo_runs_everything_in_order(tmp_path: Path) -> None:
    demo = chosen_settings(Settings(data_dir=tmp_path, demo=True))
    assert names(demo) == ["postgres", "prefect", "mailbox", "portal", "relay", "worker"]


def test_a_practice_with_its_own_database_runs_neither_postgres_nor_mailbox(settings: Settings) -> None:
    assert names(settings) == ["prefect", "portal", "relay", "worker"]


def test_our_processes_get_the_role_with_few_rights_and_never_the_owners(settings: Settings) -> None:
    environment = service_environment(settings, SECRETS)
    assert environment["WELLKEPT_STORE_URL"] == settings.store_url
    assert "planted" not in repr(environment)


def test_no_secret_is_on_a_command_line(settings: Settings) -> None:
    words = repr([service.argv for service in stack_services(settings, SECRETS)])
    assert not any(secret.get_secret_value() in words for _, secret in SECRETS)


def test_wrong_prefect_settings_start_nothing_and_are_all_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_SERVER_EVENTS_RETENTION_PERIOD", "P7D")
    monkeypatch.setenv("PREFECT_SERVER_CSRF_PROTECTION_ENABLED", "false")
    with pytest.raises(WrongSettingsError, match=r"(?s)EVENTS_RETENTION.*CSRF"):
        stack_services(settings, SECRETS)


def test_the_command_line_finds_the_addresses_of_the_stack_that_runs(settings: Settings) -> None:
    chosen = chosen_settings(settings)
    found = running_settings(settings)
    assert (found.portal_port, found.prefect_api_url) == (chosen.portal_port, chosen.prefect_api_url)
    assert found.portal_base_url == f"http://127.0.0.1:{chosen.portal_port}"


def test_the_relay_is_given_the_time_to_finish_a_letter(settings: Settings) -> None:
    (relay,) = [service for service in stack_services(settings, SECRETS) if service.name == "relay"]
    assert relay.stop_seconds > FINISH_SECONDS
