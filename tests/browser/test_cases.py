"""Cases as people live them: intake, mail, PIN, page, letter; and nothing of the patient where it must not be."""

import json
import re
import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from prefect import get_client
from sqlalchemy import make_url

from deployments.postgres import OWNER, Postgres
from deployments.testing.canary import found_anywhere, in_database, in_files
from deployments.testing.case_clinic import SLUG
from deployments.testing.case_staff import Staff, closed, cycle
from deployments.testing.stack import Stack
from models import clock
from models.store import reading
from models.tables import Case, Disclosure

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


def today() -> date:
    return clock.today("America/New_York")


def sent(**more: object) -> dict[str, object]:
    return {"sent_on": today(), "sent_by": "by letter", "sent_to": "44 Larkspur Court", **more}


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


def test_an_extension_goes_out_on_day_30_and_is_refused_on_day_31(staff: Staff) -> None:
    received = today()
    other = {"patient": "Marisol Quintero", "received_on": received, "kind": "copy"}
    in_time = staff.dana.take_in("access", {**FROM_PATIENT, "received_on": received, "kind": "copy"})
    too_late = staff.dana.take_in("access", {**FROM_PATIENT, **other})
    due = received + timedelta(days=30)
    staff.rounds(due)
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
    staff.rounds(due + timedelta(days=1))
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


def test_the_record_of_the_cases_verifies(staff: Staff) -> None:
    assert "ACC-0001" in staff.wellkept("cases", "list", "--clinic", SLUG)
    staff.wellkept("cases", "rotate-key")
    staff.wellkept("audit", "verify")


def test_nothing_of_the_patient_is_in_prefect_in_logs_in_mails_or_readable_in_the_store(stack: Stack) -> None:
    data = stack.settings.data_dir
    with reading() as session:
        assert session.get(Case, f"{SLUG}/ACC-0003") is not None, "the tests above leave their cases here"
    assert found_anywhere(data, MARKS) == []
    known = ("establish who asks in ACC-0001",)
    server = Postgres(data)
    databases = [make_url(server.prefect_url()), make_url(server.store_url(OWNER))]
    assert list(in_files(data, known)) != []
    assert [list(in_database(url, known)) for url in databases] != [[], []]
