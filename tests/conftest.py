"""What every test may ask for: a PostgreSQL for the whole run, and a fresh store in it for one test."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from deployments.postgres import OWNER, Postgres
from deployments.testing.unrecorded import every_change_recorded
from models import clock
from models import store as models_store
from models.migrate import migrate
from models.settings import load_settings

_numbers = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the year run through another worker than ours, to compare."""
    parser.addoption("--worker-type", default="wellkept", help="the worker that runs the year")


@pytest.fixture(autouse=True)
def unrecorded() -> Iterator[list[str]]:
    """Hold every test to it: whatever is changed through the store leaves a ledger entry in the same transaction."""
    with every_change_recorded() as found:
        yield found
    assert found == []


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Run the embedded PostgreSQL with a migrated store that fresh ones are copied from."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    with Postgres(folder).running() as server:
        migrate(server.store_url(OWNER))
        yield server


@pytest.fixture
def store(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Make an empty store for one test and return its URL as the owner; the code uses the application's role."""
    monkeypatch.setenv("WELLKEPT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    load_settings.cache_clear()
    name = f"store_{next(_numbers)}"
    with psycopg.connect(f"host={postgres.socket_folder} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE wellkept OWNER wellkept_owner")
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO wellkept_app")
    url = make_url(postgres.store_url()).set(database=name)
    monkeypatch.setenv(models_store.URL_VARIABLE, url.render_as_string(hide_password=False))
    yield url.set(username=OWNER).render_as_string(hide_password=False)
    models_store.engine().dispose()
    load_settings.cache_clear()
    clock.stand(clock.timedelta(0))
