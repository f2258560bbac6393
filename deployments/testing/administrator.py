"""An administrator before Prefect's UI: signs in with the installation's login, and looks."""

import time
from dataclasses import dataclass

from playwright.sync_api import Page

from models.secret_file import Secrets
from models.settings import Settings


class NotSeenError(AssertionError):
    """What should show in Prefect's UI did not, in time."""


@dataclass(frozen=True)
class Administrator:
    """A browser page and the address of Prefect's UI, the one that opens by itself (it calls itself V2)."""

    page: Page
    url: str

    @classmethod
    def signed_in(cls, page: Page, settings: Settings, secrets: Secrets) -> "Administrator":
        """Open the UI as a bookmark would, and give it the login."""
        page.goto(f"{settings.prefect_url}/")
        page.locator("input[type=password]").fill(secrets.prefect_auth.get_secret_value())
        page.keyboard.press("Enter")
        page.wait_for_url("**/dashboard**")
        return cls(page, f"{settings.prefect_url}/v2")

    def go(self, place: str) -> None:
        """Go to a place of the UI, '/runs' for one."""
        self.page.goto(f"{self.url}{place}")

    def see(self, *words: str, seconds: float = 90) -> str:
        """Look again and again until the page shows all these words; return what it shows. Raises NotSeenError."""
        until = time.monotonic() + seconds
        while not all(word in (shown := self.shown()) for word in words):
            if time.monotonic() > until:
                raise NotSeenError(f"{words} did not show within {seconds:g} s at {self.page.url}:\n{shown}")
            self.page.reload()
        return shown

    def shown(self) -> str:
        """Return the page's words once it has come to rest."""
        self.page.wait_for_load_state("networkidle")
        return self.page.locator("main").first.inner_text()

    def open_artifact(self, key: str) -> None:
        """Open the newest version of an artifact from its address: one click."""
        self.go(f"/artifacts/key/{key}")
        self.see(key)
        self.page.locator("main a[href*='/artifacts/artifact/']").first.click()
        self.page.wait_for_url("**/artifacts/artifact/**")

    def choose(self, name: str) -> None:
        """Click a link by its name: one click."""
        self.page.get_by_role("link", name=name).first.click()
