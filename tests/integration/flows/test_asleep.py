"""A waiting cycle costs nothing: no process, no lock, and no question asked for its sake."""

import time
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


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("asleep"), frozenset({"worker", "portal"})) as running:
        yield running


async def put_to_sleep(slugs: list[str], tmp_path: Path) -> list[SmallClinic]:
    """Begin cycles and run them until they wait; the real relay starts them."""
    clinics = [await small_clinic(slug, tmp_path / slug) for slug in slugs]
    async with get_client() as client:
        while any(clinic.cycle().wake_wanted_at for clinic in clinics):
            await work_once(client)
            await anyio.sleep(0.1)
    return clinics


def transactions(stack: Stack) -> int:
    """Return how many transactions the store has seen."""
    socket = make_url(str(stack.settings.store_url)).query["host"]
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        row = connection.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = 'wellkept'").fetchone()
    assert row is not None
    return int(row[0])


def in_a_while(stack: Stack) -> int:
    """Return how many transactions happen while nobody does anything."""
    time.sleep(3)  # what came before is counted late
    counts = []
    for _ in range(2):  # PostgreSQL's own housekeeping is counted too: the quieter of two whiles is ours
        before = transactions(stack)
        time.sleep(SECONDS)
        counts.append(transactions(stack) - before)
    return min(counts)


def test_eight_waiting_cycles_ask_the_store_no_more_than_one(stack: Stack, tmp_path: Path):
    anyio.run(put_to_sleep, ["alone"], tmp_path)
    with_one = in_a_while(stack)
    anyio.run(put_to_sleep, [f"elm-{number}" for number in range(MORE)], tmp_path)
    with_eight = in_a_while(stack)
    assert with_one > 0
    assert with_eight < with_one + 2 * MORE, (with_one, with_eight)  # one question a cycle and look would be more
