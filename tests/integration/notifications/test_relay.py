"""The relay: an ordinary stop sends no mail twice, and no mail waits for Prefect."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import text
from sqlmodel import select

from deployments.pages import Pages
from models import clock
from models import store as models_store
from models.tables import Cycle, Letter
from notifications.outbox import deliver_due
from notifications.post import post_letters
from notifications.testing import Mailbox, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.notifications.conftest import World

CLINIC = "maple-grove"
NOBODY = "http://127.0.0.1:1/api"


def write_to(store: World, who: str) -> str:
    store.tell(who, store.ask(who))
    return post_letters(CLINIC)[0].letter_id


@contextmanager
def relay(prefect: str = NOBODY) -> Iterator[subprocess.Popen[bytes]]:
    """Run the relay's own process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deployments.relay"], env={**os.environ, "PREFECT_API_URL": prefect}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def told_to_stop(process: subprocess.Popen[bytes]) -> None:
    """Tell it twice, as somebody does who presses Ctrl-C again."""
    for number in (signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)


def cut_off_from_news(_process: subprocess.Popen[bytes]) -> None:
    """End its line on which it hears of commits, which is an error in another part of it."""
    with models_store.engine().begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND state = 'idle'"
            )
        )


@pytest.mark.parametrize("end", [told_to_stop, cut_off_from_news])
def test_a_letter_under_way_is_finished_before_the_relay_ends(
    store: World, mailbox: Mailbox, end: Callable[[subprocess.Popen[bytes]], None]
):
    write_to(store, "priya")
    mailbox.pause = 4
    with relay() as process:
        until(mailbox.mails)  # the server has the mail and has not said yes
        end(process)
        process.wait(timeout=30)
    assert store.letters()[0].state == "accepted"
    store.make_due()
    assert asyncio.run(deliver_due()).count == 0
    assert len(mailbox.mails()) == 1


def test_mail_goes_out_while_prefect_hangs(store: World, mailbox: Mailbox):
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:  # takes every call and never answers
        prefect = f"http://127.0.0.1:{silent.getsockname()[1]}/api"
        with relay(prefect):
            for number, who in enumerate(("priya", "dana"), start=1):
                write_to(store, who)
                until(lambda: len(mailbox.mails()) == number)  # noqa: B023 - called at once


class _Api(BaseHTTPRequestHandler):
    """As much of Prefect's API as takes a page."""

    def do_GET(self) -> None:
        """Have nothing else to show."""
        self.send_error(404)

    def do_POST(self) -> None:
        """Keep the page's key and answer as Prefect does."""
        page = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.pages.append(page["key"])  # type: ignore[attr-defined]
        now = datetime.now(UTC).isoformat()
        body = json.dumps(page | {"id": str(uuid4()), "created": now, "updated": now}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def api() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Api)
    server.pages = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_a_page_is_brought_up_to_date_once_however_long_the_batch_took(store: World, mailbox: Mailbox):
    letter = write_to(store, "priya")
    assert asyncio.run(deliver_due()).count == 1
    with models_store.transaction() as tx:  # the first of a batch that went on for ten minutes
        tx.session.get_one(Letter, letter).accepted_at = clock.now() - timedelta(minutes=10)
        for cycle in tx.session.exec(select(Cycle)):
            cycle.wake_wanted_at = None  # it has fallen asleep
    pages = Pages()

    def show(prefect: str) -> None:
        with temporary_settings({PREFECT_API_URL: prefect}):
            asyncio.run(pages.show_news())

    show(f"http://127.0.0.1:{free_port()}/api")  # Prefect is away: nothing counts as shown
    with api() as server:
        for _ in range(2):
            show(f"http://127.0.0.1:{server.server_port}/api")
        assert server.pages == ["maple-grove-policy-review-2027-where-this-stands", "maple-grove-board"]
