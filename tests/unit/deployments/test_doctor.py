"""The doctor finds what is wrong without a server, and says how to mend it."""

from pathlib import Path

import pytest

from deployments.doctor.machine import check_machine
from deployments.doctor.mail import check_mail
from deployments.doctor.result import Result
from models.secret_file import load_secrets
from models.settings import Settings
from notifications.testing import Mailbox, free_port


@pytest.fixture(autouse=True)
def _no_operators_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED", raising=False)


def settings_for(folder: Path, **given: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **given)  # type: ignore[arg-type]


def found(results: list[Result], check: str) -> Result:
    return next(result for result in results if result.check == check)


def test_a_fresh_machine_is_well_and_nothing_is_written(tmp_path: Path) -> None:
    assert [result for result in check_machine(settings_for(tmp_path)) if not result.well] == []
    assert list(tmp_path.iterdir()) == []


def test_a_vacuum_that_somebody_turned_on_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED", '["flow_runs"]')
    result = found(list(check_machine(settings_for(tmp_path))), "Prefect's settings")
    assert "would delete its history" in result.found
    assert "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=[]" in result.remedy


@pytest.mark.parametrize("name", ["secrets.json", "settings.env"])
def test_a_file_of_secrets_that_others_may_read_is_found(tmp_path: Path, name: str) -> None:
    load_secrets(tmp_path)
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o644)
    results = [result for result in check_machine(settings_for(tmp_path)) if not result.well]
    assert results
    assert all("chmod 600" in result.remedy for result in results)


def test_a_mail_server_that_is_away_is_found_and_nothing_is_raised(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, demo=True, mailbox_smtp_port=free_port())
    server, path, sender = check_mail(settings)
    assert "does not take us" in server.found
    assert "wellkept up --demo" in server.remedy
    assert path.well
    assert sender.well


def test_a_mail_server_without_encryption_is_found_where_it_is_wanted(tmp_path: Path) -> None:
    port = free_port()
    with Mailbox(tmp_path / "mails", port):
        plain, *_ = check_mail(settings_for(tmp_path, smtp_port=port, smtp_starttls=False))
        wanted, *_ = check_mail(settings_for(tmp_path, smtp_port=port, smtp_starttls=True))
    assert plain.found.endswith("answers, not encrypted")
    assert wanted.found.endswith("offers no STARTTLS")


def test_a_practice_whose_bounces_go_nowhere_is_told(tmp_path: Path) -> None:
    _, path, sender = check_mail(settings_for(tmp_path, smtp_port=free_port()))
    assert "WELLKEPT_BOUNCE_DOMAIN" in path.remedy
    assert "WELLKEPT_MAIL_FROM" in sender.remedy, "one wrong setting does not hide the other"
