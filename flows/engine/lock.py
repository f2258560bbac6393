"""One process works on a cycle at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from prefect.exceptions import Abort
from sqlalchemy import Connection

from models.cycles import lock_name
from models.errors import WellkeptError
from models.locks import holds_lock, lock_connection, try_lock

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.2


class CycleBusyError(WellkeptError):
    """Another process has worked on this cycle for a minute."""

    remedy = "Nothing is lost: the next rounds take it up."


@dataclass(frozen=True)
class Lock:
    """A cycle's advisory lock, as this process took it."""

    connection: Connection
    name: str

    def need(self) -> None:
        """Raise Prefect's Abort, which leaves the run's state alone, if this process was cut off."""
        if not holds_lock(self.connection, self.name):
            raise Abort("This process seemed to hang and was cut off; another works on the cycle")


@asynccontextmanager
async def only_process(cycle_key: str) -> AsyncIterator[Lock]:
    """Hold the cycle's advisory lock; PostgreSQL lets go of it when the process dies, however it dies."""
    with lock_connection() as connection:
        lock = Lock(connection, lock_name(cycle_key))
        tries = int(PATIENCE_SECONDS / PAUSE_SECONDS)
        while not try_lock(connection, lock.name):
            tries -= 1
            if tries < 0:
                raise CycleBusyError
            await anyio.sleep(PAUSE_SECONDS)
        yield lock
