"""The whole review as people live it: mail, button, page, answer, and what Prefect shows an administrator meanwhile."""

import time
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import make_url

from deployments.testing.administrator import Administrator
from deployments.testing.browser import fresh_page
from deployments.testing.clinic import PIN, SmallClinic
from deployments.testing.desk import DWELL_SECONDS, Desk
from deployments.testing.stack import Stack
from models.tables import RequestState

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(600)]

NEW_TEXT = "# Telehealth\n\nClose the door and the window.\n"
NARROW = 360


def desk_of(page: Page, stack: Stack, clinic: SmallClinic, name: str) -> Desk:
    mailbox = f"http://127.0.0.1:{stack.settings.mailbox_page_port}/"
    return Desk(page, mailbox, name, f"{name.split(maxsplit=1)[0].lower()}@{clinic.slug}.example")


def until(true: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Wait, bounded, until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.5)


def asleep(clinic: SmallClinic) -> None:
    """Wait until a clinic's cycle has asked somebody, and has looked at everything it was woken for."""
    until(lambda: bool(clinic.requests()) and clinic.link(clinic.requests()[0]) is not None, "a letter was written")
    until(lambda: clinic.cycle().wake_wanted_at is None, "the cycle sleeps")


def run_page(clinic: SmallClinic, tab: str) -> str:
    return f"/runs/flow-run/{clinic.cycle().flow_run_id}?tab={tab}"


def test_a_changed_policy_goes_from_the_mailbox_to_the_closing_table(
    stack: Stack, clinics: dict[str, SmallClinic], chromium: Browser, administrator: Administrator
):
    clinic = clinics["elm-street"]
    asleep(clinic)
    administrator.go(run_page(clinic, "Details"))
    administrator.see("AwaitingApproval", "Waits for Ana Ruiz: review Telehealth, until")
    with fresh_page(chromium, 1000, 800, scripts=False) as page:
        ana, ben = (desk_of(page, stack, clinic, name) for name in ("Ana Ruiz", "Ben Cole"))
        ana.open_letter("review Telehealth")
        ana.press_button()
        ana.fill_in("I have changed it", "The window was open.", NEW_TEXT)
        ana.send()
        expect(page.locator("main")).to_contain_text("Nothing is recorded yet.")
        expect(page.locator(".diff")).to_contain_text("Close the door and the window.")
        assert clinic.requests()[0].state == RequestState.OPEN
        page.click("text=Hand in this version")
        page.wait_for_url("**/receipt")
        expect(page.locator("main")).to_contain_text("Thank you. It is recorded.")
        administrator.see("AwaitingApproval", "Waits for Ben Cole: approve the new version of Telehealth, until")
        ben.answer("approve the new version of Telehealth", "Approve", pin=PIN)
        administrator.see("AwaitingApproval", "Waits for Ana Ruiz (1) and Ben Cole (1): 2 answers, the first by")
        for desk in (ana, ben):
            desk.answer("attest to Telehealth", "I have read it and will follow it")
    administrator.see("Done", "1 policy: 1 changed; 2 attestations.")
    tasks_and_table(clinic, administrator)


def tasks_and_table(clinic: SmallClinic, administrator: Administrator) -> None:
    """Look at the task runs' names and at the closing table."""
    administrator.go(run_page(clinic, "TaskRuns"))
    administrator.see(
        "Ask Ana Ruiz: review Telehealth", "Approved by Ben Cole: Telehealth", "Publish Telehealth, version 3"
    )
    administrator.open_artifact(f"{clinic.slug}-policy-review-2026-who-did-what-when")
    shown = administrator.see("Approved", "Attested")
    assert shown.count("Ben Cole") >= 2


def press_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(most):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {selector}")


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, page.url


def test_no_change_needed_is_said_on_a_phone_by_keyboard_alone(
    stack: Stack, clinics: dict[str, SmallClinic], chromium: Browser, administrator: Administrator
):
    clinic = clinics["oak-street"]
    with fresh_page(chromium, NARROW, 740, scripts=False) as page:
        desk = desk_of(page, stack, clinic, "Ana Ruiz")
        desk.open_letter("review Telehealth")
        fits(page)
        press_to(page, "iframe")
        page.keyboard.press("Enter")  # the first thing to reach in the letter is its button
        page.wait_for_url("**/a/**")
        fits(page)
        press_to(page, "#choice_0")
        page.keyboard.press("Space")
        press_to(page, "#reason_0")
        page.keyboard.type("Nothing in the law or our work changed.")
        press_to(page, "#name")
        page.keyboard.type("Ana Ruiz")
        time.sleep(DWELL_SECONDS)
        press_to(page, "button[value=send]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/receipt")
        fits(page)
    administrator.go(run_page(clinic, "Details"))
    administrator.see("Done", "1 policy: 1 unchanged; 0 attestations.")


AGE = """
UPDATE flow_run SET created = created - interval '100 days', start_time = start_time - interval '100 days',
  expected_start_time = expected_start_time - interval '100 days' WHERE id = %s
"""


def began_100_days_ago(stack: Stack, clinic: SmallClinic) -> None:
    url = make_url(str(stack.settings.prefect_database_url)).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute(AGE, (clinic.cycle().flow_run_id,))


def test_an_administrator_finds_a_cycle_that_has_waited_for_three_months_in_two_clicks(
    stack: Stack, clinics: dict[str, SmallClinic], administrator: Administrator
):
    clinic = clinics["ash-street"]
    asleep(clinic)
    began_100_days_ago(stack, clinic)
    name = f"{clinic.slug} policy-review 2026"
    administrator.choose("Runs")
    assert name not in administrator.see("Past week")  # this list is not the way
    administrator.choose("Flows")
    administrator.choose("policy-review")
    assert "AwaitingApproval" in administrator.see(name)
    administrator.choose(name)
    administrator.see("AwaitingApproval", "Wait")


def test_two_clicks_from_the_boards_address_lead_to_the_cycle_and_who_is_waited_for(
    stack: Stack, clinics: dict[str, SmallClinic], administrator: Administrator
):
    clinic = clinics["ash-street"]
    asleep(clinic)
    administrator.open_artifact(f"{clinic.slug}-board")
    administrator.see("What waits at Elm Street Therapy", "Ana Ruiz: review Telehealth")
    administrator.choose("Annual policy review 2026")
    administrator.see(f"{clinic.slug} policy-review 2026", "AwaitingApproval")
    assert administrator.page.url.startswith(f"{administrator.url}/runs/flow-run/")
