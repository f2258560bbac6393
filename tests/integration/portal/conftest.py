"""A store of its own, a clinic in it, and the portal on a loopback port."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import text
from sqlmodel import SQLModel

from deployments.postgres import OWNER, Postgres
from deployments.testing.browser import running_chromium
from deployments.testing.serving import served
from models.settings import load_settings
from models.store import URL_VARIABLE, engine_for
from notifications.testing import free_port
from portal.app import create_app
from portal.testing.grove import Grove
from portal.throttle import Throttle

GENEROUS = ("100000/minute", "100000/minute")
Serve = Callable[..., "contextmanager[str]"]


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """Start PostgreSQL in a temporary folder, once; return the URL of the store."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Postgres(Path(folder)).running() as server:
        url = server.store_url(OWNER)
        SQLModel.metadata.create_all(engine_for(url))
        yield url
        engine_for(url).dispose()


@pytest.fixture
def store(database: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a test an empty store and settings of its own."""
    monkeypatch.setenv(URL_VARIABLE, database)
    monkeypatch.setenv("WELLKEPT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    load_settings.cache_clear()
    names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    with engine_for(database).begin() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    return database


@pytest.fixture
def grove(store: str) -> Grove:
    """Return a clinic with people, a cycle and a policy review that is asked."""
    return Grove.planted()


@contextmanager
def _serving(limits: tuple[str, str] = GENEROUS) -> Iterator[str]:
    port = free_port()
    with served(create_app(f"http://127.0.0.1:{port}", Throttle(*limits)), port) as url:
        yield url


@pytest.fixture
def serving(store: str) -> Serve:
    """Return how to serve the portal with limits of one's own."""
    return _serving


@pytest.fixture
def portal(serving: Serve) -> Iterator[str]:
    """Serve the portal on a loopback port with generous limits; return its base URL."""
    with serving() as url:
        yield url


@pytest.fixture
def browser(portal: str) -> Iterator[httpx.Client]:
    """Return a client that keeps cookies and follows redirects, as a browser does."""
    with httpx.Client(base_url=portal, follow_redirects=True, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start headless Chromium, once a module."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    """Return a page in a fresh profile, for tests that run scripts of their own in it; the portal has none."""
    context = chromium.new_context(base_url=portal)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()
