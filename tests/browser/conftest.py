"""The whole stack with its own worker, three small clinics in it, and Chromium."""

import os
from collections.abc import Iterator

import anyio
import pytest
from playwright.sync_api import Browser

from deployments.testing.administrator import Administrator
from deployments.testing.browser import NoChromiumError, find_chromium, fresh_page, running_chromium
from deployments.testing.case_clinic import case_clinic
from deployments.testing.case_staff import Staff
from deployments.testing.clinic import SmallClinic, small_clinic
from deployments.testing.stack import Stack, running_stack

CLINICS = ("elm-street", "oak-street", "ash-street")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run everything; skip before that where there is no Chromium to look with."""
    if find_chromium() is None and not os.environ.get("CI"):
        pytest.skip(f"No Chromium here. To get it: {NoChromiumError.remedy}")
    with running_stack(tmp_path_factory.mktemp("stack"), portal_per_minute=100_000) as running:
        yield running


@pytest.fixture(scope="module")
def clinics(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, SmallClinic]:
    """Begin the policy review of every clinic, before Playwright takes this thread's event loop."""

    async def begin() -> dict[str, SmallClinic]:
        return {slug: await small_clinic(slug, tmp_path_factory.mktemp(slug)) for slug in CLINICS}

    return anyio.run(begin)


@pytest.fixture(scope="module")
def chromium(clinics: dict[str, SmallClinic]) -> Iterator[Browser]:
    """Start Chromium once everything has begun."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def administrator(chromium: Browser, stack: Stack) -> Iterator[Administrator]:
    """Return an administrator who has just signed in."""
    with fresh_page(chromium, 1280, 900) as page:
        yield Administrator.signed_in(page, stack.settings, stack.secrets)


@pytest.fixture(scope="module")
def addresses(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Plant the practice with cases, before Playwright takes this thread's event loop; return its people's addresses."""
    return anyio.run(case_clinic, tmp_path_factory.mktemp("birch"))


@pytest.fixture(scope="module")
def staff(stack: Stack, addresses: dict[str, str]) -> Iterator[Staff]:
    """Start Chromium once the practice stands, and sign in the office manager."""
    with running_chromium() as browser:
        everybody = Staff(browser, stack, addresses)
        everybody.dana.sign_in()
        yield everybody
        everybody.close()
