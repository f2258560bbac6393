"""The command line teaches: every command has a line, a docstring and an example, and help comes without Prefect."""

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest
from typer import Typer

from deployments.cli import commands, main

MODULES = sorted(info.name for info in iter_modules(commands.__path__))
EXPECTED = ["audit", "clinics", "cycles", "doctor", "ladder", "mail", "people", "rounds", "status", "up", "version"]


def app_of(module: str) -> Typer:
    found = import_module(f"deployments.cli.commands.{module}").app
    assert isinstance(found, Typer)
    return found


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_every_command_the_documents_name_is_there() -> None:
    assert set(EXPECTED) <= set(MODULES)


def test_the_help_shows_each_command_with_the_first_sentence_of_its_module(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    shown = " ".join(capsys.readouterr().out.split())
    for module in MODULES:
        doc = import_module(f"deployments.cli.commands.{module}").__doc__ or ""
        assert doc.split("\n")[0][:40] in shown


@pytest.mark.parametrize("module", MODULES)
def test_every_command_has_an_example(module: str) -> None:
    for command in app_of(module).registered_commands:
        assert "Example" in ((command.callback and command.callback.__doc__) or ""), f"{module} {command.name}"


def test_help_comes_without_importing_prefect_or_the_tables() -> None:
    code = (
        "import sys\nfrom deployments.cli import main\ntry:\n main(['--help'])\nexcept SystemExit:\n pass\n"
        "sys.exit('prefect' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_an_unknown_command_is_told_with_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("clinisc") == 2
    assert "clinisc" in capsys.readouterr().err
