"""Every letter and every page of the mailbox keeps WCAG 2.2 AA as far as axe-core can tell, and fits 320 px."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from deployments.testing.audit import complaints
from deployments.testing.browser import running_chromium
from deployments.testing.serving import served
from notifications.mailbox_pages import PAGES, mailbox_app
from notifications.mailfolder import MailFolder
from notifications.rendering import render
from notifications.samples import samples
from notifications.testing import free_port

pytestmark = pytest.mark.browser

LETTERS = (
    "ask, later",
    "ask, late",
    "remind, late",
    "not delivered, told only",
    "long words",
    "fresh links",
    "a digest of everything",
)
"""One of each template, and what looks different in it."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start headless Chromium, once."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Return a page in a fresh profile."""
    context = chromium.new_context()
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def folder(tmp_path: Path) -> MailFolder:
    """Return an empty folder of mails."""
    return MailFolder(tmp_path / "mails")


@pytest.fixture
def mailbox_url(folder: MailFolder) -> Iterator[str]:
    """Serve the mailbox's pages on loopback; return their address."""
    with served(mailbox_app(folder), free_port()) as url:
        yield url


def post(folder: MailFolder, name: str) -> str:
    """Put a letter into the mailbox; return its id."""
    rendered, message = render(samples()[name]), EmailMessage()
    message["From"], message["To"] = (
        "Wellkept <wellkept@maple-grove.example>",
        "Priya Raman <priya@maple-grove.example>",
    )
    message["Subject"], message["Date"] = rendered.subject, datetime(2027, 3, 15, 13, 0, tzinfo=UTC)
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    return folder.keep(message.as_bytes(), "bounces@maple-grove.example", "priya@maple-grove.example").id


def check(page: Page) -> None:
    """Look at the page that is open."""
    found = complaints(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_has_no_barrier(page: Page, name: str):
    page.set_content(render(samples()[name]).html)
    check(page)


def test_a_letters_button_is_large_enough_for_a_thumb_and_all_of_it_is_the_link(page: Page):
    page.set_content(render(samples()["ask, later"]).html)
    button, link = page.locator(".button").bounding_box(), page.locator(".button a").bounding_box()
    assert button is not None
    assert link is not None
    assert link["height"] >= 48
    assert (round(button["width"]), round(button["height"])) == (round(link["width"]), round(link["height"]))


def test_the_mailboxs_pages_have_no_barrier(page: Page, folder: MailFolder, mailbox_url: str):
    page.goto(mailbox_url)
    check(page)
    letter = post(folder, "ask, later")
    post(folder, "a digest of everything")
    page.goto(f"{mailbox_url}/?to=priya%40maple-grove.example")
    check(page)
    page.goto(f"{mailbox_url}/mails/{letter}")
    check(page)


def test_the_mailboxs_list_loads_itself_anew_only_for_those_who_asked_for_that(page: Page, mailbox_url: str):
    page.goto(mailbox_url)
    page.click("text=Look every five seconds")
    page.wait_for_selector("text=Stop that")
    assert {found.split()[3] for found in complaints(page)} == {"meta-refresh"}, "which WCAG 2.2.1 allows who asked"


def test_the_mailbox_has_no_page_besides_those():
    assert {path.name for path in PAGES.glob("*.html")} == {"base.html", "list.html", "mail.html"}


def test_every_template_of_a_letter_is_among_those():
    assert {samples()[name].letter for name in LETTERS} == {batch.letter for batch in samples().values()}
