"""A start is readable in a terminal and in a file; a demo's PINs are good ones."""

import io

from rich.console import Console

from deployments.cli.demo_pins import random_pin
from deployments.cli.progress import Progress
from models.pins import weakness_of


def shown(*, terminal: bool) -> str:
    file = io.StringIO()
    progress = Progress(Console(file=file, force_terminal=terminal, width=80))
    with progress.moving():
        progress.on_event("postgres", "starting")
        progress.on_event("postgres", "ready after 0.1 s")
    progress.on_event("postgres", "stopping")
    return file.getvalue()


def test_a_file_gets_one_line_for_each_event_and_no_control_characters() -> None:
    lines = ["  postgres  starting", "  postgres  ready after 0.1 s", "  postgres  stopping", ""]
    assert shown(terminal=False) == "\n".join(lines)


def test_a_terminal_gets_a_table_and_afterwards_lines_again() -> None:
    said = shown(terminal=True)
    assert "✓" in said
    assert said.endswith("stopping\n")


def test_random_pins_are_never_easy_to_guess() -> None:
    pins = {random_pin() for _ in range(200)}
    assert len(pins) > 190
    assert [pin for pin in pins if weakness_of(pin)] == []
