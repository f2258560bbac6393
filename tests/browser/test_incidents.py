"""Incidents as people live them: a voicemail for the wrong patient, and a mailbox of 620 people in three states."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from prefect import get_client

from deployments.testing.canary import found_anywhere
from deployments.testing.case_clinic import SLUG
from deployments.testing.case_staff import Staff, closed, cycle
from deployments.testing.incident_work import FACTORS, IncidentWork
from deployments.testing.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(900)]

MARKS = ("Quintero", "Larkspur", "zebrawood")
"""Words of made-up patients that nothing but an incident's own pages may hold."""


@pytest.fixture(scope="module")
def work(staff: Staff) -> IncidentWork:
    return IncidentWork(staff)


def test_a_voicemail_for_the_wrong_patient_is_closed_as_a_low_probability(staff: Staff, work: IncidentWork) -> None:
    number = work.voicemail()
    main = work.board(staff.dana, number).locator("main")
    expect(main).to_contain_text("60 calendar days after discovery")
    expect(main).to_contain_text("Not counted yet")
    expect(main).not_to_contain_text("Quintero")
    staff.dana.open_thing(f"find out what {number} was")
    staff.dana.attach("her letter.pdf", b"%PDF-1.4 what she wrote")
    rests = {**FACTORS, "mitigated_from": "a file attached to the case"}
    staff.dana.fill_sheet("Here are the four factors", {**rests, "mitigated": "No harm likely"})
    staff.dana.send()
    refused = staff.dana.page.locator("#errors")
    expect(refused).to_contain_text("“No harm likely” is a conclusion. Write the fact behind it")
    staff.dana.fill_sheet("Here are the four factors", rests)
    staff.dana.send()
    staff.dana.page.wait_for_url("**/receipt")
    work.settle(f"decide on {number}", "I decide so", {}, reason="What she wrote shows it.")
    assert staff.who_has(f"confirm the decision on {number}").name == "Mara Lind", "Theo Park had a part in it"
    work.settle(f"confirm the decision on {number}", "I confirm it", {})
    out = {"went_out_on": work.today, "sent_to": "A namesake", "what": "The hour of a visit about zebrawood"}
    out["people"] = "Marisol Quintero-Vance; 1988-04-17"
    work.settle(f"write {number} into the disclosure log", "This went out", out)
    work.settle(f"learn from {number}", "Nothing more is to be done", {}, reason="Numbers are read back now.")
    assert closed("incident", number).outcome["summary"] == "No breach: low probability demonstrated"
    main = work.board(staff.dana, number).locator("main")
    expect(main).to_contain_text("Closed: No breach: low probability demonstrated")
    expect(main).to_contain_text("45 CFR 164.404(b): No breach: low probability demonstrated, since")


def test_a_mailbox_of_620_in_three_states_is_told_filed_and_closed(
    stack: Stack, staff: Staff, work: IncidentWork, tmp_path: Path
) -> None:
    number = work.mailbox()
    main = work.board(staff.priya, number).locator("main")
    expect(main).to_contain_text("480 people, fewer than 500: it goes on the list of the year")
    main = work.grow(number).locator("main")
    expect(main).to_contain_text("people affected: 620, was 480")
    expect(main).to_contain_text("620 people, and 500 or more are told with the individuals")
    listed = work.bring_list(number, tmp_path).locator("main")
    expect(listed).to_contain_text("620 on the list of 620; 0 written to; 0 came back")
    work.individuals_told(number)
    work.offices_told(number)
    work.settle(f"say what came back of {number}", "Nothing came back", {})
    nobody = "Nothing went out, or nobody can be named"
    work.settle(f"write {number} into the disclosure log", nobody, {}, reason="It was read, and nobody knows of whom.")
    work.settle(f"learn from {number}", "Nothing more is to be done", {}, reason="Two factors at every login.")
    assert closed("incident", number).outcome["summary"] == "Breach of 620: everybody told"
    main = work.board(staff.priya, number).locator("main")
    expect(main).to_contain_text("number HHS-2026-0620")
    expect(main).to_contain_text("At most 300 of them live in one state, NY")
    expect(main).to_contain_text("CT state law")
    assert cycle("incident", number).outcome["days_late"] == 0


def test_prefect_has_the_incidents_and_their_figures_as_tables(staff: Staff, work: IncidentWork) -> None:
    assert cycle("incident", "INC-0002").closed_at is not None, "the tests above leave their incidents here"
    staff.rounds(work.today)
    with get_client(sync_client=True) as prefect:
        keys = [f"{SLUG}-incidents", f"{SLUG}-incident-figures"]
        wanted = {"artifacts": {"key": {"any_": keys}}}
        tables = {each["key"]: each for each in prefect.request("POST", "/artifacts/latest/filter", json=wanted).json()}
    rows = {row["incident"]: row for row in json.loads(tables[keys[0]]["data"])}
    assert (rows["INC-0001"]["found"], rows["INC-0002"]["people"]) == ("low probability demonstrated", "620")
    (year,) = json.loads(tables[keys[1]]["data"])
    assert (year["incidents"], year["breaches"], year["people affected"], year["no breach"]) == ("2", "1", "620", "1")


def test_the_record_verifies_and_nothing_of_the_patients_is_where_it_must_not_be(stack: Stack, staff: Staff) -> None:
    assert cycle("incident", "INC-0002").closed_at is not None, "the tests above leave their incidents here"
    staff.wellkept("audit", "verify")
    assert found_anywhere(stack.settings.data_dir, MARKS) == []
