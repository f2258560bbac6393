"""Headless Chromium for tests and pictures: found on this machine, quiet, and without a sandbox of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from models.errors import WellkeptError

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 20
"""How long one click or one look may take on a busy machine."""


class NoChromiumError(WellkeptError):
    """There is no Chromium on this machine."""

    remedy = "apt-get install chromium fonts-dejavu-core"


def find_chromium() -> str | None:
    """Return the path of Chromium, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start headless Chromium and end it. Raises NoChromiumError.

    Playwright keeps an event loop in the thread that starts it: run nothing of asyncio there until it is over.
    """
    found = find_chromium()
    if found is None:
        raise NoChromiumError
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh_page(browser: Browser, width: int, height: int, *, scripts: bool = True) -> Iterator[Page]:
    """Open a page in a profile of its own, so many pixels wide and high."""
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    try:
        yield context.new_page()
    finally:
        context.close()
