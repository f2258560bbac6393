"""The people of the practice with cases, each in a browser as wide as a phone, without JavaScript."""

import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser
from sqlmodel import col, select

from deployments.testing.browser import fresh_page
from deployments.testing.case_clinic import NAMES, SLUG
from deployments.testing.case_desk import CaseDesk
from deployments.testing.clinic import PIN
from deployments.testing.stack import Stack
from models.cycles import cycle_named
from models.store import reading
from models.tables import Cycle, Request, RequestState

NARROW = 360


class Staff:
    """The people of the practice, by their first names."""

    def __init__(self, browser: Browser, stack: Stack, addresses: dict[str, str]) -> None:
        """Open their browsers."""
        self._stack, self._open = stack, ExitStack()
        mailbox = f"http://127.0.0.1:{stack.settings.mailbox_page_port}/"
        self.desks = {
            slug: CaseDesk(
                self._open.enter_context(fresh_page(browser, NARROW, 800, scripts=False)),
                mailbox,
                NAMES[slug],
                addresses[slug],
                stack.portal,
                PIN,
            )
            for slug in NAMES
        }
        self.dana, self.priya, self.theo = (self.desks[slug] for slug in ("dana", "priya", "theo"))

    def close(self) -> None:
        """Close their browsers."""
        self._open.close()

    def who_has(self, title: str, seconds: float = 60) -> CaseDesk:
        """Return whoever holds the open request whose title has these words. Raises TimeoutError."""
        until = time.monotonic() + seconds
        wanted = select(Request).where(col(Request.title).contains(title), Request.state == RequestState.OPEN)
        while time.monotonic() < until:
            with reading() as session:
                found = session.exec(wanted).first()
            if found is not None:
                return self.desks[found.holder_id.partition("/")[2]]
            time.sleep(0.25)
        raise TimeoutError(title)

    def rounds(self, day: date) -> None:
        """Let the rounds of a day come, as the demo's own command does."""
        self.wellkept("rounds", "--clinic", SLUG, "--as-of", str(day))

    def wellkept(self, *arguments: str) -> str:
        """Call a command of ours on the running stack; return what it says. Raises RuntimeError where it fails."""
        data = ["--data-dir", str(self._stack.settings.data_dir)]
        command = [str(Path(sys.executable).with_name("wellkept")), *data, *arguments]
        done = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, text=True, timeout=400, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout


def cycle(duty: str, number: str) -> Cycle:
    """Return the cycle of a case."""
    with reading() as session:
        return cycle_named(session, f"{SLUG}/{duty}/{number}")


def closed(duty: str, number: str, seconds: float = 60) -> Cycle:
    """Wait, bounded, until a case is closed; return its cycle."""
    until = time.monotonic() + seconds
    while cycle(duty, number).closed_at is None and time.monotonic() < until:
        time.sleep(0.5)
    return cycle(duty, number)
