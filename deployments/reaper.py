"""The reaper: waits for the supervisor's death and ends what its services had started in sessions of their own.

A killed supervisor takes its services with it, but not their children: a worker's flow runs would go on alone, with
no server to report to. The reaper holds one end of a pipe; when the other end closes, the supervisor is gone.
"""

import os
import subprocess
import sys
from pathlib import Path

from deployments.run_file import MARK, end_marked

_ROOT = Path(__file__).parents[1]


class Reaper:
    """The reaper of one run, as its supervisor holds it."""

    def __init__(self, mark: str) -> None:
        """Start it for the run with this mark. It carries no mark itself."""
        environment = {name: value for name, value in os.environ.items() if name != MARK}
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "deployments.reaper", mark],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """Let it go, after everything has ended in good order."""
        self._process.communicate()


def main(mark: str) -> None:
    """Wait until standard input closes, then end what carries the mark."""
    sys.stdin.buffer.read()
    end_marked(mark)


if __name__ == "__main__":
    main(sys.argv[1])
