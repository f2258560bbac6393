"""What runs: the processes of the run file that are alive."""

import contextlib
import json
from pathlib import Path

import psutil

from deployments.run_file import FILE_NAME, Running

_SLACK_SECONDS = 2
"""As in the run file: time synchronisation moves the times that psutil tells."""


def running_processes(data_dir: Path) -> list[Running]:
    """Return the services of a data folder that run now, in the order they were started."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # no file, or a broken one: nothing is known
        entries = json.loads((data_dir / FILE_NAME).read_text())["processes"]
        return [each for each in (Running(**entry) for entry in entries) if _is_alive(each)]
    return []


def _is_alive(entry: Running) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # gone, or another user's by now
        process = psutil.Process(entry.pid)
        same = abs(process.create_time() - entry.created) < _SLACK_SECONDS
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    return False
