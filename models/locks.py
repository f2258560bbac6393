"""Advisory locks: PostgreSQL lets go of one when the process that holds it dies, however it dies."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from models.store import engine

log = logging.getLogger("wellkept.locks")
_HOLDERS = (
    "FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(:name, 0)"
)


@contextmanager
def lock_connection() -> Iterator[Connection]:
    """Open a connection to take session-level advisory locks on; closing it, or dying, lets go of them."""
    with engine().connect() as pooled:
        connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield connection
        finally:
            _unlock_all(connection)


def _unlock_all(connection: Connection) -> None:
    """Let go of every lock. A connection that died holds none, and how its user ends is not to hang on it."""
    if connection.invalidated:
        return
    try:
        connection.execute(text("SELECT pg_advisory_unlock_all()"))
    except DBAPIError as error:
        log.warning("A connection died with its locks: %s", error.orig)


def try_lock(connection: Connection, name: str) -> bool:
    """Take the advisory lock of a name on a connection, or say that another has it."""
    statement = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
    return bool(connection.execute(statement, {"name": name}).scalar())


def holds_lock(connection: Connection, name: str) -> bool:
    """Tell whether a connection still lives and has the advisory lock of a name."""
    mine = text(f"SELECT count(*) {_HOLDERS} AND pid = pg_backend_pid()")
    try:
        return bool(connection.execute(mine, {"name": name}).scalar())
    except DBAPIError:
        return False


def end_holder(name: str) -> bool:
    """End the connection that has the advisory lock of a name, so that another may take it. False when none has it."""
    with lock_connection() as connection:
        ended = connection.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {_HOLDERS}"), {"name": name})
        return bool(ended.scalar())
