"""The root of the command line: finds commands by walking a package and imports only the one that is called.

The first sentence of a command's module is its line in the help, read without importing it.
"""

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

COMMANDS = "deployments.cli.commands"
_FOLDER = Path(__file__).with_name("commands")


class LazyGroup(TyperGroup):
    """A group whose commands are the modules of `deployments.cli.commands`; each holds a `typer.Typer` named `app`."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer keeps its own kind of context
        """Return the names of the modules."""
        return sorted(info.name for info in iter_modules([str(_FOLDER)]))

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:  # noqa: ANN401
        """Return what the help needs to know of a command, or None for no such command."""
        return TyperCommand(cmd_name, help=_first_line(cmd_name)) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Import the command that is called."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found and get_command(import_module(f"{COMMANDS}.{name}").app), rest


def _first_line(name: str) -> str:
    text = ast.get_docstring(ast.parse((_FOLDER / f"{name}.py").read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]
