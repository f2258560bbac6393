"""The nursery: when a warm process makes place for a new one, and what becomes of the runs it has begun."""

import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import anyio
import psutil
import pytest

from deployments.worker.nursery import Nursery
from deployments.worker.orders import Order
from deployments.worker.warm_process import Limits

log = logging.getLogger("nursery")
NOBODY = "http://127.0.0.1:1/api"


def order(folder: Path) -> Order:
    """Return the order for a run that ends at once: there is no Prefect."""
    return Order(
        str(uuid4()), {**os.environ, "PREFECT_API_URL": NOBODY, "PREFECT_CLIENT_MAX_RETRIES": "0"}, str(folder)
    )


@asynccontextmanager
async def nursery(**limits: float) -> AsyncIterator[Nursery]:
    async with aclosing(Nursery(log, Limits(**limits))) as opened:
        yield opened


def gone(pid: int) -> bool:
    """Wait, but not for long, until a process has ended."""
    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not psutil.pid_exists(pid)


def killed(pid: int) -> None:
    """Kill a process, and give the event loop no turn to hear of it."""
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)


async def warm_after_each(made: Nursery, folder: Path, runs: int, between: Callable[[], object] = int) -> list[int]:
    """Fork so many runs one after the other and return the warm process each came from."""
    warm = []
    for _ in range(runs):
        child = await made.fork(order(folder))
        warm.append(made.pids[-1])
        await child.wait()
        assert child.returncode == 1
        between()
    return warm


def test_a_warm_process_makes_place_after_so_many_runs(tmp_path: Path):
    async def body() -> None:
        async with nursery(runs=2) as made:
            first, second, third = await warm_after_each(made, tmp_path, 3)
            assert (first == second, second == third) == (True, False)
            assert await anyio.to_thread.run_sync(gone, first)
        assert not psutil.pid_exists(third)

    anyio.run(body)


def test_a_warm_process_that_has_grown_makes_place(tmp_path: Path):
    async def body() -> None:
        async with nursery(growth=0.5) as made:
            first, second = await warm_after_each(made, tmp_path, 2)
            assert first != second

    anyio.run(body)


@pytest.mark.parametrize("name", ["a_module.py", "requirements.lock"])
def test_changed_code_or_a_changed_lock_file_makes_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    module, lock = tmp_path / "a_module.py", tmp_path / "requirements.lock"
    module.write_text("HELD = True\n")
    lock.write_text("prefect==3.8.8\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def body() -> None:
        async with nursery() as made:
            made.hold({"a_module"})
            before = await warm_after_each(made, tmp_path, 2)
            os.utime(tmp_path / name)
            after = await warm_after_each(made, tmp_path, 2)
            assert [len(set(before)), len(set(after)), len({*before, *after})] == [1, 1, 2]

    anyio.run(body)


def test_a_warm_process_that_was_killed_is_replaced_at_the_next_run(tmp_path: Path):
    async def body() -> None:
        async with nursery() as made:
            first, second = await warm_after_each(made, tmp_path, 2, lambda: killed(made.pids[-1]))
            assert first != second

    anyio.run(body)


def test_who_stops_waiting_for_a_warm_process_does_not_stop_it_from_telling_the_others(tmp_path: Path):
    async def body() -> None:
        async with nursery() as made:
            child = await made.fork(order(tmp_path))
            with anyio.move_on_after(0.01):
                await made.aclose()
            with anyio.fail_after(15):
                await child.wait()

    anyio.run(body)
