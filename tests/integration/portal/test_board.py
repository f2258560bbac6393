"""The breach board and the list of people at the desk: every clock and why, changes with their reason, closed is closed."""

from datetime import date, timedelta

import httpx
import pytest

from models import clock
from models.addressees import addressees_of, note_sent
from models.audit_cases import cases_not_as_told
from models.breaches import count_breach
from models.cycles import cycle_named
from models.events import Event
from models.store import snapshot, transaction
from models.tables import Case, Cycle
from models.words import day_in_words
from portal.cookies import SIGN_IN
from portal.testing.grove import Grove
from portal.testing.pages import Page

BOARD = "/desk/case/incident/INC-0001/board"
PEOPLE = "/desk/case/incident/INC-0001/people"
WHY = "The mailbox held more messages than we thought."


def today() -> date:
    return clock.today("America/New_York")


def signed_in(browser: httpx.Client, grove: Grove, slug: str = "nadia", *, pin: bool = True) -> None:
    browser.cookies.set(SIGN_IN, grove.at_the_desk(slug, pin=pin))


@pytest.fixture
def incident(grove: Grove) -> str:
    """Take in an incident; return its cycle's key."""
    card = {
        "kind": "phishing, ransomware, or an account somebody else used",
        "happened_on": str(today() - timedelta(days=3)),
        "what": "Marisol Quintero-Vance's messages were read.",
    }
    return grove.take_in("incident", **card).cycle.key


@pytest.fixture
def counted(grove: Grove, incident: str) -> str:
    count(grove, incident, affected=480, residents="NJ=300, CT=180", determined_on=str(today()))
    return incident


def count(grove: Grove, key: str, **told: object) -> None:
    with transaction() as tx:
        count_breach(tx, cycle_named(tx.session, key), told, grove.person("nadia"), {})


def board(browser: httpx.Client) -> str:
    answer = browser.get(BOARD)
    assert answer.status_code == 200
    return answer.text


def change(browser: httpx.Client, key: str, why: str = WHY, **typed: object) -> Page:
    data = {f"f-{name}": str(value) for name, value in typed.items()}
    return Page(browser, browser.post(f"{BOARD}/{key}", data={**data, f"why-{key}": why}))


def test_before_it_is_counted_the_board_says_so(browser: httpx.Client, grove: Grove, incident: str) -> None:
    signed_in(browser, grove)
    text = board(browser)
    assert "Not counted yet" in text
    assert "45 CFR 164.404(b)" in text
    assert "Marisol" not in text


def test_the_board_says_what_runs_what_does_not_and_why(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove, pin=False)
    text = board(browser)
    assert "480 people, fewer than 500: it goes on the list of the year" in text
    assert "At most 300 of them live in one state, NJ, and the media are told of more than 500" in text
    assert "480 people, fewer than 500." in text
    assert "The police did not ask to wait" in text
    assert "<svg" in text
    assert "Your PIN opens this" in text


def test_a_count_that_grows_changes_the_clocks_and_stands_in_the_record(
    browser: httpx.Client, grove: Grove, counted: str
) -> None:
    signed_in(browser, grove)
    page = change(browser, "counts", affected=620, residents="NJ=510, CT=110", determined_on=today())
    assert page.response.status_code == 200
    text = board(browser)
    assert "620 people, and 500 or more are told with the individuals" in text
    assert "people affected: 620, was 480" in text
    assert "Media runs, due" in text
    assert "HHS, list of the year runs no more" in text
    assert "Nadia Révész: people affected" in text
    assert [entry["facts"]["told"]["affected"] for entry in grove.entries(Event.BREACH_COUNTED)] == [480, 620]


def test_a_state_the_practice_has_not_chosen_and_one_that_nobody_counts_are_told(
    browser: httpx.Client, grove: Grove, counted: str
) -> None:
    count(grove, counted, affected=490, residents="TX=10, NJ=300, CT=180")
    signed_in(browser, grove)
    text = board(browser)
    assert "10 of them live there, and clinic.yaml does not name TX among its states" in text
    assert "180 of them live there, and its rule is not counted here: look it up" in text


def test_the_same_change_twice_is_one(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    for _ in range(2):
        change(browser, "counts", affected=481, residents="NJ=300", determined_on=today())
    assert len(grove.entries(Event.BREACH_COUNTED)) == 2


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("counts", {"affected": 0, "residents": "NJ=1"}, "is 1 at least"),
        ("counts", {"affected": 9, "residents": "ZZ=1"}, "ZZ"),
        (
            "counts",
            {"affected": 9, "residents": "NJ=10"},
            "10 residents are more than the 9 affected. Correct one of the two.",
        ),
        ("hold", {"official": "Det. Rowe", "said": "x", "stated_on": "2999-01-01"}, "is after today"),
        (
            "vendor",
            {"vendor": "V", "what": "x", "discovered_on": "2026-02-02", "told_on": "2026-02-01"},
            "before they disc",
        ),
    ],
)
def test_counts_and_days_that_cannot_be_are_told_and_nothing_is_lost(
    browser: httpx.Client, grove: Grove, counted: str, key: str, typed: dict[str, object], says: str
) -> None:
    signed_in(browser, grove)
    page = change(browser, key, **{"determined_on": today(), **typed} if key == "counts" else typed)
    assert page.response.status_code == 422
    assert says in page.response.text
    assert WHY in page.response.text
    assert len(grove.entries(Event.BREACH_COUNTED)) == 1


def test_a_change_needs_its_reason(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    page = change(browser, "counts", "  ", affected=620, residents="NJ=510", determined_on=today())
    assert page.response.status_code == 422
    assert "Write why it changes, and how you know." in page.response.text


def test_a_day_of_discovery_that_proves_earlier_moves_every_clock(
    browser: httpx.Client, grove: Grove, counted: str
) -> None:
    signed_in(browser, grove)
    before, known_on = grove.row(Cycle, counted).due_on, today() - timedelta(days=2)
    change(browser, "known", known_on=known_on, who="Omar saw it on the screen of the copier.")
    assert grove.row(Cycle, counted).due_on == before - timedelta(days=2)
    assert grove.row(Case, f"{grove.clinic}/INC-0001").received_on == known_on
    text = board(browser)
    assert f"first known: {day_in_words(known_on)}, was {day_in_words(today())}" in text
    assert f"Individuals is due {day_in_words(before - timedelta(days=2))}, was {day_in_words(before)}" in text
    assert "Omar saw" not in text
    later = change(browser, "known", known_on=today(), who="It was later after all.")
    assert later.response.status_code == 422
    assert "and move to no later day" in later.response.text
    too_early = change(browser, "known", known_on=today() - timedelta(days=4), who="Before it happened.")
    assert "nobody can have known before that" in too_early.response.text
    with snapshot() as session:
        assert list(cases_not_as_told(session, grove.clinic)) == []


def test_the_police_asking_by_word_of_mouth_holds_thirty_days(
    browser: httpx.Client, grove: Grove, counted: str
) -> None:
    signed_in(browser, grove)
    change(browser, "hold", official="Det. Rowe, 555-0100", said="It would warn them.", stated_on=today())
    told = grove.row(Case, f"{grove.clinic}/INC-0001").told["breach"]
    assert told["hold_until"] == str(today() + timedelta(days=30))
    text = board(browser)
    assert "by word of mouth, which holds for 30 days" in text
    assert "Rowe" not in text, "who asked is a fact of the case"


def test_a_vendor_that_we_direct_knew_it_for_us(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    before = grove.row(Cycle, counted).due_on
    discovered_on = today() - timedelta(days=10)
    said = {"vendor": "CloudFax", "what": "A server", "discovered_on": discovered_on, "told_on": today()}
    change(browser, "vendor", **said, contract_days=5, is_agent="yes")
    assert grove.row(Cycle, counted).due_on == discovered_on + timedelta(days=60) < before
    text = board(browser)
    assert "5 days after the vendor&#39;s discovery" in text or "as the contract says" in text
    assert "5 days late" in text
    assert "we direct its work" in text


@pytest.mark.parametrize(("slug", "pin", "status"), [("omar", True, 404), ("nadia", False, 404)])
def test_only_the_offices_with_their_pin_change_anything(
    browser: httpx.Client, grove: Grove, counted: str, slug: str, pin: bool, status: int
) -> None:
    signed_in(browser, grove, slug, pin=pin)
    page = change(browser, "counts", affected=620, residents="NJ=510", determined_on=today())
    assert page.response.status_code == status
    assert len(grove.entries(Event.BREACH_COUNTED)) == 1


def test_a_closed_incident_stays_as_it_is(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    people(browser, "Ana Lee; 4 Elm St")
    grove.change(Cycle, counted, closed_at=clock.now(), outcome={"summary": "Breach of 480", "days_late": 0})
    page = change(browser, "counts", affected=620, residents="NJ=510", determined_on=today())
    assert page.response.status_code == 409
    assert "INC-0001 is closed, and stays as it is. Report what is new as an entry of its own" in page.response.text
    assert "/desk/new/incident?earlier=INC-0001" in page.response.text
    assert people(browser, "Bo Lee; 5 Elm St").response.status_code == 409
    returned = browser.post(f"{PEOPLE}/returned", data={"back-1": "yes", "returned_on": str(today())})
    assert returned.status_code == 409
    scan = {"file": ("fax.pdf", b"%PDF-1.4 x", "application/pdf")}
    attached = browser.post("/desk/case/incident/INC-0001/attach", files=scan)
    assert attached.status_code == 409
    assert "an entry of its own" in attached.text
    assert len(grove.entries(Event.BREACH_COUNTED)) == 1
    assert 'value="INC-0001"' in browser.get("/desk/new/incident?earlier=INC-0001").text


def test_evidence_of_fifty_megabytes_is_told_and_nothing_is_lost(
    browser: httpx.Client, grove: Grove, incident: str
) -> None:
    signed_in(browser, grove)
    scan = {"file": ("logs.pdf", b"%PDF-" + bytes(50_000_000), "application/pdf")}
    answer = browser.post("/desk/case/incident/INC-0001/attach", files=scan)
    assert answer.status_code == 413
    assert "larger" in answer.text
    assert browser.get("/desk/case/incident/INC-0001").status_code == 200


def people(browser: httpx.Client, text: str) -> Page:
    return Page(browser, browser.post(PEOPLE, data={"text": text}))


def listed(grove: Grove) -> dict[int, str]:
    with transaction() as tx:
        kept = addressees_of(tx, f"{grove.clinic}/INC-0001", grove.person("nadia"), "a test")
    return {number: who.name for number, who in kept.items()}


def test_people_are_brought_as_text_or_file_each_once(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    assert people(browser, "name,address,state\nAna Lee,4 Elm St,NJ\n").response.status_code == 200
    people(browser, "ANA LEE; 4  Elm St; NJ\nBo Ray; 5 Elm St; CT; 1980-02-01")
    file = {"upload": ("list.csv", b"Cy Orr,6 Elm St\n", "text/csv")}
    browser.post(PEOPLE, data={"text": ""}, files=file)
    assert listed(grove) == {1: "Ana Lee", 2: "Bo Ray", 3: "Cy Orr"}
    text = browser.get(PEOPLE).text
    assert "3 on the list of 480; 0 written to; 0 came back" in text
    assert "Ana Lee" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is nobody on the list"),
        ("Ana Lee; 4 Elm St; NJ\nBo Ray", "Line 2: the address is missing"),
        ("Ana Lee; 4 Elm St; ZZ", "Line 1: the state is wrong"),
        ("Ana Lee; 4 Elm St; NJ; yesterday", "Line 1: the date of birth is wrong"),
    ],
)
def test_a_list_that_cannot_be_read_is_told_by_line_and_nothing_is_taken(
    browser: httpx.Client, grove: Grove, counted: str, text: str, says: str
) -> None:
    signed_in(browser, grove)
    page = people(browser, text)
    assert page.response.status_code == 422
    assert says in page.response.text
    assert text in page.response.text
    assert listed(grove) == {}


def test_a_list_that_is_too_large_is_told(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    answer = browser.post(PEOPLE, data={"text": ""}, files={"upload": ("list.csv", b"a;b\n" * 500_000, "text/csv")})
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.text


def test_who_is_told_needs_the_pin(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    people(browser, "Ana Lee; 4 Elm St; NJ")
    signed_in(browser, grove, "theo", pin=False)
    text = browser.get(PEOPLE).text
    assert "Ana Lee" not in text
    assert "have proved who they are" in text


def test_what_came_back_is_ticked_and_counted(browser: httpx.Client, grove: Grove, counted: str) -> None:
    signed_in(browser, grove)
    people(browser, "\n".join(f"P {number}; {number} Elm St; NJ" for number in range(1, 21)))
    with transaction() as tx:
        note_sent(tx, f"{grove.clinic}/INC-0001", [], today(), grove.person("nadia"))
    twelve = {f"back-{number}": "yes" for number in range(1, 13)}
    wrong = browser.post(f"{PEOPLE}/returned", data={"back-1": "yes", "returned_on": ""})
    assert wrong.status_code == 422
    assert "as year-month-day" in wrong.text
    assert browser.post(f"{PEOPLE}/returned", data={"returned_on": str(today())}).status_code == 422
    for _ in range(2):
        browser.post(f"{PEOPLE}/returned", data={**twelve, "returned_on": str(today())})
    assert grove.row(Case, f"{grove.clinic}/INC-0001").told["breach"]["returned"] == 12
    text = board(browser)
    assert "12 notices came back, 10 or more: on the home page or in major media" in text
