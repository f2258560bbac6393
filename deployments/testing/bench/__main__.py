"""Measure both workers side by side and show what came of it: `make bench ARGS="--waiting 20"`."""

import tempfile
from dataclasses import astuple, fields
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.bar import Bar
from rich.console import Console
from rich.table import Table

from deployments.testing.bench.endurance import Sample, endure
from deployments.testing.bench.measuring import AT_ONCE, POLL_SECONDS, Measured, measure
from deployments.testing.bench.stages import Stages, stages
from deployments.testing.bench.verifying import Checked, check_logs
from deployments.testing.stack import Stack, running_stack

KINDS = ("wellkept", "process")
console = Console()
app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def compare(
    context: typer.Context,
    waiting: Annotated[list[int] | None, typer.Option(help="How many cycles wait; may be given again.")] = None,
    answers: Annotated[int, typer.Option(help="How many of them are answered, one after the other.")] = 40,
) -> None:
    """Measure our worker beside Prefect's process worker, on one stack, one after the other."""
    if context.invoked_subcommand:
        return
    with tempfile.TemporaryDirectory(prefix="wk-bench-") as temporary:
        folder = Path(temporary)
        with running_stack(folder / "stack", frozenset({"worker", "portal"})) as stack:
            for number in waiting or [20, 200]:
                _show(*(_one(stack, folder, kind, number, answers) for kind in KINDS))


@app.command()
def endurance(cycles: Annotated[int, typer.Option(help="How many cycles.")] = 2000) -> None:
    """Let many cycles go through one worker of ours, and show whether it stays as it was."""
    console.print(*Sample.columns(), sep="\t")
    with tempfile.TemporaryDirectory(prefix="wk-bench-") as temporary:
        folder = Path(temporary)
        with running_stack(folder / "stack", frozenset({"worker", "portal"})):
            endure(folder, cycles, lambda sample: console.print(*_rounded(sample), sep="\t"))


@app.command("verify")
def check_speed(
    entries: Annotated[list[int] | None, typer.Option(help="How long a log; may be given again.")] = None,
) -> None:
    """Show how many entries a second are checked, and the memory, for logs of different lengths."""
    table = Table(
        *(each.name.replace("_", " ") for each in fields(Checked)), "entries a second", "with its computing alone"
    )
    with tempfile.TemporaryDirectory(prefix="wk-bench-") as temporary:
        for each in check_logs(Path(temporary), entries or [20_000, 200_000]):
            rates = (f"{each.entries / seconds:,.0f}" for seconds in (each.seconds, each.cpu_seconds))
            table.add_row(
                *(f"{value:,}" if isinstance(value, int) else f"{value:.2f}" for value in astuple(each)), *rates
            )
    console.print(table)


@app.command("stages")
def show_stages(
    waiting: Annotated[int, typer.Option(help="How many cycles wait.")] = 20,
    answers: Annotated[int, typer.Option(help="How many of them are answered, one after the other.")] = 10,
) -> None:
    """Show where the time goes between an answer and the next step, and the CPU, with each worker."""
    with tempfile.TemporaryDirectory(prefix="wk-bench-") as temporary:
        folder = Path(temporary)
        with running_stack(folder / "stack", frozenset({"worker", "portal"})) as stack:
            ours, stock = (_stages(stack, folder, kind, waiting, answers) for kind in KINDS)
    _show_stages("seconds, the median of " + str(answers), _medians(ours), _medians(stock))
    _show_stages("CPU seconds per answer", ours.cpu, stock.cpu)


def _medians(found: Stages) -> dict[str, float]:
    return {name: median(values) for name, values in found.seconds.items()}


def _stages(stack: Stack, folder: Path, kind: str, waiting: int, answers: int) -> Stages:
    place = folder / f"{kind}-stages"
    place.mkdir()
    with console.status(kind) as status:
        return stages(stack, place, kind, waiting, answers, lambda words: status.update(f"{kind}: {words}"))


def _show_stages(title: str, ours: dict[str, float], stock: dict[str, float]) -> None:
    table = Table("", "wellkept", "", "process", "", title=title, title_justify="left")
    whole = max(sum(ours.values()), sum(stock.values()))
    for (name, mine), theirs in zip(ours.items(), stock.values(), strict=True):
        table.add_row(
            name, f"{mine:.2f} s", _share(mine, whole, "green"), f"{theirs:.2f} s", _share(theirs, whole, "red")
        )
    console.print(table)


def _rounded(sample: Sample) -> list[str]:
    return [f"{value:.0f}" for value in astuple(sample)]


def _one(stack: Stack, folder: Path, kind: str, waiting: int, answers: int) -> Measured:
    place = folder / f"{kind}-{waiting}"
    place.mkdir()
    with console.status(kind) as status:
        return measure(stack, place, kind, waiting, answers, lambda words: status.update(f"{kind}: {words}"))


def _show(ours: Measured, stock: Measured) -> None:
    title = f"{ours.waiting} waiting; both look every {POLL_SECONDS} s and run {AT_ONCE} at once"
    table = Table("", "wellkept", "process", "ratio", "", title=title, title_justify="left")
    for name, unit, mine, theirs in _rows(ours, stock):
        ratio = theirs / mine if mine > 0 else float("inf")
        table.add_row(name, f"{mine:.3g} {unit}", f"{theirs:.3g} {unit}", f"{ratio:.1f} x", _bar(mine, theirs, "green"))
        table.add_row("", "", "", "", _bar(theirs, mine, "red"))
    console.print(table)


def _share(value: float, whole: float, color: str) -> Bar:
    return Bar(whole, 0, value, width=30, color=color)


def _bar(value: float, other: float, color: str) -> Bar:
    return _share(max(value, 0), max(value, other), color)


def _rows(ours: Measured, stock: Measured) -> list[tuple[str, str, float, float]]:
    return [
        ("answer to next step, p50", "s", ours.p50, stock.p50),
        ("answer to next step, p95", "s", ours.p95, stock.p95),
        ("set up all", "s", ours.set_up, stock.set_up),
        ("CPU per cycle: worker, runs, relay", "s", ours.worker_cpu, stock.worker_cpu),
        ("CPU per cycle: Prefect server", "s", ours.server_cpu, stock.server_cpu),
        ("CPU per cycle: PostgreSQL", "s", ours.database_cpu, stock.database_cpu),
        ("CPU per cycle: all", "s", ours.cpu, stock.cpu),
        ("memory per waiting cycle", "MiB", ours.memory_per_waiting, stock.memory_per_waiting),
        ("idle worker", "cores", ours.idle_cores, stock.idle_cores),
    ]


if __name__ == "__main__":
    app()
