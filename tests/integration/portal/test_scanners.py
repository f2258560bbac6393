"""Mail scanners fetch links, follow them and submit forms. They decide nothing."""

import time

import httpx
import pytest

from models.events import Event
from models.tables import Request, RequestState
from portal.testing.grove import Grove
from portal.testing.pages import Page, opened


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_no_method_but_post_reaches_a_decision(grove: Grove, browser: httpx.Client, method: str):
    asked = grove.ask()
    opened(browser, asked)
    for path in (f"/l/{asked.token}", asked.page, f"{asked.page}/receipt", f"{asked.page}/document"):
        browser.request(method, path, params={"choice": "keep", "name": "Maya Ortiz", "reason_0": "x"})
    assert grove.answer(asked) is None
    assert grove.row(Request, asked.request_id).state == RequestState.OPEN


def test_a_scanner_that_submits_the_form_as_it_stands_decides_nothing(grove: Grove, browser: httpx.Client):
    asked = grove.ask(read=False)
    page = opened(browser, asked)
    assert "choice" not in page.fields, "nothing is preselected"
    filled = {name: value or "test" for name, value in page.fields.items()}
    for form in ({}, {"choice": page.form.radios[0]}, filled, filled | {"choice": page.form.radios[0]}):
        assert page.send(form).response.status_code == 422
    time.sleep(2.1)
    again = page.send({"choice": page.form.radios[0]})
    again = again.send({"reason_0": "test", "choice": page.form.radios[0]})
    assert again.response.status_code == 422
    assert grove.answer(asked) is None
    assert not grove.entries(Event.ANSWER_RECORDED)


def test_posting_to_the_link_itself_is_refused(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    answer = Page(browser, browser.post(f"/l/{asked.token}", data={"choice": "keep"}))
    assert answer.response.status_code == 405
    assert "That cannot be done here" in answer.words
