"""Databases that somebody else runs: tried before anything is started on them."""

import psycopg
from sqlalchemy import make_url

from models.errors import WellkeptError
from models.settings import PREFIX, Settings
from models.store import driver_words

SECONDS = 10


class DatabaseAwayError(WellkeptError):
    """A database server that the settings name cannot be used."""

    remedy = "Nothing was started. Look at that server, and at the address in the settings, then try again."


def need_databases(settings: Settings) -> None:
    """Connect once to every database the settings name. Raises DatabaseAwayError.

    `settings` are as they were given, without the addresses of the embedded server.
    """
    if settings.database_url and not settings.prefect_database_url:
        remedy = f"Nothing was started. Set {PREFIX}PREFECT_DATABASE_URL=postgresql+asyncpg://… to a database for it."
        raise DatabaseAwayError(f"{PREFIX}DATABASE_URL is set, and Prefect has no database.", remedy=remedy)
    for name in ("database_url", "store_url", "prefect_database_url"):
        if url := getattr(settings, name):
            _try(f"{PREFIX}{name.upper()}", url)


def _try(variable: str, url: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        psycopg.connect(plain, connect_timeout=SECONDS).close()
    except psycopg.Error as error:
        raise DatabaseAwayError(f"The database of {variable} cannot be reached: {driver_words(error)}.") from error
