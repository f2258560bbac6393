"""The first moment of a child process: it ties its life to its parent's, then becomes the real program.

Run by path with `python -I -S`, so it must import nothing of ours. A hook between fork and exec would do the same
without this file, but Python code there may deadlock when the parent has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to(parent: int, signal_number: int) -> None:
    """Have the kernel send this process a signal when its parent dies, on Linux; end now if that has happened."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


def main(arguments: list[str]) -> None:
    """Take the parent's process id, the signal and the command line, and become that command."""
    parent, signal_number, *command = arguments
    signal.signal(
        signal.SIGINT, signal.SIG_DFL
    )  # a shell in the background ignores it, and Prefect's worker ends by it
    tie_to(int(parent), int(signal_number))
    os.execvp(command[0], command)  # noqa: S606 - becoming another program is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
