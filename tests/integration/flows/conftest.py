"""One stack for each module of these tests, without the processes whose work the tests do themselves, step by step."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.testing.practice import without_prefect
from deployments.testing.stack import Stack, running_stack
from models.settings import load_settings


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    without = frozenset({"worker", "relay", "portal"})
    with running_stack(tmp_path_factory.mktemp("stack"), without, stalled_after_seconds=1) as running:
        yield running


@pytest.fixture
def offline(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a test's cycle look with only the store beside it."""
    assert store
    monkeypatch.setenv("WELLKEPT_DATA_DIR", str(tmp_path / "data"))
    load_settings.cache_clear()
    with without_prefect():
        yield
    load_settings.cache_clear()
