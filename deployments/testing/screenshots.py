"""Pictures of the running demo, for the README: `python -m deployments.testing.screenshots docs/images`."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import anyio
from playwright.sync_api import Page
from rich.console import Console

from deployments.cli.demo import Demo, prepare_demo
from deployments.cli.progress import Progress
from deployments.testing.administrator import Administrator
from deployments.testing.browser import fresh_page, running_chromium
from deployments.testing.case_clinic import case_clinic
from deployments.testing.case_desk import CaseDesk
from deployments.testing.case_staff import Staff
from deployments.testing.clinic import PIN
from deployments.testing.demo_clinic import NEW_PARAGRAPH, OLD_PARAGRAPH, DemoReview
from deployments.testing.desk import Desk
from deployments.testing.incident_work import IncidentWork
from deployments.testing.stack import Stack, running_stack
from models import clock

WIDE, VERY_WIDE, HIGH = 1180, 1680, 760
PHONE = 360
SETTLE_SECONDS = 4.0
"""Prefect draws a run's timeline after everything else has come."""


@dataclass(frozen=True)
class Camera:
    """Writes pictures into a folder."""

    folder: Path

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Take one picture of what is on the screen, or of the whole page."""
        page.wait_for_load_state("networkidle")
        time.sleep(SETTLE_SECONDS)
        path = self.folder / f"{name}.png"
        page.screenshot(path=path, full_page=whole, animations="disabled")
        print(f"  {path}  {path.stat().st_size // 1000} kB")  # noqa: T201 - this is a program


def take_all(folder: Path) -> None:
    """Run the demo in a folder that is thrown away, live through a review, and take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data, running_stack(Path(data)) as stack:
        demo = prepare_demo(stack.settings, Progress(Console()))
        review = DemoReview.of(demo)
        _until(lambda: len(stack.mails.mails()) >= review.owners(), "everybody's first letter")
        written = Path(data) / "birch-hill"
        written.mkdir()
        addresses = anyio.run(case_clinic, written)
        with running_chromium() as browser, fresh_page(browser, WIDE, HIGH, scripts=False) as page:
            _people(page, Camera(folder), stack, review)
            _boards(Staff(browser, stack, addresses), Camera(folder), Path(data))
            _desk(page, Camera(folder), stack)
            with fresh_page(browser, WIDE, HIGH) as other:
                administrator = Administrator.signed_in(other, stack.settings, stack.secrets)
                _prefect_while_it_waits(administrator, Camera(folder), demo, review)
                review.live_to_the_end()
                _prefect_at_the_end(administrator, Camera(folder), review)


def _people(page: Page, camera: Camera, stack: Stack, review: DemoReview) -> None:
    """Take the mailbox, a letter, and the pages from the question to the receipt."""
    mailbox = f"http://127.0.0.1:{stack.settings.mailbox_page_port}/"
    page.goto(mailbox)
    camera.take(page, "mailbox")
    priya = Desk(page, mailbox, "Priya Raman", "priya@maple-grove.example")
    priya.open_letter("review Business Associates")
    camera.take(page, "letter")
    page.set_viewport_size({"width": PHONE, "height": 780})
    priya.press_button()
    camera.take(page, "question-on-a-phone")
    page.locator("#choice_0").check()
    page.evaluate("document.querySelector('legend h2').scrollIntoView()")
    camera.take(page, "answer-on-a-phone")
    page.set_viewport_size({"width": WIDE, "height": HIGH})
    sofia = Desk(page, mailbox, "Sofia Lindqvist, LMHC", "sofia@maple-grove.example")
    sofia.open_letter("2 things for you")
    sofia.press_button()
    page.click("text=Review Telehealth")
    text = review.text_of("telehealth").replace(OLD_PARAGRAPH, NEW_PARAGRAPH)
    sofia.fill_in("I have changed it", "We now write down the patient's address in every session.", text)
    sofia.send()
    camera.take(page, "diff")
    page.click("text=Hand in this version")
    page.wait_for_url("**/receipt")
    camera.take(page, "receipt")


def _desk(page: Page, camera: Camera, stack: Stack) -> None:
    """Take the intake, the case it opens, and what the office is asked about it."""
    mailbox = f"http://127.0.0.1:{stack.settings.mailbox_page_port}/"
    ruth = CaseDesk(page, mailbox, "Ruth Castellano", "ruth@maple-grove.example", stack.portal, PIN)
    page.set_viewport_size({"width": PHONE, "height": 780})
    ruth.sign_in()
    page.goto(f"{stack.portal}/desk/new/access")
    camera.take(page, "intake")
    received = clock.today("America/New_York") - timedelta(days=4)
    number = ruth.take_in("access", {**ASKED, "received_on": received})
    camera.take(page, "case-opened")
    ruth.open_thing(f"establish who asks in {number}")
    camera.take(page, "case-question")
    page.set_viewport_size({"width": WIDE, "height": HIGH})


def _boards(staff: Staff, camera: Camera, folder: Path) -> None:
    """Take the breach boards of two incidents: one that is not counted, and one of 620 people, half told."""
    work = IncidentWork(staff)
    staff.dana.sign_in()
    camera.take(work.board(staff.dana, work.voicemail()), "board-of-a-voicemail", whole=True)
    number = work.mailbox()
    work.grow(number)
    work.bring_list(number, folder)
    work.individuals_told(number)
    _until(lambda: "with the notice to" in work.board(staff.priya, number).content(), "HHS due with the letters")
    camera.take(work.board(staff.priya, number), "board-of-a-mailbox", whole=True)
    staff.close()


ASKED = {
    "asker": "the patient",
    "patient": "Alex Sample",
    "born_on": "1990-05-17",
    "reach": "12 Example Lane, Saratoga Springs",
    "channel": "by letter",
    "wants": "Everything of 2026",
    "kind": "copy",
}
"""What somebody who does not exist asks for."""


def _prefect_while_it_waits(administrator: Administrator, camera: Camera, demo: Demo, review: DemoReview) -> None:
    """Take the page of the waiting run, the board, and "Where this stands"."""
    review.say_no_change("business-associates", "incident-response", "access")
    run = f"/runs/flow-run/{review.cycle().flow_run_id}"
    review.until_it_sleeps()
    administrator.go(f"{run}?tab=TaskRuns")
    administrator.see("AwaitingApproval", "No change needed by Priya Raman")
    camera.take(administrator.page, "prefect-waiting")
    administrator.go(f"{run}?tab=Details")
    administrator.see("AwaitingApproval", "Waits for Dana Whitfield")
    administrator.page.get_by_text("State Message").scroll_into_view_if_needed()
    camera.take(administrator.page, "prefect-who-is-waited-for")
    administrator.open_artifact(f"{demo.clinic}-board")
    camera.take(administrator.page, "board")
    administrator.open_artifact(f"{review.slug_of_run}-where-this-stands")
    camera.take(administrator.page, "where-this-stands")


def _prefect_at_the_end(administrator: Administrator, camera: Camera, review: DemoReview) -> None:
    """Take the closing table."""
    administrator.page.set_viewport_size({"width": VERY_WIDE, "height": HIGH})
    administrator.open_artifact(f"{review.slug_of_run}-who-did-what-when")
    camera.take(administrator.page, "closing-table")
    administrator.page.set_viewport_size({"width": WIDE, "height": HIGH})
    administrator.go(f"/runs/flow-run/{review.cycle().flow_run_id}?tab=Details")
    administrator.see("Done")
    camera.take(administrator.page, "prefect-done")


def _until(true: Callable[[], bool], what: str, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.5)


if __name__ == "__main__":
    os.umask(0o022)
    take_all(Path(sys.argv[1]))
