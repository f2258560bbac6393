"""A waiting cycle costs nothing: no process, no lock, and no question asked for its sake."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import anyio
import psycopg
import pytest
from prefect import get_client
from sqlalchemy import make_url

from deployments.testing.clinic import SmallClinic, small_clinic
from deployments.testing.stack import Stack, running_stack
from deployments.testing.worker import work_once

SECONDS = 11
"""Long enough for two looks of the relay."""
MORE = 7
"""Cycles that wait besides the first."""
STATEMENT = re.compile(r"wellkept LOG:  (?:execute \S+|statement): (?!DEALLOCATE ALL)(.*)")
"""PostgreSQL's own housekeeping is no statement and does not count, nor does the driver's with its prepared ones."""
EACH_TIME = "SELECT offset_seconds FROM demo_clock"
"""What every read and every transaction begins with."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("asleep"), frozenset({"worker", "portal"})) as running:
        log_every_statement(running)
        yield running


def log_every_statement(stack: Stack) -> None:
    """Let PostgreSQL write down each statement it is asked, with the database's name before it."""
    socket = make_url(str(stack.settings.store_url)).query["host"]
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_line_prefix = '%d '")
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")


async def put_to_sleep(slugs: list[str], tmp_path: Path) -> list[SmallClinic]:
    """Begin cycles and run them until they wait; the real relay starts them, and copies what Prefect has of them."""
    clinics = [await small_clinic(slug, tmp_path / slug) for slug in slugs]
    async with get_client() as client:
        while any(clinic.cycle().wake_wanted_at or clinic.cycle().history_wanted_at for clinic in clinics):
            await work_once(client)
            await anyio.sleep(0.1)
    return clinics


def asked_in_a_while(stack: Stack) -> Counter[str]:
    """Return how often each statement is put to the store while nobody does anything."""
    time.sleep(6)  # the letters of the last cycle are on their way
    log = stack.settings.data_dir / "logs" / "postgres.log"
    start = log.stat().st_size
    time.sleep(SECONDS)
    lines = log.read_bytes()[start:].decode().splitlines()
    return Counter(found[1] for line in lines if (found := STATEMENT.match(line)))


def test_a_waiting_cycle_asks_the_store_nothing(stack: Stack, tmp_path: Path) -> None:
    anyio.run(put_to_sleep, ["alone"], tmp_path)
    with_one = asked_in_a_while(stack)
    anyio.run(put_to_sleep, [f"elm-{number}" for number in range(MORE)], tmp_path)
    with_eight = asked_in_a_while(stack)
    assert 4 <= with_one[EACH_TIME] <= 24, "the relay looks, and nobody else does"
    assert set(with_eight) == set(with_one), "no question of another kind"
    more = {words: with_eight[words] - count for words, count in with_one.items()}
    assert max(more.values()) < MORE, f"asked once a cycle, or oftener: {more}"  # one look more may fall into a while
