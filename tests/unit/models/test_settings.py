"""Settings are typed, say what is wrong without showing it, and never mix a demo with a practice."""

from pathlib import Path

import pytest

from models.secret_file import SecretFileError, load_secrets
from models.settings import SettingsError, WrongStoreError, read_settings
from models.store_kind import StoreKindError, mark_kind


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DEMO", "DATA_DIR", "PORTAL_PORT", "SMTP_PASSWORD", "DATABASE_URL", "SMTP_PORT"):
        monkeypatch.delenv(f"WELLKEPT_{name}", raising=False)


def test_the_default_data_folder_is_absolute_and_below_the_current_one(tmp_path: Path) -> None:
    assert read_settings().data_dir == tmp_path / ".wellkept"


def test_a_variable_beats_the_file_and_the_file_beats_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.env").write_text("WELLKEPT_PORTAL_PORT=5001\nWELLKEPT_LINK_DAYS=9\n")
    monkeypatch.setenv("WELLKEPT_PORTAL_PORT", "5002")
    settings = read_settings(tmp_path)
    assert (settings.portal_port, settings.link_days, settings.prefect_port) == (5002, 9, 4200)


def test_links_follow_the_portal_port_until_somebody_names_an_address(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings.replaced(portal_port=5005).portal_base_url == "http://127.0.0.1:5005"
    named = settings.replaced(portal_base_url="https://keep.example", portal_port=5005)
    assert named.portal_base_url == "https://keep.example"


def test_a_demo_hands_letters_to_its_own_mailbox_without_tls(tmp_path: Path) -> None:
    demo = read_settings(tmp_path).replaced(demo=True, mailbox_smtp_port=4999)
    assert (demo.smtp_host, demo.smtp_port, demo.smtp_starttls) == ("127.0.0.1", 4999, False)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("WELLKEPT_PORTAL_PORT=none", "WELLKEPT_PORTAL_PORT"),  # not a number
        ("WELLKEPT_PORTAL_PORT=70000", "WELLKEPT_PORTAL_PORT"),  # no such port
        ("WELLKEPT_PORTL_PORT=4280", "WELLKEPT_PORTL_PORT"),  # a slip of the pen
        ("WELLKEPT_PORTAL_BASE_URL=keep.example", "WELLKEPT_PORTAL_BASE_URL"),  # no scheme
        ("WELLKEPT_LINK_DAYS=0", "WELLKEPT_LINK_DAYS"),  # dead on arrival
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, named: str) -> None:
    (tmp_path / "settings.env").write_text(line + "\n")
    with pytest.raises(SettingsError, match=named):
        read_settings(tmp_path)


def test_the_environment_of_a_child_reads_back_to_the_same_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings(tmp_path).replaced(portal_port=5005, demo=True, database_url="postgresql+psycopg://x@/y")
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert read_settings().model_dump() == settings.model_dump()


def test_a_password_is_not_handed_on_or_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELLKEPT_SMTP_PASSWORD", "very-secret-word")
    settings = read_settings(tmp_path)
    assert "very-secret-word" not in repr(settings) + repr(settings.environment())


def test_a_store_keeps_its_kind_and_refuses_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, other in ((True, "false"), (False, "true")):
        folder = tmp_path / other
        mark_kind(folder, demo=kind)
        mark_kind(folder, demo=not kind)
        assert read_settings(folder).demo is kind
        monkeypatch.setenv("WELLKEPT_DEMO", other)
        with pytest.raises(WrongStoreError, match="demo" if kind else "practice"):
            read_settings(folder)
        monkeypatch.delenv("WELLKEPT_DEMO")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"demo": "yes"}'])
def test_a_broken_store_mark_is_an_error_and_not_a_guess(tmp_path: Path, content: str) -> None:
    (tmp_path / "store.json").write_text(content)
    with pytest.raises(StoreKindError):
        read_settings(tmp_path)


def test_secrets_are_made_once_private_and_ascii(tmp_path: Path) -> None:
    first = load_secrets(tmp_path / "data")
    assert load_secrets(tmp_path / "data") == first
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600
    login = first.prefect_auth.get_secret_value()
    assert login.startswith("admin:")
    assert login.isascii()
    assert login not in repr(first)


def test_secrets_that_others_may_read_are_refused_with_the_remedy(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    (tmp_path / "secrets.json").chmod(0o640)
    with pytest.raises(SecretFileError, match="chmod 600"):
        load_secrets(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "{}", '{"prefect_auth": "admin:planted-and-short"}'])
def test_broken_secrets_are_named_but_never_shown(tmp_path: Path, content: str) -> None:
    load_secrets(tmp_path)
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(SecretFileError) as caught:
        load_secrets(tmp_path)
    assert "planted" not in str(caught.value)
