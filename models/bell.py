"""Bells: PostgreSQL's NOTIFY, by which one process hears at once that another has committed something for it."""

from collections.abc import AsyncIterator
from enum import StrEnum

import psycopg
from sqlalchemy import make_url


class Bell(StrEnum):
    """Whom a bell calls."""

    RELAY = "wellkept"
    """There is a letter to deliver or a cycle to wake."""
    WORKER = "wellkept_runs"
    """Prefect has a run to be worked on."""


async def rings(url: str, bell: Bell) -> AsyncIterator[None]:
    """Yield once for the beginning, and then whenever the bell rings.

    Raises psycopg.OperationalError when the store goes away.
    """
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute(f"LISTEN {bell}")
        yield
        async for _ in connection.notifies():
            yield
