"""The desk: signing in by a code, taking in what somebody asks for, and the files of cases."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

import httpx
import pytest
from sqlmodel import col, select

from models import clock
from models.case_keys import FILE_NAME
from models.duties import access_questions as questions
from models.duties import case_questions
from models.events import Event
from models.settings import load_settings
from models.store import reading
from models.tables import Answer, Case, CaseFact, Cycle, Letter, Person, SignIn
from notifications.message import CODE
from notifications.sign_ins import CODE_TIME, MOST_CODES, WHOLE_TIME, code_of
from portal.cookies import SIGN_IN
from portal.desk.report import report_path
from portal.testing.asked import ASKED
from portal.testing.grove import PIN, Asked, Grove
from portal.testing.pages import Page, opened

SECRET = ASKED["patient"]
FORM = {f"f-{name}": value for name, value in ASKED.items()}


def newest(kind: type[SignIn | Letter]) -> SignIn | Letter:
    with reading() as session:
        moment = SignIn.made_at if kind is SignIn else Letter.written_at
        return session.exec(select(kind).order_by(col(moment).desc())).first()


def count(kind: type) -> int:
    with reading() as session:
        return len(session.exec(select(kind)).all())


def ask_for_code(browser: httpx.Client, grove: Grove, slug: str = "theo", *, seconds: float = 20) -> Page:
    address = grove.row(Person, grove.person(slug)).email
    before = count(SignIn)
    page = Page(browser, browser.post("/desk/sign-in", data={"address": address}))
    until = time.monotonic() + seconds  # the letter is written after the page is out
    while count(SignIn) == before and time.monotonic() < until:
        time.sleep(0.02)
    return page


def signed_in(browser: httpx.Client, grove: Grove, slug: str = "theo", *, pin: bool = True) -> None:
    browser.cookies.set(SIGN_IN, grove.at_the_desk(slug, pin=pin))


def intake(browser: httpx.Client, **changed: str) -> Page:
    data = {**FORM, "f-received_on": str(clock.today("America/New_York")), **changed}
    return Page(browser, browser.post("/desk/new/access", data=data))


def about_the_case(grove: Grove, slug: str = "theo") -> Asked:
    opened_case = grove.take_in()
    question = case_questions.acknowledge(opened_case.case.id, "Nadia Révész, privacy official")
    grove.enrol(slug)
    return grove.put(slug, question, cycle=opened_case.cycle.key)


def test_a_code_by_mail_opens_the_desk_in_the_browser_that_asked_for_it(grove: Grove, browser: httpx.Client):
    assert "Sign in at the desk" in browser.get("/desk").text
    page = ask_for_code(browser, grove)
    assert "is on its way there" in page.words
    row, letter = newest(SignIn), newest(Letter)
    assert (letter.id, letter.kind, CODE in letter.text_body) == (row.id, "sign_in", True)
    assert code_of(row) not in letter.text_body + letter.subject
    with httpx.Client(base_url=browser.base_url, follow_redirects=True) as other:
        assert "does not open the desk" in other.post("/desk/code", data={"code": code_of(row)}).text
    spaced = f" {code_of(row)[:4]} {code_of(row)[4:]} "
    desk = browser.post("/desk/code", data={"code": spaced, "address": letter.address})
    assert desk.url.path == "/desk"
    assert "You are signed in as Theo Park" in desk.text
    assert grove.entries(Event.SIGNED_IN)[0]["actor"] == "maple-grove/theo"


def test_an_address_that_nobody_has_is_told_the_same_and_sent_nothing(grove: Grove, browser: httpx.Client):
    known = ask_for_code(browser, grove).words
    before = count(Letter)
    unknown = Page(browser, browser.post("/desk/sign-in", data={"address": "nobody@maple-grove.example"})).words
    assert unknown.replace("nobody@", "theo@") == known
    assert count(Letter) == before


@pytest.mark.parametrize("trouble", ["wrong five times", "late"])
def test_a_code_is_good_five_times_and_ten_minutes(grove: Grove, browser: httpx.Client, trouble: str):
    ask_for_code(browser, grove)
    row = newest(SignIn)
    if trouble == "late":
        grove.change(SignIn, row.id, code_expires_at=clock.now() - timedelta(seconds=1))
    for _ in range(5 if trouble == "wrong five times" else 0):
        assert browser.post("/desk/code", data={"code": "00000000"}).status_code == 422
    assert browser.post("/desk/code", data={"code": code_of(row)}).status_code == 422
    assert browser.get("/desk").url.path == "/desk/sign-in"
    assert timedelta(minutes=10) == CODE_TIME


def test_nobody_is_sent_more_than_five_codes_an_hour(grove: Grove, browser: httpx.Client):
    for _ in range(MOST_CODES):
        ask_for_code(browser, grove)
    ask_for_code(browser, grove, seconds=1)
    assert count(SignIn) == MOST_CODES


def test_a_sign_in_ends_with_the_working_day_by_signing_out_and_when_somebody_leaves(
    grove: Grove, browser: httpx.Client
):
    signed_in(browser, grove)
    row = newest(SignIn)
    assert browser.get("/desk/register").status_code == 200
    grove.change(SignIn, row.id, expires_at=clock.now() - timedelta(seconds=1))
    assert browser.get("/desk/register").status_code == 403
    grove.change(SignIn, row.id, expires_at=clock.now() + WHOLE_TIME)
    grove.change(Person, grove.person("theo"), active=False)
    assert browser.get("/desk/register").status_code == 403
    grove.change(Person, grove.person("theo"), active=True)
    token = browser.cookies[SIGN_IN]
    browser.post("/desk/sign-out")
    browser.cookies.set(SIGN_IN, token)
    assert browser.get("/desk/register").status_code == 403


def test_an_intake_opens_a_case_whose_clock_counts_from_receipt(grove: Grove, browser: httpx.Client):
    signed_in(browser, grove, pin=False)
    assert "Somebody asks for a patient's record" in Page(browser, browser.get("/desk")).words
    received = clock.today("America/New_York") - timedelta(days=4)
    page = intake(browser, **{"f-received_on": str(received)})
    assert page.response.url.path == "/desk/opened/access/ACC-0001"
    assert "45 CFR 164.524(b)(2): 30 calendar days after receipt" in page.words
    case = grove.row(Case, "maple-grove/ACC-0001")
    assert case.received_on == received
    assert grove.row(Cycle, "maple-grove/access/ACC-0001").due_on == received + timedelta(days=30)
    assert "ACC-0001: Access request" in Page(browser, browser.get("/desk")).words
    assert SECRET not in str([grove.entries(event) for event in Event])


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("f-received_on", "2999-01-01", "that is after today"),
        ("f-received_on", "1988-04-16", "before the patient was born"),
        ("f-received_on", "yesterday", "is no day. Write it as year-month-day"),
        ("f-born_on", "2999-01-01", "Nobody was born on"),
        ("f-born_on", "1788-04-17", "more than 120 years ago"),
        ("f-asker", "a parent or guardian of a minor", "Write the name of who is asking"),
        ("f-asker", "a neighbour", "is none of the choices"),
        ("f-patient", "", "“Patient's name” is missing"),
        ("f-patient", "x" * 201, "is too long"),
        ("f-wants", "a\0b", "cannot be stored"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    grove: Grove, browser: httpx.Client, field: str, value: str, says: str
):
    signed_in(browser, grove)
    page = intake(browser, **{field: value})
    assert page.response.status_code == 422
    assert says in page.words
    assert "44 Larkspur Court" in page.text
    assert count(Case) == 0


def test_html_in_a_name_stays_text(grove: Grove, browser: httpx.Client):
    signed_in(browser, grove, "nadia")
    intake(browser, **{"f-patient": "<script>alert(1)</script>"})
    page = browser.get("/desk/case/access/ACC-0001")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script" not in page.text


def test_a_request_that_came_twice_is_one_case_and_the_first_receipt_counts(grove: Grove, browser: httpx.Client):
    signed_in(browser, grove)
    today = clock.today("America/New_York")
    intake(browser)
    again = {"f-patient": SECRET.upper(), "f-received_on": str(today - timedelta(days=3))}
    page = intake(browser, **again)
    assert "Did this come twice?" in page.words
    assert count(Case) == 1
    same = intake(browser, **again, same="ACC-0001")
    assert same.response.url.path == "/desk/opened/access/ACC-0001"
    assert grove.row(Cycle, "maple-grove/access/ACC-0001").due_on == today + timedelta(days=27)
    assert intake(browser, **again, same="another").response.url.path.endswith("ACC-0002")
    assert intake(browser, **again, same="ACC-0099").response.status_code == 422


def test_a_double_click_opens_one_case(grove: Grove, browser: httpx.Client):
    signed_in(browser, grove)
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _: intake(browser), range(4)))
    assert count(Case) == 1
    assert sorted(page.response.status_code for page in pages) == [200, 422, 422, 422]


def test_without_the_key_an_intake_says_so_and_keeps_what_was_typed(grove: Grove, browser: httpx.Client):
    grove.take_in("amendment")
    signed_in(browser, grove)
    path = load_settings().data_dir / FILE_NAME
    keys = path.read_bytes()
    path.unlink()
    page = intake(browser)
    assert page.response.status_code == 503
    assert "Cases cannot be read now" in page.words
    assert count(Case) == 1
    path.write_bytes(keys)
    path.chmod(0o600)
    assert page.send().response.url.path == "/desk/opened/access/ACC-0001"


def test_a_form_sent_after_the_sign_in_ended_comes_back_with_everything_typed(grove: Grove, browser: httpx.Client):
    page = intake(browser)
    assert page.response.status_code == 403
    assert "This page still holds what you typed" in page.words
    signed_in(browser, grove)
    assert page.send().response.url.path == "/desk/opened/access/ACC-0001"


def test_a_case_shows_its_facts_to_its_people_after_the_pin_and_every_look_is_in_the_ledger(
    grove: Grove, browser: httpx.Client
):
    grove.take_in()
    signed_in(browser, grove, "nadia", pin=False)
    page = Page(browser, browser.get("/desk/case/access/ACC-0001"))
    assert "Your PIN opens it" in page.words
    assert SECRET not in page.text
    wrong = browser.post("/desk/case/access/ACC-0001/open", data={"pin": "111111"})
    assert (wrong.status_code, "That is not your PIN" in wrong.text) == (422, True)
    assert grove.entries(Event.CASE_VIEWED) == []
    shown = browser.post("/desk/case/access/ACC-0001/open", data={"pin": PIN})
    assert SECRET in shown.text
    (look,) = grove.entries(Event.CASE_VIEWED)
    assert (look["actor"], look["facts"]["case"]) == ("maple-grove/nadia", "maple-grove/ACC-0001")


def test_five_wrong_pins_close_the_desk(grove: Grove, browser: httpx.Client):
    grove.take_in()
    signed_in(browser, grove, "nadia", pin=False)
    for _ in range(5):
        browser.post("/desk/case/access/ACC-0001/open", data={"pin": "111111"})
    assert browser.post("/desk/case/access/ACC-0001/open", data={"pin": PIN}).status_code == 403


def test_somebody_who_is_not_of_the_case_sees_where_it_stands_and_nothing_else(grove: Grove, browser: httpx.Client):
    grove.take_in()
    signed_in(browser, grove, "omar")
    page = Page(browser, browser.get("/desk/case/access/ACC-0001"))
    assert "Its facts are for the people who work on it" in page.words
    assert SECRET not in page.text
    assert browser.get("/desk/case/access/ACC-0001/letter/1").status_code == 404
    assert grove.entries(Event.CASE_VIEWED) == []


def test_whoever_took_it_in_or_was_asked_is_of_the_case_and_a_namesake_is_not(grove: Grove, browser: httpx.Client):
    asked = about_the_case(grove, "maya")
    assert asked
    grove.change(Person, grove.person("omar"), name=grove.row(Person, grove.person("maya")).name)
    for slug, sees in (("theo", True), ("maya", True), ("omar", False)):
        signed_in(browser, grove, slug)
        assert (SECRET in browser.get("/desk/case/access/ACC-0001").text) == sees, slug


@pytest.mark.parametrize("path", ["new/nothing", "case/access/ACC-0099", "case/policy-review/2027", "opened/access/X"])
def test_what_is_not_there_is_said_to_be_not_there(grove: Grove, browser: httpx.Client, path: str):
    signed_in(browser, grove)
    assert browser.get(f"/desk/{path}").status_code == 404


def test_a_link_alone_shows_nothing_of_a_case(grove: Grove, browser: httpx.Client):
    asked = about_the_case(grove)
    page = opened(browser, asked)
    assert "Your PIN opens it" in page.words
    assert SECRET not in page.text
    blind = page.send({"choice": "told", "reason_1": "They know", "name": "Theo Park"})
    assert blind.response.status_code == 403
    assert grove.answer(asked) is None
    kept = blind.send({"pin": PIN, "step": "unlock"})
    assert SECRET in kept.text
    assert kept.fields["reason_1"] == "They know"
    assert kept.fields["name"] == "Theo Park"


def test_an_answer_about_a_case_goes_to_the_case(grove: Grove, browser: httpx.Client):
    asked = about_the_case(grove)
    page = opened(browser, asked).send({"pin": PIN, "step": "unlock"})
    assert "dear Marisol".casefold() in page.text.casefold()
    said = {"choice": "sent", "name": "Theo Park", "f-sent_on_0": "2999-01-01", "f-sent_by_0": "by letter"}
    faulty = page.send(said)
    assert "“To whom, and where?” is missing" in faulty.words
    faulty = faulty.send({"f-sent_to_0": "44 Larkspur Court"})
    assert "after today" in faulty.words
    today = str(clock.today("America/New_York"))
    letter = faulty.fields["text_0"]
    printed = faulty.send({"step": "pdf"})
    assert printed.response.headers["content-type"] == "application/pdf"
    assert printed.response.content.startswith(b"%PDF")
    blank = faulty.send({"f-sent_on_0": today, "f-sent_to_0": "44 Larkspur Court", "text_0": letter + "[fill in]"})
    assert "left to be filled in" in blank.words
    done = blank.send({"text_0": letter})
    assert done.response.url.path.endswith("/receipt")
    with reading() as session:
        answer = session.get_one(Answer, asked.request_id)
    assert (answer.reason, answer.handed_in_sha256, answer.told) == ("", None, {"sent_on": today})
    signed_in(browser, grove, "nadia")
    file = browser.get("/desk/case/access/ACC-0001")
    assert "44 Larkspur Court" in file.text
    assert browser.get("/desk/case/access/ACC-0001/letter/1").content.startswith(b"%PDF")


def test_the_pin_of_a_link_shows_the_case_to_its_person_and_to_nobody_else_in_that_browser(
    grove: Grove, browser: httpx.Client
):
    asked = about_the_case(grove, "theo")
    signed_in(browser, grove, "nadia")
    assert SECRET not in opened(browser, asked).text
    wrong = opened(browser, asked).send({"pin": "111111", "step": "unlock"})
    assert wrong.response.status_code == 422
    assert SECRET not in wrong.text


def test_a_mail_scanner_that_opens_everything_learns_nothing(
    grove: Grove, serving: Callable[..., AbstractContextManager[str]]
):
    asked = about_the_case(grove)
    with serving() as url, httpx.Client(base_url=url, follow_redirects=True) as scanner:
        pages = [opened(scanner, asked), opened(scanner, asked).send({"step": "unlock", "pin": ""})]
        pages.append(opened(scanner, asked).send({"choice": "told", "reason_1": "x", "name": "Theo Park"}))
    assert all(SECRET not in page.text for page in pages)
    assert grove.answer(asked) is None


def test_safety_asks_for_the_three_grounds_alone(grove: Grove, browser: httpx.Client):
    case = grove.take_in()
    grove.enrol("maya")
    asked = grove.put("maya", questions.safety(case.case.id, "Nadia"), cycle=case.cycle.key)
    page = opened(browser, asked).send({"pin": PIN, "step": "unlock"})
    assert "endangers life or physical safety" in page.words.casefold()
    assert "inmate" not in page.words.casefold()


def attached(browser: httpx.Client, content: bytes, name: str = "request.pdf") -> Page:
    files = {"file": (name, content, "application/pdf")}
    return Page(browser, browser.post("/desk/case/access/ACC-0001/attach", files=files))


def test_a_scan_is_kept_encrypted_with_the_case_and_handed_over_as_it_was(grove: Grove, browser: httpx.Client):
    grove.take_in()
    signed_in(browser, grove, "nadia")
    scan = b"%PDF-1.7 " + SECRET.encode() * 1000
    page = attached(browser, scan, "<b>Quintero</b>.pdf")
    assert page.response.url.path == "/desk/case/access/ACC-0001"
    assert "&lt;b&gt;Quintero&lt;/b&gt;.pdf" in page.text
    got = browser.get("/desk/case/access/ACC-0001/attachment/1")
    assert (got.content, got.headers["content-type"]) == (scan, "application/pdf")
    assert got.headers["content-disposition"] == 'attachment; filename="ACC-0001-1.pdf"'
    assert browser.get("/desk/case/access/ACC-0001/attachment/2").status_code == 404
    with reading() as session:
        rows = session.exec(select(CaseFact)).all()
    assert {row.name for row in rows} == {"intake", "attachment:1", "content:1"}
    assert all(SECRET.encode() not in row.encrypted for row in rows)


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"%PDF-" + b"x" * 50_000_000, 413, "larger than 3.9 MB"),
        (b"%PDF-" + b"x" * 3_950_000, 413, "larger than 3.9 MB"),
        (b"<html>no scan</html>", 422, "That is no PDF, JPEG or PNG"),
        (b"", 422, "That is no PDF, JPEG or PNG"),
    ],
    ids=["50 MB", "a little too large", "html", "empty"],
)
def test_a_file_that_is_too_large_or_no_scan_is_told_so(
    grove: Grove, browser: httpx.Client, content: bytes, status: int, says: str
):
    grove.take_in()
    signed_in(browser, grove, "nadia")
    page = attached(browser, content)
    assert (page.response.status_code, says in page.words) == (status, True)
    assert SECRET in page.text
    assert "Choose a file first" in Page(browser, browser.post("/desk/case/access/ACC-0001/attach")).words


def test_anybody_reports_an_incident_without_a_name(grove: Grove, browser: httpx.Client):
    path, today = report_path(grove.clinic), str(clock.today("America/New_York"))
    card = {"f-kind": "a fax or a letter went to the wrong place", "f-happened_on": today, "f-received_on": today}
    blank = Page(browser, browser.post(path, data={**card, "f-what": ""}))
    assert (blank.response.status_code, "“What happened?” is missing" in blank.words) == (422, True)
    done = browser.post(path, data={**card, "f-what": f"A fax about {SECRET}"})
    assert done.url.path == f"{path}/thanks/INC-0001"
    assert SECRET not in done.text
    assert grove.row(Cycle, "maple-grove/incident/INC-0001").due_on == clock.today("America/New_York") + timedelta(
        days=60
    )
    (entry,) = grove.entries(Event.CASE_OPENED)
    assert entry["actor"] == "unnamed"
    signed_in(browser, grove, "nadia")
    assert "somebody unnamed" in browser.get("/desk/case/incident/INC-0001").text
    assert f"{browser.base_url}".rstrip("/") + path in browser.get("/desk").text
    assert browser.get("/report/guessed-by-somebody-xx").status_code == 404


def test_nobody_attaches_or_reads_a_file_without_their_pin(grove: Grove, browser: httpx.Client):
    grove.take_in()
    signed_in(browser, grove, "nadia", pin=False)
    assert attached(browser, b"%PDF-1.7").response.status_code == 404
    assert browser.get("/desk/case/access/ACC-0001/attachment/1").status_code == 404
    assert grove.entries(Event.CASE_VIEWED) == []


def test_what_was_taken_back_is_noted_at_the_desk(grove: Grove, browser: httpx.Client):
    said = {"requester": "somebody else, such as an employer or a school", "requester_name": "A school"}
    grove.take_in("third-party", **said)
    signed_in(browser, grove, "nadia")
    path = "/desk/case/third-party/TPR-0001"
    future = browser.post(f"{path}/revoked", data={"f-revoked_at": "2999-01-01T10:00"})
    assert (future.status_code, "has not come" in future.text) == (422, True)
    noted = Page(browser, browser.post(f"{path}/revoked", data={"f-revoked_at": "2026-01-02T10:00"}))
    assert "It was taken back on Friday, 2 January 2026 at 10:00 AM EST" in noted.words
    assert grove.entries(Event.PAPER_REVOKED)[0]["facts"]["revoked_at"] == "2026-01-02T10:00:00-05:00"
