"""What processes cost: the time they compute and the memory they hold, with all that is below them."""

from collections.abc import Iterable
from contextlib import suppress

import psutil

_MIB = 1 << 20


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU seconds of processes and of everything below them, also of what has ended and been waited for."""
    total = 0.0
    for process in _all_of(pids):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_mib(pids: Iterable[int]) -> float:
    """Return the memory of processes and everything below them, shared pages divided among those who share them."""
    total = 0.0
    for process in _all_of(pids):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss / _MIB
    return total


def _all_of(pids: Iterable[int]) -> list[psutil.Process]:
    found = [psutil.Process(pid) for pid in pids]
    return [each for process in found for each in (process, *process.children(recursive=True))]
