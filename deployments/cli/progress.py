"""Progress: of a start a table that moves in a terminal, plain lines anywhere else; of long work a bar."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.live import Live
from rich.progress import track
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

T = TypeVar("T")


def counted(items: Iterable[T], total: int, what: str, *, quiet: bool) -> Iterable[T]:
    """Yield items and show on the error stream, if that is a terminal, how many of them are done."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        return items
    return track(items, what, total, console=console, transient=True)


class Progress:
    """Shows what happens to each service."""

    def __init__(self, console: Console) -> None:
        """Take where to show it."""
        self.console = console
        self._rows: dict[str, str] = {}
        self._live: Live | None = None

    def on_event(self, name: str, text: str) -> None:
        """Show what happened to a service."""
        self._rows[name] = text
        if self._live:
            self._live.update(self._table())
        else:
            self.console.print(Text(f"  {name:9} {text}"), soft_wrap=True)

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Show a moving table while the block lasts, if this is a terminal."""
        if not self.console.is_terminal:
            yield
            return
        try:
            with Live(self._table(), console=self.console, refresh_per_second=8) as self._live:
                yield
        finally:
            self._live = None

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        for name, text in self._rows.items():
            busy = text.startswith("starting") or text.endswith("…")
            mark = Spinner("dots") if busy else Text("✓", style="green")
            table.add_row("", mark, Text(name, style="bold"), Text(text, style="" if busy else "dim"))
        return table
