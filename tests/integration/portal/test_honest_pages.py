"""What a visitor is told when there is nothing to answer."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Connection, event, text
from sqlmodel import select

from models import clock
from models.events import Event
from models.store import URL_VARIABLE, engine_for, reading
from models.tables import Cycle, Dropped, Link, Notice, Person, Request, RequestState
from portal.testing.grove import APPROVAL, CHANGED, Asked, Grove, long_ago
from portal.testing.pages import Page, opened

KEEP = {"choice": "keep", "reason_0": "Nothing changed.", "name": "Maya Ortiz"}
Change = Callable[[Grove, Asked], None]


def _excepted(grove: Grove, asked: Asked) -> None:
    closed = {"closed_at": clock.now(), "closed_because": "Maya left."}
    grove.change(Request, asked.request_id, state=RequestState.EXCEPTED, **closed)


def _dropped(grove: Grove, asked: Asked) -> None:
    closed = {"closed_at": clock.now(), "closed_because": Dropped.ANSWERED_MEANWHILE}
    grove.change(Request, asked.request_id, state=RequestState.DROPPED, **closed)


CASES: dict[str, tuple[Change, int, str]] = {
    "expired": (lambda g, a: g.change(Link, a.link_id, expires_at=long_ago()), 404, "does not open anything any more"),
    "left the practice": (lambda g, _: g.change(Person, g.person("maya"), active=False), 404, "does not open anything"),
    "link superseded": (lambda g, a: g.change(Link, a.link_id, superseded_at=clock.now()), 409, "out of date"),
    "document changed": (lambda g, a: g.change(Request, a.request_id, document_sha256=None), 409, "out of date"),
    "excepted": (_excepted, 410, "Maya left."),
    "no longer needed": (
        _dropped,
        410,
        "No answer is needed any more: answered meanwhile. There is nothing left to do",
    ),
    "cycle closed": (lambda g, _: g.change(Cycle, g.cycle, closed_at=clock.now()), 410, "closed without an answer"),
    "locked": (lambda g, a: g.change(Link, a.link_id, locked_at=clock.now()), 403, "This link is locked"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_reason_not_to_answer_has_its_page_before_and_after_the_form(
    grove: Grove, browser: httpx.Client, name: str
):
    change, status, words = CASES[name]
    asked = grove.ask()
    form = opened(browser, asked)
    change(grove, asked)
    for page in (opened(browser, asked), Page(browser, browser.get(asked.page)), form.send(KEEP)):
        assert (page.response.status_code, words in page.words) == (status, True), page.words
    assert grove.answer(asked) is None


def test_a_second_look_opens_after_a_day_and_then_ones_own_work_may_be_decided(grove: Grove, browser: httpx.Client):
    asked = grove.ask("omar", choices=APPROVAL, author="omar", wait_hours=24)
    assert "It opens on" in opened(browser, asked).words
    grove.change(Request, asked.request_id, not_before=clock.now() - timedelta(seconds=1))
    assert "Thank you" in opened(browser, asked).send({"choice": "approve", "name": "Omar Haddad"}).words


def test_nobody_decides_on_their_own_work_and_the_page_says_who_does(grove: Grove, browser: httpx.Client):
    asked = grove.ask("nadia", choices=APPROVAL, author="nadia", text=CHANGED)
    assert grove.row(Request, asked.request_id).holder_id == "maple-grove/maya"
    own = grove.link(asked.request_id, "nadia", grove.letter("nadia"))
    page = opened(browser, own)
    assert page.response.status_code == 403
    assert "It goes to Maya Ortiz instead" in page.words


def test_the_second_person_is_told_who_decided_what_and_when(grove: Grove, browser: httpx.Client):
    asked = grove.ask("maya")
    deputy = grove.link(asked.request_id, "omar", grove.letter("omar"))
    opened(browser, asked).send(KEEP)
    told = opened(browser, deputy)
    assert "No change needed" in told.words
    assert "Maya Ortiz decided it on" in told.words
    assert KEEP["reason_0"] not in told.text
    assert KEEP["reason_0"] not in browser.get(f"{deputy.page}/receipt").text


def test_without_the_cookie_the_clean_address_shows_nothing(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    for path in (asked.page, f"/a/{asked.letter_id}", f"{asked.page}/receipt", f"{asked.page}/document"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Open the link in your mail again" in answer.text


@pytest.mark.parametrize("token", ["half", "unknown", "fresh", "%00", "a" * 300, "%E2%82%AC"])
def test_an_unknown_a_cut_and_an_expired_link_get_the_same_page(grove: Grove, browser: httpx.Client, token: str):
    asked = grove.ask()
    grove.change(Link, asked.link_id, expires_at=long_ago())
    wanted = browser.get(f"/l/{asked.token}")
    given = {"half": asked.token[:20], "unknown": asked.token[::-1]}.get(token, token)
    found = browser.get(f"/l/{given}")
    assert (found.status_code, wanted.status_code) == (404, 404)
    assert _without_token(found.text) == _without_token(wanted.text)
    assert not found.cookies


def _without_token(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if 'name="token"' not in line)


def test_a_fresh_link_goes_to_the_same_person_once_an_hour_and_nobody_learns_more(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    grove.change(Link, asked.link_id, expires_at=long_ago())
    unknown = Page(browser, browser.get("/l/nothing")).send()
    known = [opened(browser, asked).send() for _ in range(2)]
    assert {page.text for page in known} == {unknown.text}
    assert "fresh one is on its way to the same address" in unknown.text
    (notice,) = _fresh(expected=1)
    assert (notice.person_id, notice.request_id, notice.at_once) == ("maple-grove/maya", asked.request_id, True)


def test_nothing_answered_gets_a_fresh_link(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    opened(browser, asked).send(KEEP)
    grove.change(Link, asked.link_id, expires_at=long_ago())
    opened(browser, asked).send()
    assert not _fresh(expected=0)


@pytest.mark.parametrize(("who", "sent"), [("omar", 1), ("theo", 0)])
def test_a_superseded_link_gets_a_fresh_one_for_whoever_may_answer(
    grove: Grove, browser: httpx.Client, who: str, sent: int
):
    asked = grove.ask("maya")
    link = grove.link(asked.request_id, who, grove.letter(who))
    grove.change(Link, link.link_id, superseded_at=clock.now())
    assert "on its way" in opened(browser, link).send().text
    assert [notice.person_id for notice in _fresh(expected=sent)] == [grove.person(who)] * sent


def _fresh(expected: int) -> list[Notice]:
    """Return the notices of fresh links, which are written just after the answer is out."""
    until, found = time.monotonic() + (5 if expected else 0.5), []
    while time.monotonic() < until and (len(found) < expected or not expected):
        time.sleep(0.1)
        with reading() as session:
            found = list(session.exec(select(Notice).where(Notice.kind == "fresh link")))
    return found


def test_when_the_store_is_away_nothing_typed_is_lost(
    grove: Grove, browser: httpx.Client, store: str, monkeypatch: pytest.MonkeyPatch
):
    asked = grove.ask()
    form = opened(browser, asked)
    monkeypatch.setenv(URL_VARIABLE, "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    away = form.send(KEEP | {"pin": "739104"})
    assert away.response.status_code == 503
    assert away.fields["reason_0"] == KEEP["reason_0"]
    assert "739104" not in away.text
    assert browser.get("/health").status_code == 503
    monkeypatch.setenv(URL_VARIABLE, store)
    assert browser.get("/health").status_code == 200
    assert "Thank you" in away.send().text


def test_whether_an_answer_was_recorded_when_the_store_went_away_is_left_open(
    grove: Grove, browser: httpx.Client, store: str
):
    asked = grove.ask()
    form = opened(browser, asked)
    event.listen(engine_for(store), "commit", _cut_off, once=True)
    away = form.send(KEEP)
    assert away.response.status_code == 503
    assert "Nothing was recorded" not in away.words
    assert "may have been recorded" in away.words
    assert "Thank you" in away.send().words


def _cut_off(connection: Connection) -> None:
    """Have the database end a connection that is about to commit."""
    pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with connection.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_a_fault_of_ours_is_a_calm_page_with_the_same_headers(grove: Grove, browser: httpx.Client, store: str):
    asked = grove.ask()
    with engine_for(store).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE answer RENAME TO lost")
    try:
        page = opened(browser, asked)
    finally:
        with engine_for(store).begin() as connection:
            connection.exec_driver_sql("ALTER TABLE lost RENAME TO answer")
    assert page.response.status_code == 500
    assert "went wrong on our side" in page.words
    assert page.response.headers["cache-control"] == "no-store"


def test_too_many_openings_of_one_link_wait_a_minute(grove: Grove, serving: Callable[..., AbstractContextManager[str]]):
    asked = grove.ask()
    with serving(("10/minute", "60/minute")) as url, httpx.Client(base_url=url) as client:
        statuses = [client.get(f"/l/{asked.token}").status_code for _ in range(11)]
        assert statuses == [303] * 10 + [429]
        assert client.get(f"/l/{asked.token}").headers["retry-after"] == "60"
        statuses = [client.get(f"/l/other{n}").status_code for n in range(60)]
        assert (statuses[0], statuses[-1]) == (404, 429)
        assert client.get("/health").status_code == 200
    assert grove.row(Request, asked.request_id).state == RequestState.OPEN


def test_viewing_is_noted_once_a_day_as_an_unconfirmed_visitor(grove: Grove, browser: httpx.Client):
    asked = grove.ask(read=False)
    for _ in range(3):
        opened(browser, asked)
    (entry,) = grove.entries(Event.LINK_VIEWED)
    assert entry["actor"] == "unconfirmed visitor"
    assert entry["facts"]["confirmed"] is False
    assert asked.token not in str(entry)
    grove.change(Link, asked.link_id, first_viewed_at=long_ago())
    opened(browser, asked)
    assert len(grove.entries(Event.LINK_VIEWED)) == 1


def test_a_page_that_was_reached_by_the_list_of_its_letter_is_noted_as_viewed(grove: Grove, browser: httpx.Client):
    asked = grove.ask(read=False)
    browser.get(f"/l/{grove.list_link('maya', asked.letter_id)}")
    assert browser.get(asked.page).status_code == 200
    listed, shown = grove.entries(Event.LINK_VIEWED)
    assert (listed["facts"]["request"], shown["facts"]["request"]) == (None, asked.request_id)
    assert shown["facts"]["link"] == asked.link_id
