"""Flows with which a worker is tried: good ones, and each kind of bad one."""

import atexit
import ctypes
import os
import signal
import time
from pathlib import Path
from threading import Thread
from typing import Any

from prefect import flow, get_client, get_run_logger, task
from prefect.client.schemas.objects import State
from prefect.flow_runs import asuspend_flow_run
from prefect.states import Completed

from deployments.worker.tokens import Token, use

_COUNT = 0
WORTHLESS = "nobody-has-this-name"
_HOOK_FILE = "WELLKEPT_TEST_HOOK_FILE"


@flow
async def counts() -> State[Any]:
    """Count how often this module's memory was used, and say in which process, folder and environment it ran."""
    global _COUNT  # noqa: PLW0603 - what one run leaves behind, the next must not see
    _COUNT += 1
    get_run_logger().info("counted %s", _COUNT)
    adds(1)
    folder = Path.cwd().name
    return Completed(message=f"{_COUNT} {os.getpid()} {os.environ.get('COLOUR')} {folder}")


@task
def adds(number: int) -> int:
    """Be a step, so that there is a task run."""
    return number + 1


@flow
async def sleeps(seconds: float) -> None:
    """Sleep where Prefect can interrupt."""
    get_run_logger().info("asleep in %s", os.getpid())
    time.sleep(seconds)  # noqa: ASYNC251 - like work that blocks


def _note_hook(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ANN401, ARG001 - Prefect's own
    Path(os.environ[_HOOK_FILE]).write_text("the hook was run", encoding="utf-8")


@flow(on_cancellation=[_note_hook])
def is_cancelled(seconds: float) -> None:
    """Sleep until cancelled, with a hook."""
    time.sleep(seconds)


@flow
async def lingers(seconds: float) -> None:
    """Go to sleep once, with a process that takes its time to end."""
    atexit.register(time.sleep, seconds)
    await asuspend_flow_run(key="once", timeout=None)


@flow
async def goes_on(seconds: float) -> None:
    """Do one step after the other, so that a suspension has somewhere to stop it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        adds(1)
        time.sleep(0.2)  # noqa: ASYNC251 - like work that blocks


@flow
async def leaves_something_for_the_end(folder: str) -> None:
    """Have something done at Python's end, and by a thread that outlives the flow."""
    atexit.register(Path(folder, "at the end").write_text, "done", encoding="utf-8")
    Thread(target=_write_late, args=(Path(folder, "by a thread"),)).start()


def _write_late(path: Path) -> None:
    time.sleep(1)
    path.write_text("done", encoding="utf-8")


@flow
async def says_whose_token_it_uses(expires: str = "") -> State[Any]:
    """Change something in Prefect twice, where it says so beginning with a token that is worth nothing."""
    if expires:
        use(Token(WORTHLESS, "worthless", expires))
    async with get_client() as line:
        names = []
        for _ in range(2):
            await line.create_flow_from_name("says-whose-token-it-uses")
            names.append(str(line._client.csrf_client_id))  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else says it
    return Completed(message=" ".join(names))


@flow
async def raises() -> None:
    """Fail by itself."""
    raise ValueError("the eighth day of the week")


@flow(timeout_seconds=1)
def takes_too_long() -> None:
    """Be ended by Prefect's own time-out."""
    time.sleep(30)


@flow
def exits(code: int) -> None:
    """Leave without a word to Prefect."""
    os._exit(code)


@flow
def crashes_the_interpreter() -> None:
    """Read where nothing is."""
    ctypes.string_at(0)


@flow
def ignores_sigterm() -> None:
    """Be deaf to a polite end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


@flow
def fills_the_disk() -> None:
    """Write where there is no room, as Linux lets one try."""
    Path("/dev/full").write_text("a page", encoding="utf-8")


@flow
def eats_memory() -> None:
    """Take a gibibyte, page by page."""
    held = [bytearray(1 << 24) for _ in range(64)]
    del held
