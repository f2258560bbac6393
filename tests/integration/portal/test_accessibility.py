"""Every page the portal can show keeps WCAG 2.2 AA as far as axe-core can tell, fits 320 px, and obeys the keyboard."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route

from deployments.testing.audit import complaints
from models import clock
from models.addressees import add_addressees, note_sent
from models.breaches import count_breach
from models.case_keys import FILE_NAME
from models.cases import shred
from models.cycles import cycle_named
from models.duties import case_questions
from models.settings import load_settings
from models.sheets.addressee import read_list
from models.store import URL_VARIABLE, engine_for, transaction
from models.tables import Cycle, Link, Request, RequestState, Tier
from portal.cookies import SIGN_IN
from portal.desk.report import report_path
from portal.testing.asked import ASKED
from portal.testing.grove import APPROVAL, ATTESTATION, CHANGED, POLICY, Grove
from portal.testing.visitor import Visitor

pytestmark = pytest.mark.browser

REASON = "Nothing in the law or our work changed."
TOO_MUCH = 70
"""Megabytes: more than any form may have."""


def _front(visitor: Visitor) -> None:
    visitor.page.goto("/")


def _not_found(visitor: Visitor) -> None:
    visitor.page.goto("/nothing")


def _wrong_method(visitor: Visitor) -> None:
    visitor.page.set_content(f'<form method="post" action="{visitor.base}/"><button>Send</button></form>')
    visitor.page.click("button")


def _gone(visitor: Visitor) -> None:
    visitor.page.goto("/l/half")


def _fresh(visitor: Visitor) -> None:
    _gone(visitor)
    visitor.page.click("button")


def _no_cookie(visitor: Visitor) -> None:
    visitor.page.goto(visitor.grove.ask().page)


def _changed(table: str, **values: Any) -> Callable[[Visitor], None]:  # noqa: ANN401 - columns
    def come(visitor: Visitor) -> None:
        asked = visitor.grove.ask()
        rows = {"link": (Link, asked.link_id), "request": (Request, asked.request_id), "cycle": (Cycle, "")}
        kind, key = rows[table]
        visitor.grove.change(kind, key or visitor.grove.cycle, **{name: value() for name, value in values.items()})
        visitor.open(asked)

    return come


def _own_work(visitor: Visitor) -> None:
    own = visitor.grove.ask("nadia", choices=APPROVAL, author="nadia")
    visitor.open(visitor.grove.link(own.request_id, "nadia", visitor.grove.letter("nadia")))


def _personal(visitor: Visitor) -> None:
    asked = visitor.grove.put("maya", ATTESTATION)
    visitor.open(visitor.grove.link(asked.request_id, "omar", visitor.grove.letter("omar")))


def _receipt(visitor: Visitor) -> None:
    visitor.answer(visitor.grove.ask())


def _receipt_with_more(visitor: Visitor) -> None:
    letter = visitor.grove.letter("maya")
    visitor.grove.ask(letter=letter, verb="review the Telehealth policy")
    visitor.answer(visitor.grove.ask(letter=letter, days=-6))


def _second_click(visitor: Visitor) -> None:
    asked = visitor.grove.ask()
    visitor.answer(asked)
    visitor.open(asked)


def _decided_by_another(visitor: Visitor) -> None:
    asked = visitor.grove.ask()
    deputy = visitor.grove.link(asked.request_id, "omar", visitor.grove.letter("omar"))
    visitor.answer(asked)
    visitor.open(deputy)


def _list(visitor: Visitor) -> None:
    letter = visitor.grove.letter("maya")
    visitor.grove.ask(letter=letter, verb="review the Telehealth policy")
    visitor.answer(visitor.grove.ask(letter=letter))
    visitor.page.goto(f"/a/{letter}")


def _empty_list(visitor: Visitor) -> None:
    letter = visitor.grove.letter("maya")
    visitor.page.goto(f"/l/{visitor.grove.list_link('maya', letter)}")


def _preview(visitor: Visitor) -> None:
    visitor.open(visitor.grove.ask(tier=Tier.ATTEST))
    visitor.send(1, "Maya Ortiz", text_1=CHANGED)


def _preview_with_pin(visitor: Visitor) -> None:
    visitor.grove.enrol("maya")
    _preview(visitor)


def _preview_of_the_same(visitor: Visitor) -> None:
    visitor.open(visitor.grove.ask())
    visitor.send(1, "Maya Ortiz", text_1=POLICY)


def _late_and_for_another(visitor: Visitor) -> None:
    visitor.grove.on_leave("maya", 9)
    visitor.open(visitor.grove.ask("maya", days=-6))


def _an_identifier(visitor: Visitor) -> None:
    visitor.open(visitor.grove.ask())
    visitor.send(2, "Maya Ortiz", reason_2="Call 555-123-4567.")
    visitor.page.wait_for_selector("#no_patient")


def _wrong_pin(visitor: Visitor) -> None:
    visitor.grove.enrol("nadia")
    visitor.open(visitor.grove.ask("nadia", choices=APPROVAL, tier=Tier.ATTEST, text=CHANGED, compare=POLICY))
    visitor.send(0, "Nadia Révész", pin="000000")
    visitor.page.wait_for_selector("#pin-error")


def _nothing_to_show(visitor: Visitor) -> None:
    visitor.open(visitor.grove.ask(text=None))


def _too_large(visitor: Visitor) -> None:
    def swell(route: Route) -> None:
        kind = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": f"{TOO_MUCH}000000"}
        answer = httpx.post(route.request.url, content=(b"x" * 1_000_000 for _ in range(TOO_MUCH)), headers=kind)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    visitor.open(visitor.grove.ask())
    visitor.page.route("**/a/**", swell)
    visitor.page.click("button[value=send]")


def _garbled(visitor: Visitor) -> None:
    def break_up(route: Route) -> None:
        route.continue_(post_data="broken", headers=route.request.headers | {"content-type": "multipart/form-data"})

    visitor.open(visitor.grove.ask())
    visitor.page.route("**/a/**", break_up)
    visitor.page.click("button[value=send]")


def _foreign(visitor: Visitor) -> None:
    visitor.page.set_content(f'<form method="post" action="{visitor.base}/l/fresh"><button>Send</button></form>')
    visitor.page.click("button")


def _desk(path: str, slug: str = "nadia", *, pin: bool = True) -> Callable[[Visitor], None]:
    """Come to a page of the desk as somebody who is signed in; there is a case."""

    def come(visitor: Visitor) -> None:
        visitor.grove.take_in()
        token = visitor.grove.at_the_desk(slug, pin=pin)
        visitor.page.context.add_cookies([{"name": SIGN_IN, "value": token, "url": visitor.base}])
        visitor.page.goto(f"/desk{path}")

    return come


def _sign_in(visitor: Visitor) -> None:
    visitor.page.goto("/desk/sign-in")
    visitor.page.fill("#address", "nobody")
    visitor.page.click("main button")
    visitor.page.wait_for_selector("#address-error")


def _code(visitor: Visitor) -> None:
    visitor.page.goto("/desk/sign-in")
    visitor.page.fill("#address", "theo@maple-grove.example")
    visitor.page.click("main button")
    visitor.page.fill("#code", "12345678")
    visitor.page.click("main button")
    visitor.page.wait_for_selector("#code-error")


def _empty_intake(visitor: Visitor) -> None:
    _desk("/new/access")(visitor)
    visitor.page.click("main button")
    visitor.page.wait_for_selector("#errors")


def _twice(visitor: Visitor) -> None:
    _desk("/new/access")(visitor)
    for name, value in ASKED.items():
        field = visitor.page.locator(f"[name=f-{name}]")
        choice = visitor.page.locator(f"[name=f-{name}][value={value!r}]")
        choice.check() if choice.count() else field.fill(value)
    visitor.page.fill("#f-received_on", str(clock.today("America/New_York")))
    visitor.page.click("main button")
    visitor.page.wait_for_selector("#same")


def _wrong_pin_at_the_desk(visitor: Visitor) -> None:
    _desk("/case/access/ACC-0001", pin=False)(visitor)
    visitor.page.fill("#pin", "111111")
    visitor.page.click("main button")
    visitor.page.wait_for_selector("#pin-error")


def _revocable(visitor: Visitor) -> None:
    said = {"requester": "somebody else, such as an employer or a school", "requester_name": "A school"}
    visitor.grove.take_in("third-party", **said)
    _desk("/case/third-party/TPR-0001")(visitor)
    visitor.page.click("text=The patient took it back")
    visitor.page.wait_for_selector("#f-revoked_at-error")


def _closed_case(visitor: Visitor) -> None:
    opened = visitor.grove.take_in()
    visitor.grove.enrol("theo")
    question = case_questions.acknowledge(opened.case.id, "Nadia Révész, privacy official")
    visitor.open(visitor.grove.put("theo", question, cycle=opened.cycle.key))
    visitor.page.fill("#pin", "111111")
    visitor.page.click("text=Open it")
    visitor.page.wait_for_selector("#pin-error")


def _incident(path: str) -> Callable[[Visitor], None]:
    """Come to a page of an incident as the privacy official; it is counted, and somebody is on its list."""

    def come(visitor: Visitor) -> None:
        today = str(clock.today("America/New_York"))
        kind = "an e-mail or portal message went to the wrong person"
        card = {"kind": kind, "happened_on": today, "what": "A message"}
        key = visitor.grove.take_in("incident", **card).cycle.key
        nadia = visitor.grove.person("nadia")
        with transaction() as tx:
            counts = {"affected": 620, "residents": "NY=510, CT=110", "determined_on": today}
            count_breach(tx, cycle_named(tx.session, key), counts, nadia, {})
            case_id = f"{visitor.grove.clinic}/INC-0001"
            add_addressees(tx, case_id, read_list("Ana Lee; 4 Elm St; NY\nBo Ray; 5 Elm St; CT"), nadia)
            note_sent(tx, case_id, [], clock.today("America/New_York"), nadia)
        _desk(path)(visitor)

    return come


_board, _people = _incident("/case/incident/INC-0001/board"), _incident("/case/incident/INC-0001/people")
_incidents = _incident("/incidents")


def _board_refused(visitor: Visitor) -> None:
    _board(visitor)
    for summary in visitor.page.locator("details > summary").all():
        summary.click()
    visitor.page.locator("details[open] button").last.click()
    visitor.page.wait_for_selector("#errors")


def _people_refused(visitor: Visitor) -> None:
    _people(visitor)
    visitor.page.check("#back-1")
    visitor.page.click("text=They came back")
    visitor.page.wait_for_selector("#returned_on-error")


def _report(visitor: Visitor) -> None:
    visitor.page.goto(report_path(visitor.grove.clinic))
    visitor.page.click("main button")
    visitor.page.wait_for_selector("#errors")


def _thanks(visitor: Visitor) -> None:
    today = str(clock.today("America/New_York"))
    visitor.page.goto(report_path(visitor.grove.clinic))
    visitor.page.check("#f-kind-0")
    for name, value in {"happened_on": today, "received_on": today, "what": "A fax"}.items():
        visitor.page.fill(f"#f-{name}", value)
    visitor.page.click("main button")
    visitor.page.wait_for_url("**/thanks/INC-0001")


def _unreadable(visitor: Visitor) -> None:
    _desk("/register")(visitor)
    (load_settings().data_dir / FILE_NAME).unlink()
    visitor.page.goto("/desk/case/access/ACC-0001")


def _shredded(visitor: Visitor) -> None:
    _desk("/register")(visitor)
    with transaction() as tx:
        shred(tx, "maple-grove/ACC-0001", "test")
    visitor.page.goto("/desk/case/access/ACC-0001")


PAGES: dict[str, tuple[Callable[[Visitor], None], str]] = {
    # page: how to come there, and words that stand in its template and in no other
    "front": (_front, "Answers come in here"),
    "no such page": (_not_found, "There is no such page"),
    "wrong method": (_wrong_method, "This address was asked for something it does not do"),
    "unknown link": (_gone, "Perhaps it has expired"),
    "expired link": (_changed("link", expires_at=lambda: clock.now() - timedelta(days=1)), "Perhaps it has expired"),
    "fresh link sent": (_fresh, "a fresh one is on its way"),
    "no cookie": (_no_cookie, "its address alone does not show anything"),
    "superseded": (_changed("link", superseded_at=clock.now), "changed after this link was sent"),
    "locked": (_changed("link", locked_at=clock.now), "The PIN was wrong five times"),
    "closed": (
        _changed("request", state=lambda: RequestState.EXCEPTED, closed_at=clock.now, closed_because=lambda: "Maya left."),
        "The record lists it as an exception",
    ),
    "cycle closed": (_changed("cycle", closed_at=clock.now), "The record lists it as an exception"),
    "not yet": (_changed("request", not_before=lambda: clock.now() + timedelta(days=1)), "Your second look opens later"),
    "own work": (_own_work, "nobody approves their own work"),
    "personal": (_personal, "nobody can do that for somebody else"),
    "receipt": (_receipt, "Thank you. It is recorded."),
    "receipt with more": (_receipt_with_more, "Thank you. It is recorded."),
    "second click": (_second_click, "This was answered already"),
    "decided by another": (_decided_by_another, "This was answered already"),
    "list": (_list, "What you are asked"),
    "empty list": (_empty_list, "Nothing is left of this letter"),
    "preview without PIN": (_preview, "Look it over before you hand it in"),
    "preview with PIN": (_preview_with_pin, "Look it over before you hand it in"),
    "preview of no change": (_preview_of_the_same, "Look it over before you hand it in"),
    "late, for another": (_late_and_for_another, "An answer is recorded once"),
    "identifier": (_an_identifier, "An answer is recorded once"),
    "wrong PIN": (_wrong_pin, "An answer is recorded once"),
    "no document": (_nothing_to_show, "An answer is recorded once"),
    "too large": (_too_large, "is larger than this page takes"),
    "garbled": (_garbled, "What your browser sent could not be read"),
    "sign in": (_sign_in, "Here you take in what people ask"),
    "code": (_code, "The code from the mail"),
    "desk": (_desk(""), "Somebody asks for something"),
    "intake": (_empty_intake, "whoever is next gets a mail, and the clock runs"),
    "came twice": (_twice, "whoever is next gets a mail, and the clock runs"),
    "opened": (_desk("/opened/access/ACC-0001"), "on the paper, if there is any"),
    "register": (_desk("/register"), "Nothing about any patient stands here"),
    "case": (_desk("/case/access/ACC-0001"), "Where it stands"),
    "case, wrong PIN": (_wrong_pin_at_the_desk, "Where it stands"),
    "case of others": (_desk("/case/access/ACC-0001", "omar"), "Where it stands"),
    "case, taken back": (_revocable, "Where it stands"),
    "closed case": (_closed_case, "Nothing of it stood in the mail"),
    "signed out": (lambda visitor: visitor.page.goto("/desk/register"), "A sign-in lasts a working day"),
    "report": (_report, "nothing on this page says who you are"),
    "thanks": (_thanks, "Whoever acts on it has a mail already"),
    "board": (_board, "Every clock that runs for it, and why"),
    "board, refused": (_board_refused, "Every clock that runs for it, and why"),
    "people": (_people, "The people who are told of"),
    "people, refused": (_people_refused, "The people who are told of"),
    "incidents": (_incidents, "By the day on which each was discovered"),
    "unreadable": (_unreadable, "The key that cases are encrypted with is not where it belongs"),
    "shredded": (_shredded, "That was done after they were kept"),
    "foreign": (_foreign, "The form was sent from another site"),
}  # fmt: skip
ELSEWHERE = {
    # pages that need more than a visitor: see the tests below
    "too many": "Too many requests came from here",
    "store away": "The records cannot be reached just now",
    "fault": "Something went wrong on our side",
}


def check(page: Page, words: str) -> None:
    """Look at the page that says these words."""
    page.wait_for_selector(f"main:has-text({words!r})")
    found = complaints(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier(grove: Grove, page: Page, portal: str, name: str):
    come, words = PAGES[name]
    come(Visitor(grove, page, portal))
    check(page, words)


def test_the_page_for_too_many_requests_has_no_barrier(
    grove: Grove, page: Page, serving: Callable[..., AbstractContextManager[str]]
):
    with serving(("1/minute", "60/minute")) as url:
        for _ in range(2):
            page.goto(f"{url}/l/unknown")
        check(page, ELSEWHERE["too many"])


def test_the_pages_for_a_store_that_is_away_have_no_barrier(
    grove: Grove, page: Page, portal: str, monkeypatch: pytest.MonkeyPatch
):
    asked = grove.ask()
    visitor = Visitor(grove, page, portal)
    visitor.open(asked)
    monkeypatch.setenv(URL_VARIABLE, "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    visitor.send(0, "Maya Ortiz", reason_0=REASON)
    check(page, "This page still holds what you typed")
    page.goto(asked.page)
    check(page, ELSEWHERE["store away"])


def test_the_page_for_a_fault_of_ours_has_no_barrier(grove: Grove, page: Page, portal: str, store: str):
    asked = grove.ask()
    with engine_for(store).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE answer RENAME TO lost")
    try:
        Visitor(grove, page, portal).open(asked)
    finally:
        with engine_for(store).begin() as connection:
            connection.exec_driver_sql("ALTER TABLE lost RENAME TO answer")
    check(page, ELSEWHERE["fault"])


def test_no_page_of_the_portal_is_left_out():
    folder = Path(str(files("portal"))) / "templates"
    texts = {path.relative_to(folder): path.read_text("utf-8") for path in folder.rglob("*.html")}
    parts = {path for path in texts if any(f'"{path}"' in text for text in texts.values())}
    seen = set()
    for words in [*(words for _, words in PAGES.values()), *ELSEWHERE.values()]:
        (template,) = [path for path, text in texts.items() if words in text]
        seen.add(template)
    assert {str(path) for path in parts} == {
        "base.html",
        "visit.html",
        "parts.html",
        "sheets.html",
        "desk/base.html",
    }, "what other templates are made of"
    assert set(texts) - parts == seen, "give each new page a row in PAGES"
