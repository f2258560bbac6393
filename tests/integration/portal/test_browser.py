"""The pages in a browser: by keyboard only, at 360 px, and pictures of every page where a folder is named."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from models import clock
from models.tables import Cycle, Link, Request, RequestState, Tier
from portal.testing.grove import APPROVAL, CHANGED, PIN, POLICY, Asked, Grove, long_ago

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("WELLKEPT_SHOTS")
"""Folder for pictures of every page; none are taken without it."""
NARROW, WIDE = 360, 1000


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    """Return a narrow page without JavaScript of its own, in a fresh profile."""
    context = chromium.new_context(
        base_url=portal, viewport={"width": NARROW, "height": 740}, java_script_enabled=False
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def look(page: Page, name: str) -> None:
    """Check that a page fits 360 px, and take its picture narrow, wide and dark where a folder is named."""
    page.set_viewport_size({"width": NARROW, "height": 740})
    width = page.locator("html").bounding_box()
    assert width is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, name
    for target in page.locator("button, input:not([type=hidden]):not([tabindex='-1']), select, textarea").all():
        box = target.bounding_box()
        small = target.get_attribute("type") in ("radio", "checkbox")
        assert box is None or small or box["height"] >= 44, name
    if SHOTS:
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}-{NARROW}.png", full_page=True)
        page.set_viewport_size({"width": WIDE, "height": 800})
        page.screenshot(path=folder / f"{name}-{WIDE}.png", full_page=True)
        page.set_viewport_size({"width": NARROW, "height": 740})


def press_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(most):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {selector}")


def test_a_review_is_answered_by_keyboard_alone(grove: Grove, page: Page):
    asked = grove.ask()
    page.goto(f"/l/{asked.token}")
    look(page, "answer")
    press_to(page, "#choice_0")
    page.keyboard.press("Space")
    press_to(page, "#reason_0")
    page.keyboard.type("Nothing in the law or our work changed.")
    press_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#errors")
    look(page, "answer-errors")
    assert page.evaluate("document.activeElement.id") == "errors"
    press_to(page, "#errors a")
    page.keyboard.press("Enter")
    press_to(page, "#name", most=1)
    page.keyboard.type("maya ortiz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")
    look(page, "receipt")
    answer = grove.answer(asked)
    assert answer is not None
    assert answer.reason == "Nothing in the law or our work changed."
    page.goto(f"/l/{asked.token}")
    look(page, "answered")


def test_a_changed_text_and_its_approval_fit_a_phone(grove: Grove, page: Page):
    letter = grove.letter("omar")
    grove.on_leave("maya", 9)
    asked = grove.ask("maya", days=-6, letter=letter)
    grove.ask("omar", letter=letter, verb="review the Telehealth policy")
    page.goto(f"/l/{asked.token}")
    look(page, "answer-late-cover")
    page.check("#choice_1")
    look(page, "answer-changed-chosen")
    page.fill("#text_1", CHANGED)
    page.fill("#reason_1", "Call 555-123-4567.")
    page.fill("#name", "Omar Haddad")
    page.click("button[value=send]")
    page.wait_for_selector("#no_patient")
    look(page, "answer-identifier")
    page.check("#no_patient")
    page.click("button[value=send]")
    page.wait_for_selector("text=Nothing is recorded yet")
    look(page, "preview")
    page.click("text=Hand in this version")
    page.wait_for_url("**/receipt")
    look(page, "receipt-more")
    page.goto(f"/a/{letter}")
    look(page, "list")
    grove.enrol("nadia")
    approval = grove.ask("nadia", choices=APPROVAL, tier=Tier.ATTEST, text=CHANGED, compare=POLICY, author="maya")
    page.goto(f"/l/{approval.token}")
    look(page, "approval")
    page.check("#choice_0")
    page.fill("#name", "Nadia Révész")
    page.fill("#pin", "000000")
    page.click("button[value=send]")
    page.wait_for_selector("#pin-error")
    look(page, "approval-wrong-pin")
    page.fill("#pin", PIN)
    page.click("button[value=send]")
    page.wait_for_url("**/receipt")


def _change(grove: Grove, asked: Asked, name: str) -> None:
    now = clock.now()
    closed = {"state": RequestState.EXCEPTED, "closed_at": now, "closed_because": "Maya left the practice."}
    changes = {
        "gone": (Link, asked.link_id, {"expires_at": long_ago()}),
        "superseded": (Link, asked.link_id, {"superseded_at": now}),
        "locked": (Link, asked.link_id, {"locked_at": now}),
        "closed": (Request, asked.request_id, closed),
        "cycle-closed": (Cycle, grove.cycle, {"closed_at": now}),
        "not-yet": (Request, asked.request_id, {"not_before": now + timedelta(hours=24)}),
    }
    table, key, values = changes[name]
    grove.change(table, key, **values)


@pytest.mark.parametrize("name", ["gone", "superseded", "locked", "closed", "cycle-closed", "not-yet"])
def test_each_honest_page_fits_a_phone(grove: Grove, page: Page, name: str):
    asked = grove.ask()
    _change(grove, asked, name)
    page.goto(f"/l/{asked.token}")
    look(page, name)


def test_the_plain_pages_fit_a_phone(grove: Grove, page: Page):
    own = grove.ask("nadia", choices=APPROVAL, author="nadia")
    link = grove.link(own.request_id, "nadia", grove.letter("nadia"))
    page.goto(f"/l/{link.token}")
    look(page, "own-work")
    page.goto("/")
    look(page, "front")
    page.goto("/nothing")
    look(page, "not-found")
    page.goto(grove.ask().page)
    look(page, "no-cookie")
    page.goto("/l/half")
    page.click("button")
    look(page, "fresh")
    nopin = grove.ask("nadia", choices=APPROVAL, tier=Tier.ATTEST)
    page.goto(f"/l/{nopin.token}")
    look(page, "approval-no-pin")


def test_a_browser_that_uploads_twenty_megabytes_reads_why_not(grove: Grove, page: Page, tmp_path: Path):
    big = tmp_path / "big.md"
    big.write_bytes(b"x" * 20_000_000)
    asked = grove.ask()
    page.goto(f"/l/{asked.token}")
    page.check("#choice_1")
    page.fill("#name", "Maya Ortiz")
    page.set_input_files("#upload_1", big)
    page.click("button[value=send]")
    page.wait_for_selector("text=larger than 1 MB")
    look(page, "too-large")
    assert page.input_value("#name") == "Maya Ortiz"
