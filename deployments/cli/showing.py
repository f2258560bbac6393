"""Showing: tables for people, JSON for scripts."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.words import day_in_words

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
_WIDE = 200
"""Columns where nobody looks: a table in a pipe should not break its lines."""


def console() -> Console:
    """Return where people read; wide where it is no terminal."""
    found = Console(highlight=False, emoji=False)
    return found if found.is_terminal else Console(highlight=False, emoji=False, width=_WIDE)


def as_json(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Print a value as JSON; dates and moments as ISO 8601."""
    typer.echo(json.dumps(value, indent=1, ensure_ascii=False, default=str))


def as_table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print a table. What it holds is shown as it is, never read as markup."""
    table = Table(*headings, box=None)
    table.padding = (0, 2, 0, 0)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    if title:
        console().print(Text(title, style="bold"), soft_wrap=True)
    console().print(table)


def say(*lines: str) -> None:
    """Print lines as they are, wrapped by nobody."""
    for line in lines:
        typer.echo(line)


def moment_in_words(at: str | None) -> str:
    """Return a moment as the ledger writes it as '26 November 2026 at 13:31 (UTC)'."""
    moment = datetime.fromisoformat(str(at))
    return f"{day_in_words(moment.date())} at {moment:%H:%M} (UTC)"
