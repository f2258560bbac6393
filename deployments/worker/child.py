"""A child of the warm process: becomes what `python -m prefect.engine` would have been."""

import atexit
import ctypes
import os
import resource
import runpy
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from prefect.client.schemas.objects import FlowRun

from deployments.child import tie_to
from deployments.worker.known import remember
from deployments.worker.orders import Order
from deployments.worker.taken import begin_with
from deployments.worker.tokens import use

ENGINE = "prefect.engine"
_FIRST_TO_GO = "1000"
_PR_SET_NAME = 15


def be(order: Order, parent: int) -> NoReturn:
    """Take on the order's environment, folder and limits, run Prefect's engine, and end as it ends."""
    tie_to(parent, signal.SIGKILL)
    _be_called(process_name(order.flow_run_id))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    changed = {name for name, _ in os.environ.items() ^ order.environment.items()}
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    sys.path[0] = order.folder  # as `python -m` does
    sys.argv = [ENGINE, order.flow_run_id]
    _limit_memory(order.memory_bytes)
    if not order.shows_output:
        _be_silent()
    if any(name.startswith("PREFECT_") and not name.startswith("PREFECT__") for name in changed):
        _read_settings_again()
    remember(order.known)
    if order.taken:
        begin_with(FlowRun.model_validate_json(order.taken))
    if order.token:
        use(order.token)
    sys.modules.pop(ENGINE, None)  # it is run as a program, not as the module that was held
    try:
        runpy.run_module(ENGINE, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            raise  # Python prints it
        _leave(end.code or 0)
    _leave(0)


def _leave(status: int) -> NoReturn:
    """End as Python does, but without taking its modules apart.

    That writes to every page that is shared with the warm process, so the kernel copies them all, only to be given
    back: it was two fifths of what a short run computes. `multiprocessing` leaves its forks in the same way.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way to it
    atexit._run_exitfuncs()  # noqa: SLF001 - the same
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def process_name(flow_run_id: str) -> str:
    """Return what `ps` and `top` call the process of a flow run, in the fifteen characters Linux has for it."""
    return f"run {flow_run_id[-10:]}"


def _be_called(name: str) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def _limit_memory(limit: int | None) -> None:
    """Let this process be the one the kernel ends when memory runs out, and hold it to its limit."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _be_silent() -> None:
    with Path(os.devnull).open("w") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere.fileno(), stream.fileno())


def _read_settings_again() -> None:
    """Let Prefect see the variables of this run: it read those of the warm process when it was imported."""
    from prefect.context import refresh_global_settings_context  # noqa: PLC0415 - only where it is needed
    from prefect.logging.configuration import setup_logging  # noqa: PLC0415

    refresh_global_settings_context()
    setup_logging()
