"""People who answer their mail through the portal's pages, and do not give up when a server is away."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from deployments.testing.clinic import PIN
from notifications.mailfolder import Mail, MailFolder
from portal.testing.pages import Page

NEW_TEXT = "# Telehealth\n\nClose the door of room {number}.\n"
CHOICES = {"review": "changed", "approve": "approve", "attest": "attest"}
"""What everybody answers, by the first word of what is asked."""


@dataclass
class Visitors:
    """A thread in which everybody answers every link that comes, once; `acknowledged` are the receipts they saw."""

    mails: MailFolder
    names: Callable[[str], str]
    """The full name behind an address."""
    acknowledged: list[str] = field(default_factory=list)
    """The path of each receipt, with the choice made."""
    _done: set[str] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin to answer."""
        threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self._stop.set()

    def _work(self) -> None:
        while not self._stop.is_set():
            for mail in self.mails.mails():
                for link in mail.links:
                    if link not in self._done and not self._stop.is_set():
                        self._try(mail, link)
            self._stop.wait(0.2)

    def _try(self, mail: Mail, link: str) -> None:
        try:
            self._answer(mail, link)
        except httpx.HTTPError:
            self._stop.wait(0.3)  # a server is away: the same link again in a moment

    def _answer(self, mail: Mail, link: str) -> None:
        base, _, token = link.partition("/l/")
        with httpx.Client(base_url=base, follow_redirects=True, timeout=20, trust_env=False) as client:
            page = Page(client, client.get(f"/l/{token}"))
            if page.response.status_code in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}:
                self._stop.wait(1)
                return
            if not page.form.radios:
                self._done.add(link)  # a list, or answered before: an answer whose receipt was lost on the way
                return
            time.sleep(2.1)  # the page wants to be read
            self._fill_in(mail, link, page)

    def _fill_in(self, mail: Mail, link: str, page: Page) -> None:
        choice = next(value for value in page.form.radios if value in CHOICES.values())
        number = page.form.radios.index(choice)
        given = {"choice": choice, f"reason_{number}": "Because.", "name": self.names(mail.to), "step": "send"}
        given |= {f"text_{number}": NEW_TEXT.format(number=len(self._done))} if choice == "changed" else {}
        after = page.send(given | ({"pin": PIN} if "pin" in page.fields else {}))
        if "previewed" in after.fields:
            after = after.send({"step": "send"})
        if str(after.response.url).endswith("/receipt"):
            self._done.add(link)
            self.acknowledged.append(f"{after.response.url.path} {choice}")
