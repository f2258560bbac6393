"""A visitor: somebody with a browser who comes to the portal's pages the way people do."""

from dataclasses import dataclass

from playwright.sync_api import Page

from portal.testing.grove import Asked, Grove


@dataclass(frozen=True)
class Visitor:
    """One person at one browser page."""

    grove: Grove
    page: Page
    base: str
    """Address of the portal, without a slash at its end."""

    def open(self, asked: Asked) -> None:
        """Open the link in a letter."""
        self.page.goto(f"{self.base}/l/{asked.token}")

    def send(self, at: int, name: str, **fields: str) -> None:
        """Choose an answer by its number, fill in fields by their ids, and send."""
        self.page.check(f"#choice_{at}")
        for field, value in {"name": name, **fields}.items():
            self.page.fill(f"#{field}", value)
        self.page.click("button[value=send]")

    def answer(self, asked: Asked) -> None:
        """Answer Maya's review with the first choice, and be on the receipt."""
        self.open(asked)
        self.send(0, "Maya Ortiz", reason_0="Nothing in the law or our work changed.")
        self.page.wait_for_url("**/receipt")
