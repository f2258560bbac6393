"""A person at their desk: finds a letter in the mailbox, presses its button, answers on the page behind it."""

import time
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import FrameLocator, Page

DWELL_SECONDS = 2.2
"""The portal takes no answer to a page that was on the screen for less than two seconds."""


class NoSuchLetterError(AssertionError):
    """The letter did not come in time."""


@dataclass(frozen=True)
class Desk:
    """One person, their mailbox, and a browser page, with or without JavaScript."""

    page: Page
    mailbox: str
    """Address of the mailbox page, with a slash at its end."""
    name: str
    email: str

    def open_letter(self, about: str, seconds: float = 120) -> None:
        """Open the newest letter whose subject line has these words; wait for it. Raises NoSuchLetterError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.page.goto(f"{self.mailbox}?to={quote(self.email)}")
            found = self.page.locator(".subject a").filter(has_text=about)
            if found.count():
                found.first.click()
                return
            time.sleep(0.5)
        raise NoSuchLetterError(f"No letter about “{about}” to {self.email} within {seconds:g} s.")

    @property
    def letter(self) -> FrameLocator:
        """Return the open letter as its reader sees it."""
        return self.page.frame_locator("iframe")

    def press_button(self) -> None:
        """Press the letter's button and be on the page behind it."""
        self.letter.locator(".button a").click()
        self.page.wait_for_url("**/a/**")

    def fill_in(self, choice: str, reason: str = "", text: str = "", pin: str = "") -> None:
        """Choose an answer by its label and fill in what it asks for; send nothing yet."""
        radio = self.page.get_by_label(choice, exact=True)
        radio.check()
        number = str(radio.get_attribute("id")).removeprefix("choice_")
        fields = {f"#text_{number}": text, f"#reason_{number}": reason, "#name": self.name, "#pin": pin}
        for field, value in fields.items():
            if value:
                self.page.fill(field, value)
        time.sleep(DWELL_SECONDS)

    def send(self) -> None:
        """Send the form as it stands."""
        self.page.click("button[value=send]")

    def answer(self, about: str, choice: str, reason: str = "", text: str = "", pin: str = "") -> None:
        """Do all of it, up to the receipt."""
        self.open_letter(about)
        self.press_button()
        self.fill_in(choice, reason, text, pin)
        self.send()
        if text:
            self.page.click("text=Hand in this version")
        self.page.wait_for_url("**/receipt")
