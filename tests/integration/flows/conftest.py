"""One stack for each module of these tests, without the processes whose work the tests do themselves, step by step."""

from collections.abc import Iterator

import pytest

from deployments.testing.stack import Stack, running_stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    without = frozenset({"worker", "relay", "portal"})
    with running_stack(tmp_path_factory.mktemp("stack"), without, stalled_after_seconds=1) as running:
        yield running
