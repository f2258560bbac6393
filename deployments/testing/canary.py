"""Canaries: looking for words of a made-up patient where nothing of any patient may be."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from deployments.postgres import OWNER, Postgres

FEWEST_TABLES = 10
"""A database with fewer is not the one that was meant."""


def found_anywhere(data_dir: Path, marks: tuple[str, ...]) -> list[str]:
    """Return where below a data folder, in both databases row by row, or in any file, a mark is written."""
    server = Postgres(data_dir)
    databases = [make_url(server.prefect_url()), make_url(server.store_url(OWNER))]
    return [*in_files(data_dir, marks), *(each for url in databases for each in in_database(url, marks))]


def in_files(folder: Path, marks: tuple[str, ...]) -> Iterator[str]:
    """Yield the files below a folder, databases' own among them, that hold a mark in any of the ways it is written."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield from (f"{mark} in {path.relative_to(folder)}" for mark in marks if _holds(content, mark))


def in_database(url: URL, marks: tuple[str, ...]) -> Iterator[str]:
    """Yield the tables of a database that hold a mark. Raises LookupError for one that is not ours."""
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        if len(tables) < FEWEST_TABLES:
            raise LookupError(url.database)
        for (table,) in tables:
            for (row,) in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))):
                yield from (f"{mark} in {url.database}.{table}" for mark in marks if _holds(row.encode(), mark))


def _holds(content: bytes, mark: str) -> bool:
    ways = (mark.encode(), quote(mark).encode(), mark.encode("utf-16-le"), mark.replace("&", "&amp;").encode())
    return any(way.lower() in content.lower() for way in ways)
