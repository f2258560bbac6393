"""Cases as people live them: intake, mail, PIN, page, letter; and nothing of the patient where it must not be."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import anyio
import psycopg
import pytest
from playwright.sync_api import Browser, expect
from prefect import get_client
from psycopg import sql
from sqlalchemy import URL, make_url

from deployments.postgres import OWNER, Postgres
from deployments.testing.browser import fresh_page, running_chromium
from deployments.testing.case_clinic import NAMES, SLUG, case_clinic
from deployments.testing.case_desk import CaseDesk
from deployments.testing.clinic import PIN
from deployments.testing.stack import Stack
from models import clock
from models.cycles import cycle_named
from models.store import reading
from models.tables import Case, Cycle, Disclosure

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(900)]

MARKS = ("Quintero", "Larkspur", "zebrawood", "Lowell & Stone", "1988-04-17", "17 April 1988")
"""Words of the made-up patient that nothing but a case's own pages may hold."""
PATIENT = {"patient": "Marisol Quintero-Vance", "born_on": "1988-04-17"}
FROM_PATIENT = {
    "asker": "the patient",
    **PATIENT,
    "reach": "44 Larkspur Court",
    "channel": "by letter",
    "wants": "Everything about zebrawood",
}
FROM_ATTORNEY = {
    **PATIENT,
    "requester_name": "Lowell & Stone LLP",
    "reach": "1 Court Square",
    "channel": "by fax",
    "wants": "Everything about zebrawood",
}
KNOWN = {"proof": "photo ID", "scope": "Everything about zebrawood", "form": "paper"}
CANNOT = "Answer that it cannot be given: not held, or not theirs to ask for"
NARROW = 360


@pytest.fixture(scope="module")
def addresses(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Plant the practice, before Playwright takes this thread's event loop."""
    return anyio.run(case_clinic, tmp_path_factory.mktemp("birch"))


@pytest.fixture(scope="module")
def chromium(addresses: dict[str, str]) -> Iterator[Browser]:
    """Start Chromium once the practice stands."""
    with running_chromium() as browser:
        yield browser


class Staff:
    """The people of the practice, each in a browser of their own, as wide as a phone."""

    def __init__(self, browser: Browser, stack: Stack, addresses: dict[str, str]) -> None:
        """Open their browsers."""
        self._open = [fresh_page(browser, NARROW, 800, scripts=False) for _ in NAMES]
        mailbox = f"http://127.0.0.1:{stack.settings.mailbox_page_port}/"
        pages = [each.__enter__() for each in self._open]
        desks = {
            slug: CaseDesk(page, mailbox, NAMES[slug], addresses[slug], stack.portal, PIN)
            for slug, page in zip(NAMES, pages, strict=True)
        }
        self.dana, self.priya, self.theo = desks["dana"], desks["priya"], desks["theo"]

    def close(self) -> None:
        """Close their browsers."""
        for each in self._open:
            each.__exit__(None, None, None)


@pytest.fixture(scope="module")
def staff(chromium: Browser, stack: Stack, addresses: dict[str, str]) -> Iterator[Staff]:
    everybody = Staff(chromium, stack, addresses)
    everybody.dana.sign_in()
    yield everybody
    everybody.close()


def today() -> date:
    return clock.today("America/New_York")


def sent(**more: object) -> dict[str, object]:
    return {"sent_on": today(), "sent_by": "by letter", "sent_to": "44 Larkspur Court", **more}


def cycle(duty: str, number: str) -> Cycle:
    with reading() as session:
        return cycle_named(session, f"{SLUG}/{duty}/{number}")


def wellkept(stack: Stack, *arguments: str) -> str:
    """Call a command of ours on the running stack; return what it says."""
    command = [str(Path(sys.executable).with_name("wellkept")), "--data-dir", str(stack.settings.data_dir), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rounds(stack: Stack, day: date) -> None:
    """Let the rounds of a day come, as the demo's own command does."""
    wellkept(stack, "rounds", "--clinic", SLUG, "--as-of", str(day))


def closed(duty: str, number: str, seconds: float = 60) -> Cycle:
    """Wait, bounded, until a case is closed."""
    until = time.monotonic() + seconds
    while cycle(duty, number).closed_at is None and time.monotonic() < until:
        time.sleep(0.5)
    return cycle(duty, number)


def test_a_patients_request_goes_from_intake_to_release(staff: Staff) -> None:
    number = staff.dana.take_in("access", {**FROM_PATIENT, "received_on": today(), "kind": "copy"})
    expect(staff.dana.page.locator("main")).to_contain_text("45 CFR 164.524(b)(2): 30 calendar days after receipt")
    staff.dana.settle(f"acknowledge {number}", "It went out", sent())
    staff.dana.settle(f"establish who asks in {number}", "We know who it is and what is wanted", KNOWN)
    gathered = {"where": "Chart and bills about zebrawood", "notes": "there are none", "copying": "4.50"}
    staff.dana.settle(f"gather the records of {number}", "Everything is gathered", gathered, person="Theo Park")
    staff.dana.open_thing(f"tell the fee of {number}")
    expect(staff.dana.page.locator("textarea[name^=text_]")).to_have_value(re.compile(r"\*\*\$4\.50\*\*"))
    staff.dana.fill_sheet("It went out", sent())
    staff.dana.send()
    staff.theo.settle(f"review {number} for safety", "This is my finding", {"licence": "LMHC 1234"})
    staff.priya.settle(f"decide on {number}", "Give all of it", {})
    staff.dana.open_thing(f"send the answer of {number}")
    staff.dana.fill_sheet("It was given, with this letter", sent(what="12 pages about zebrawood"))
    letter = staff.dana.page.locator("textarea[name^=text_]")
    expect(letter).to_have_value(re.compile(r"Dear Marisol Quintero-Vance,.*The fee is \*\*\$4\.50\*\*", re.DOTALL))
    staff.dana.send()
    staff.dana.page.wait_for_url("**/receipt")
    assert closed("access", number).outcome["summary"] == "Given"
    with reading() as session:
        line = session.get_one(Disclosure, (f"{SLUG}/{number}", "answer"))
    assert (line.disclosed_on, line.accountable) == (today(), False)
    staff.priya.page.goto(f"{staff.priya.portal}/desk/case/access/{number}")
    expect(staff.priya.page.locator("main")).to_contain_text("12 pages about zebrawood")
    staff.priya.page.goto(f"{staff.priya.portal}/desk/register")
    expect(staff.priya.page.locator("main")).to_contain_text("after 0 days: Given.")


def test_an_attorneys_defective_authorization_is_answered_point_by_point(staff: Staff) -> None:
    asked = {"requester": "an attorney, with the patient's authorization", "received_on": today()}
    number = staff.dana.take_in("third-party", {**FROM_ATTORNEY, **asked})
    read = {"description": "All", "discloser": "Birch Hill", "recipient": "Lowell & Stone LLP", "purpose": "a claim"}
    read |= {"signed_by": "Marisol Quintero-Vance", "signed_on": today(), "conditioning": True, "redisclosure": True}
    read |= {"plain_language": True, "anything_else": True}
    staff.dana.settle(f"read what {number} rests on", "An authorization of the patient's", read)
    staff.priya.open_thing(f"decide on {number}")
    staff.priya.fill_sheet("Release it", {"minimum": "All of it"})
    staff.priya.send()
    refused = staff.priya.page.locator("#errors")
    expect(refused).to_contain_text("falls short of 45 CFR 164.508(c)(2)(i)")
    expect(refused).to_contain_text("falls short of 45 CFR 164.508(c)(1)(v)")
    staff.priya.fill_sheet(CANNOT, {"basis": "The authorization lacks two elements."}, reason="Defective")
    staff.priya.send()
    staff.priya.page.wait_for_url("**/receipt")
    staff.dana.open_thing(f"send the answer of {number}")
    staff.dana.fill_sheet("It went out", sent(sent_to="Lowell & Stone LLP"))
    letter = staff.dana.page.locator("textarea[name^=text_]")
    expect(letter).to_have_value(re.compile(r"It does not say that and how it can be revoked\."))
    expect(letter).to_have_value(re.compile(r"It has no expiry date or event\."))
    staff.dana.send()
    staff.dana.page.wait_for_url("**/receipt")
    assert closed("third-party", number).outcome["summary"] == "Refused"


def test_a_subpoena_alone_opens_no_record_of_a_substance_use_program(staff: Staff) -> None:
    asked = {"requester": "a subpoena, a court or an agency", "received_on": today()}
    number = staff.dana.take_in("third-party", {**FROM_ATTORNEY, **asked, "answer_by": today() + timedelta(days=12)})
    assert cycle("third-party", number).due_on == today() + timedelta(days=12)
    read = {"issuer": "attorney or party", "notice_given": True, "objections_over": True, "part_2": True}
    staff.dana.settle(f"read what {number} rests on", "A subpoena, discovery request or order", read)
    staff.priya.open_thing(f"decide on {number}")
    staff.priya.fill_sheet("Release it", {"minimum": "All of it", "consent_attached": True})
    staff.priya.send()
    expect(staff.priya.page.locator("#errors")).to_contain_text("falls short of 42 CFR 2.61")
    staff.priya.fill_sheet(CANNOT, {"basis": "A subpoena alone is not enough."}, reason="Part 2")
    staff.priya.send()
    staff.priya.page.wait_for_url("**/receipt")
    staff.dana.open_thing(f"send the answer of {number}")
    staff.dana.fill_sheet("It went out", sent(sent_to="Lowell & Stone LLP"))
    letter = staff.dana.page.locator("textarea[name^=text_]")
    expect(letter).to_have_value(re.compile("we neither confirm nor deny that anybody is or was a patient here"))
    staff.dana.send()
    staff.dana.page.wait_for_url("**/receipt")
    assert closed("third-party", number).outcome["summary"] == "Refused"
    with reading() as session:
        assert session.get(Disclosure, (f"{SLUG}/{number}", "answer")) is None


def test_an_extension_goes_out_on_day_30_and_is_refused_on_day_31(stack: Stack, staff: Staff) -> None:
    received = today()
    other = {"patient": "Marisol Quintero", "received_on": received, "kind": "copy"}
    in_time = staff.dana.take_in("access", {**FROM_PATIENT, "received_on": received, "kind": "copy"})
    too_late = staff.dana.take_in("access", {**FROM_PATIENT, **other})
    due = received + timedelta(days=30)
    rounds(stack, due)
    promised = {"because": "The zebrawood records lie with a vendor", "promised_on": due + timedelta(days=21)}
    staff.priya.settle(f"decide on an extension of {in_time}", "Take the one extension", promised)
    staff.dana.open_thing(f"send the extension of {in_time}")
    staff.dana.fill_sheet("It went out", sent())
    letter = staff.dana.page.locator("textarea[name^=text_]")
    expect(letter).to_have_value(re.compile("The zebrawood records lie with a vendor"))
    staff.dana.send()
    staff.dana.page.wait_for_url("**/receipt")
    until = time.monotonic() + 60
    while cycle("access", in_time).due_on == due and time.monotonic() < until:
        time.sleep(0.5)
    assert cycle("access", in_time).due_on == due + timedelta(days=21)
    rounds(stack, due + timedelta(days=1))
    staff.priya.open_thing(f"decide on an extension of {too_late}")
    staff.priya.fill_sheet("Take the one extension", promised)
    staff.priya.send()
    expect(staff.priya.page.locator("#errors")).to_contain_text("that is too late")
    assert cycle("access", too_late).due_on == due
    staff.priya.open_thing(f"put right that {too_late} was late (INC-0001)")
    expect(staff.priya.page.locator("dl.facts").first).to_contain_text("45 CFR 160.410(c)")
    with reading() as session:
        assert session.get(Case, f"{SLUG}/INC-0002") is None


def test_prefect_shows_the_register_and_each_case_in_plain_words(staff: Staff) -> None:
    assert staff.dana.name == "Dana Kim", "the tests above leave their cases here"
    with get_client(sync_client=True) as prefect:
        wanted = {"artifacts": {"key": {"any_": [f"{SLUG}-register"]}}}
        (artifact,) = prefect.request("POST", "/artifacts/latest/filter", json=wanted).json()
        runs = prefect.request("POST", "/flow_runs/filter", json={}).json()
    rows = {row["case"]: row for row in json.loads(artifact["data"])}
    assert (rows["ACC-0001"]["outcome"], rows["ACC-0001"]["days taken"]) == ("Given", "0")
    assert (rows["TPR-0001"]["outcome"], rows["ACC-0002"]["extended"]) == ("Refused", "yes")
    messages = {run["name"]: run["state"]["message"] for run in runs}
    assert messages[f"{SLUG} access ACC-0001"].startswith("Given.")
    assert "Waits for" in messages[f"{SLUG} access ACC-0003"]


def test_the_record_of_the_cases_verifies(stack: Stack) -> None:
    assert "ACC-0001" in wellkept(stack, "cases", "list", "--clinic", SLUG)
    wellkept(stack, "cases", "rotate-key")
    wellkept(stack, "audit", "verify")


def test_nothing_of_the_patient_is_in_prefect_in_logs_in_mails_or_readable_in_the_store(stack: Stack) -> None:
    data = stack.settings.data_dir
    with reading() as session:
        assert session.get(Case, f"{SLUG}/ACC-0003") is not None, "the tests above leave their cases here"
    server = Postgres(data)
    databases = [make_url(server.prefect_url()), make_url(server.store_url(OWNER))]
    found = [*_in_files(data), *(each for url in databases for each in _in_database(url))]
    assert found == []
    known = ("establish who asks in ACC-0001",)
    assert list(_in_files(data, known)) != []
    assert [list(_in_database(url, known)) for url in databases] != [[], []]


def _in_files(folder: Path, marks: tuple[str, ...] = MARKS) -> Iterator[str]:
    """Yield the files below a folder, databases' own among them, that hold a mark in any of the ways it is written."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield from (f"{mark} in {path.relative_to(folder)}" for mark in marks if _holds(content, mark))


def _holds(content: bytes, mark: str) -> bool:
    ways = (mark.encode(), quote(mark).encode(), mark.encode("utf-16-le"), mark.replace("&", "&amp;").encode())
    return any(way.lower() in content.lower() for way in ways)


def _in_database(url: URL, marks: tuple[str, ...] = MARKS) -> Iterator[str]:
    """Yield the tables of a database that hold a mark."""
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(tables) > 10
        for (table,) in tables:
            for (row,) in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))):
                yield from (f"{mark} in {url.database}.{table}" for mark in marks if _holds(row.encode(), mark))
