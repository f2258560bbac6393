"""One process works on a cycle at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from models.cycles import lock_name
from models.errors import WellkeptError
from models.store import lock_connection, try_lock

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.2


class CycleBusyError(WellkeptError):
    """Another process has worked on this cycle for a minute."""

    remedy = "Nothing is lost: the next rounds take it up."


@asynccontextmanager
async def only_process(cycle_key: str) -> AsyncIterator[None]:
    """Hold the cycle's advisory lock; PostgreSQL lets go of it when the process dies, however it dies."""
    with lock_connection() as connection:
        tries = int(PATIENCE_SECONDS / PAUSE_SECONDS)
        while not try_lock(connection, lock_name(cycle_key)):
            tries -= 1
            if tries < 0:
                raise CycleBusyError
            await anyio.sleep(PAUSE_SECONDS)
        yield
