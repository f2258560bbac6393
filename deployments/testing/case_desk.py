"""Somebody who works on cases: signs in at the desk by the code from the mailbox, takes in, and answers about cases."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Locator

from deployments.testing.desk import DWELL_SECONDS, Desk, NoSuchLetterError

_CODE = re.compile(r"\b\d{8}\b")
_NEWEST = 8
"""Letters that are looked through for a thing."""


@dataclass(frozen=True)
class CaseDesk(Desk):
    """One person of a practice with cases, their mailbox, a browser page and their PIN."""

    portal: str
    pin: str

    def sign_in(self) -> None:
        """Sign in at the desk by the code that comes by mail."""
        self.page.goto(f"{self.portal}/desk/sign-in")
        self.page.fill("#address", self.email)
        self.page.click("main button")
        here = self.page.context.new_page()
        Desk(here, self.mailbox, self.name, self.email).open_letter("Your code for the desk")
        found = _CODE.search(here.locator("body").inner_text()) or _CODE.search(here.frames[-1].content())
        here.close()
        assert found is not None  # noqa: S101 - the letter holds a code
        self.page.fill("#code", found.group())
        self.page.click("main button")
        self.page.wait_for_url("**/desk")

    def take_in(self, duty: str, said: Mapping[str, object]) -> str:
        """Take in what somebody asks for; return the case's number."""
        self.page.goto(f"{self.portal}/desk/new/{duty}")
        self._fill(said, "")
        self.page.click("text=Open the case")
        self.page.wait_for_url("**/desk/opened/**")
        return self.page.url.rpartition("/")[2]

    def open_thing(self, about: str, seconds: float = 120) -> None:
        """Open the page of what a letter asks, by its words, and the case behind it. Raises NoSuchLetterError."""
        until = time.monotonic() + seconds
        while not self._find(about):
            if time.monotonic() > until:
                raise NoSuchLetterError(f"No letter about “{about}” to {self.email} within {seconds:g} s.")
            time.sleep(0.5)
        self.press_button()
        listed = self.page.locator(".things a").filter(has_text=about)
        if listed.count():
            listed.first.click()
        if self.page.locator("button[value=unlock]").count():
            self.page.fill("#pin", self.pin)
            self.page.click("button[value=unlock]")
        self.page.wait_for_selector("#answer")

    def fill_sheet(self, choice: str, said: Mapping[str, object], *, reason: str = "", person: str = "") -> None:
        """Choose an answer by its label and fill in what it asks for; send nothing yet."""
        radio = self.page.locator(".pick").get_by_label(choice, exact=True)
        radio.check()
        number = str(radio.get_attribute("id")).removeprefix("choice_")
        self._fill(said, f"_{number}")
        if reason:
            self.page.fill(f"#reason_{number}", reason)
        if person:
            self.page.select_option(f"#person_{number}", label=person)
        self.page.fill("#name", self.name)
        if self.page.locator("#pin").count():
            self.page.fill("#pin", self.pin)
        time.sleep(DWELL_SECONDS)

    def attach(self, name: str, content: bytes) -> None:
        """From the page of a thing go to its case's page at the desk, attach a file there, and come back."""
        back = self.page.url
        self.page.click("text=Its page at the desk")
        self.page.set_input_files("#file", {"name": name, "mimeType": "application/pdf", "buffer": content})
        self.page.click("text=Attach it")
        self.page.wait_for_selector("text=Download it")
        self.page.goto(back)

    def settle(self, about: str, choice: str, said: Mapping[str, object], *, person: str = "") -> None:
        """Open a thing, answer it, and be on the receipt."""
        self.open_thing(about)
        self.fill_sheet(choice, said, person=person)
        self.send()
        self.page.wait_for_url("**/receipt")

    def _find(self, about: str) -> bool:
        """Open the newest letter that tells of a thing still to be done; False where there is none."""
        self.page.goto(f"{self.mailbox}?to={quote(self.email)}")
        for at in range(min(self.page.locator(".subject a").count(), _NEWEST)):
            self.page.locator(".subject a").nth(at).click()
            if self.letter.locator("body").filter(has_text=re.compile(re.escape(about), re.IGNORECASE)).count():
                return True
            self.page.go_back()
        return False

    def _fill(self, said: Mapping[str, object], end: str) -> None:
        for name, value in said.items():
            field = self.page.locator(f"#f-{name}{end}")
            if isinstance(value, (list, tuple)):
                for each in value:
                    self._option(field, str(each)).check()
            elif value is True:
                field.check()
            elif field.evaluate("one => one.tagName") == "FIELDSET":
                self._option(field, str(value)).check()
            else:
                field.fill(str(value))

    def _option(self, group: Locator, words: str) -> Locator:
        return group.get_by_label(words[:1].upper() + words[1:], exact=True)
