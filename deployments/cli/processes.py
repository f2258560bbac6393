"""What runs: the processes of the run file that are alive."""

import contextlib
import json
from pathlib import Path

from deployments.run_file import FILE_NAME, Running


def running_processes(data_dir: Path) -> list[Running]:
    """Return the services of a data folder that run now, in the order they were started."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # no file, or a broken one: nothing is known
        entries = json.loads((data_dir / FILE_NAME).read_text())["processes"]
        return [each for each in (Running(**entry) for entry in entries) if each.alive]
    return []
