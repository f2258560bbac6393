"""Commands find their data folder, and say so where nothing runs in it."""

import os
from pathlib import Path

import pytest

from deployments.cli import main
from deployments.cli.folder import use_folder, use_folder_to_start
from models.settings import load_settings
from models.store_kind import mark_kind


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_DIR", "DEMO", "DATABASE_URL", "STORE_URL"):
        monkeypatch.setenv(f"WELLKEPT_{name}", "")
        monkeypatch.delenv(f"WELLKEPT_{name}")


def test_where_nothing_runs_every_command_says_so_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--data-dir", str(tmp_path / "elsewhere"), "cycles", "list"])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert f"Nothing runs on {tmp_path / 'elsewhere'}." in said
    assert "wellkept up" in said
    with pytest.raises(SystemExit) as ended:
        main(["--data-dir", str(tmp_path / "elsewhere"), "status"])
    assert ended.value.code == 0
    assert "Nothing runs here" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("there", "named", "expected"),
    [
        ([], None, ".wellkept"),
        ([".wellkept/demo"], None, ".wellkept/demo"),  # only a demo: that is meant
        ([".wellkept/demo", ".wellkept"], None, ".wellkept"),  # a practice is never overlooked
        ([".wellkept/demo"], "other", "other"),
    ],
)
def test_the_folder_a_command_works_on(tmp_path: Path, there: list[str], named: str | None, expected: str) -> None:
    for folder in there:
        mark_kind(tmp_path / folder, demo="demo" in folder)
    use_folder(Path(named) if named else None)
    assert load_settings().data_dir == tmp_path / expected


@pytest.mark.parametrize(("demo", "expected"), [(True, ".wellkept/demo"), (False, ".wellkept")])
def test_a_start_without_a_folder_never_mixes_demo_and_practice(tmp_path: Path, demo: bool, expected: str) -> None:
    mark_kind(tmp_path / ".wellkept" / "demo", demo=True)
    use_folder_to_start(None, demo=demo)
    assert (load_settings().data_dir, load_settings().demo) == (tmp_path / expected, demo)
    assert os.environ["WELLKEPT_DATA_DIR"] == str(tmp_path / expected)


def test_a_demo_is_not_started_on_a_practices_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark_kind(tmp_path / "mine", demo=False)
    with pytest.raises(SystemExit) as ended:
        main(["--data-dir", "mine", "up", "--demo"])
    assert ended.value.code == 1
    assert "holds a practice store" in capsys.readouterr().err
