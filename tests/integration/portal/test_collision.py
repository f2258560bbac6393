"""An answer that meets another change in the store is told so, and can be sent again."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import text

from models.requests import locked
from models.store import engine, transaction
from models.tables import Cycle
from portal.testing.grove import Grove
from portal.testing.pages import opened


def test_an_answer_that_meets_another_change_is_kept_on_the_page_to_be_sent_again(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    form = opened(browser, asked)
    with ThreadPoolExecutor(1) as aside:
        with transaction() as tx:
            tx.session.get_one(Cycle, grove.cycle, with_for_update={"key_share": True})
            sending = aside.submit(form.send, {"choice": "keep", "reason_0": "Right.", "name": "Maya Ortiz"})
            _until_somebody_waits()  # the answer has the request and wants the cycle; we go the other way
            locked(tx, asked.request_id)
        met = sending.result(timeout=30)
    assert (met.response.status_code, "Somebody else was changing" in met.words) == (503, True), met.words
    assert met.fields["reason_0"] == "Right."
    assert "Thank you" in met.send().text


def _until_somebody_waits() -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    until = time.monotonic() + 20
    with engine().connect() as connection:
        while not connection.execute(waiting).scalar():
            connection.rollback()
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.02)
