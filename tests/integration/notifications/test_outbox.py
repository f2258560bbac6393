"""Letters reach the mail server at least once, always as the same mail, and the record says so."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from models import clock
from models import store as models_store
from models.tables import Delivery, Letter, NoticeKind
from notifications.bounces import read_bounce, take_bounce
from notifications.outbox import Delivered, deliver_due
from notifications.post import post_letters
from notifications.testing import Mailbox
from notifications.undelivered import mark_not_delivered

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.notifications.conftest import World

CLINIC = "maple-grove"
ADDRESS = "priya@maple-grove.example"


@pytest.fixture
def letter(store: World) -> str:
    store.tell("priya", store.ask("priya"))
    return post_letters(CLINIC)[0].letter_id


def deliver() -> Delivered:
    return asyncio.run(deliver_due())


def events(store: World) -> list[str]:
    return [json.loads(entry.body)["event"] for entry in store.ledger()]


@pytest.mark.usefixtures("store")
def test_a_letter_arrives_with_everything_in_its_place(mailbox: Mailbox, letter: str):
    assert deliver().count == 1
    (mail,) = mailbox.to(ADDRESS)
    message = mail.message
    assert message["Return-Path"] == f"<bounces+{letter}@bounces.maple-grove.example>"
    assert message["To"] == f"Priya Raman <{ADDRESS}>"
    assert message["From"] == message["Reply-To"] == "Wellkept <compliance@maple-grove.example>"
    assert message["Message-ID"] == f"<{letter}@maple-grove.example>"
    assert (
        message["In-Reply-To"]
        == message["References"]
        == ("<maple-grove.policy-review.2027.priya@maple-grove.example>")
    )
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert mail.links[0] in mail.html
    assert mail.links[0].startswith("http://127.0.0.1:4280/l/")
    assert "@@link" not in mail.text + mail.html
    assert "METHOD:PUBLISH" in mail.calendar


@pytest.mark.usefixtures("mailbox", "letter")
def test_an_accepted_letter_says_so_everywhere(store: World):
    delivered = deliver()
    assert (delivered.count, delivered.next_at) == (1, None)
    assert store.letters()[0].state == "accepted"
    assert store.request("r0").delivery == Delivery.ACCEPTED
    assert events(store) == ["post:letter:queued", "post:letter:accepted"]
    assert json.loads(store.ledger()[-1].body)["facts"]["server_said"].startswith("OK kept as")


@pytest.mark.usefixtures("letter")
def test_a_dead_server_loses_nothing(store: World, tmp_path: Path, smtp_port: int):
    for _ in range(3):
        assert deliver().count == 0
        store.make_due()
    assert store.letters()[0].state == "queued"
    assert store.letters()[0].last_error
    with Mailbox(tmp_path / "mails", smtp_port) as mailbox:
        assert deliver().count == 1
        assert len(mailbox.to(ADDRESS)) == 1


@pytest.mark.usefixtures("letter")
def test_a_dead_server_stops_the_round_and_tells_when_to_come_again(store: World):
    store.tell("dana", store.ask("dana"))
    post_letters(CLINIC)
    delivered = deliver()
    assert sum(each.tries for each in store.letters()) == 1
    assert timedelta(seconds=20) < delivered.next_at - clock.real_now() <= timedelta(seconds=30)


def test_a_busy_server_is_asked_again_later_and_gets_the_same_mail(store: World, mailbox: Mailbox, letter: str):
    mailbox.busy = True
    delivered = deliver()
    assert (delivered.count, store.letters()[0].last_error) == (0, "451 4.3.0 Too busy, try again later")
    assert delivered.next_at - clock.real_now() > timedelta(seconds=20)
    mailbox.busy = False
    assert deliver().count == 0  # not due yet
    store.make_due()
    assert deliver().count == 1
    assert mailbox.to(ADDRESS)[0].message_id == f"<{letter}@maple-grove.example>"


@pytest.mark.usefixtures("letter")
def test_a_refused_address_is_not_delivered_at_once_and_wakes_the_cycle(store: World, mailbox: Mailbox):
    mailbox.refused.add(ADDRESS)
    assert deliver().next_at is None
    assert (store.letters()[0].state, store.request("r0").delivery) == ("not delivered", Delivery.NOT_DELIVERED)
    assert store.cycle().wake_wanted_at is not None
    assert events(store)[-1] == "post:letter:not-delivered"
    assert json.loads(store.ledger()[-1].body)["facts"]["reason"] == "550 5.1.1 No such mailbox here"


@pytest.mark.usefixtures("letter")
def test_the_refuse_list_file_is_read_anew_each_time(store: World, mailbox: Mailbox):
    (mailbox.folder.path / "refuse.txt").write_text(f"{ADDRESS.upper()}\n")
    deliver()
    assert store.letters()[0].state == "not delivered"


@pytest.mark.usefixtures("mailbox")
def test_an_address_that_is_none_does_not_stop_the_others(store: World, letter: str):
    store.tell("dana", store.ask("dana"))
    post_letters(CLINIC)
    with models_store.transaction() as tx:
        tx.session.get_one(Letter, letter).address = "no address\r\nBcc: x@y.example"
    assert deliver().count == 1
    assert sorted(each.state for each in store.letters()) == ["accepted", "not delivered"]


def test_a_letter_is_given_up_after_five_days_and_many_tries(store: World, letter: str):
    with models_store.transaction() as tx:
        row = tx.session.get_one(Letter, letter)
        row.written_at, row.tries = clock.now() - timedelta(days=5), 30
    deliver()
    assert store.letters()[0].state == "not delivered"


@pytest.mark.parametrize(("days", "tries"), [(4.9, 500), (9, 3)])
def test_a_letter_is_not_given_up_before(store: World, letter: str, days: float, tries: int):
    with models_store.transaction() as tx:
        row = tx.session.get_one(Letter, letter)
        row.written_at, row.tries = clock.now() - timedelta(days=days), tries
    deliver()
    assert store.letters()[0].state == "queued"


def test_two_relays_send_each_letter_once(store: World, mailbox: Mailbox):
    for who in ("priya", "dana", "lee", "omar"):
        store.tell(who, store.ask(who))
    post_letters(CLINIC)

    async def both() -> int:
        rounds = await asyncio.gather(*(deliver_due() for _ in range(4)))
        return sum(each.count for each in rounds)

    assert asyncio.run(both()) == 4
    assert len(mailbox.mails()) == len({mail.to for mail in mailbox.mails()}) == 4


@pytest.mark.usefixtures("letter")
def test_a_server_whose_yes_is_no_text_gets_the_mail_once(store: World, mailbox: Mailbox):
    mailbox.reply = b"250 2.0.0 accept\xe9 \x00 merci"
    assert deliver().count == 1
    store.make_due()
    assert (deliver().count, len(mailbox.mails())) == (0, 1)
    assert json.loads(store.ledger()[-1].body)["facts"]["server_said"] == "2.0.0 accept?  merci"


@pytest.mark.usefixtures("letter")
@pytest.mark.parametrize("reply", [b"451 plus tard\x00, apr\xe8s", b"550 refus\xe9\x00"])
def test_a_server_whose_no_is_no_text_is_understood(store: World, mailbox: Mailbox, reply: bytes):
    mailbox.reply = reply
    assert deliver().count == 0
    (letter,) = store.letters()
    assert letter.last_error in {"451 plus tard, apr?s", "550 refus?"}


def test_a_bounce_in_words_that_are_no_text_marks_its_letter(store: World, letter: str):
    assert _bounced(_report(letter, "failed", "5.1.1").replace(b"No such user", b"inconnu\xe9\x00"))
    assert store.letters()[0].state == "not delivered"


@pytest.mark.usefixtures("mailbox")
def test_a_letter_with_a_fault_of_ours_does_not_stop_the_others_and_is_tried_again_later(
    store: World, letter: str, caplog: pytest.LogCaptureFixture
):
    store.tell("dana", store.ask("dana"))
    post_letters(CLINIC)
    with models_store.transaction() as tx:
        tx.session.get_one(Letter, letter).subject = "two\nlines"  # which no mail can carry
    assert deliver().count == 1
    assert f"Letter {letter}" in caplog.text
    broken = next(each for each in store.letters() if each.id == letter)
    assert (broken.state, broken.tries) == ("queued", 1)
    assert broken.next_try_at > clock.real_now()
    assert deliver().count == 0


@pytest.mark.usefixtures("letter")
def test_a_commit_that_fails_after_the_servers_yes_sends_the_same_mail_again(store: World, mailbox: Mailbox):
    _refuse_acceptance(refuse=True)
    assert deliver().count == 0
    assert store.letters()[0].state == "queued"
    _refuse_acceptance(refuse=False)
    store.make_due()
    assert deliver().count == 1
    first, second = mailbox.to(ADDRESS)
    assert (first.message_id, first.links, first.html) == (second.message_id, second.links, second.html)
    assert first.message["Date"] == second.message["Date"]
    assert events(store) == ["post:letter:queued", "post:letter:accepted"]


@pytest.mark.usefixtures("letter")
def test_a_relay_killed_between_yes_and_commit_sends_the_same_mail_again(store: World, mailbox: Mailbox):
    # The store makes every acceptance wait, so the kill falls between the server's yes and our commit.
    _run("CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NEW; END'")
    _run("CREATE TRIGGER dawdle BEFORE UPDATE ON letter FOR EACH ROW WHEN (NEW.state = 'accepted')"
         " EXECUTE FUNCTION dawdle()")  # fmt: skip
    code = "import asyncio; from notifications.outbox import deliver_due; asyncio.run(deliver_due())"
    relay = subprocess.Popen([sys.executable, "-c", code])
    try:
        _wait_for_mail(mailbox)
    finally:
        relay.send_signal(signal.SIGKILL)
        relay.wait()
    _run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'")
    _run("DROP FUNCTION dawdle() CASCADE")
    store.make_due()
    assert deliver().count == 1
    first, second = mailbox.to(ADDRESS)
    assert (first.message_id, first.links) == (second.message_id, second.links)


@pytest.mark.usefixtures("mailbox")
def test_a_bounce_that_comes_later_marks_the_letter(store: World, letter: str):
    deliver()
    raw = _report(letter, "failed", "5.1.1")
    assert [_bounced(raw), _bounced(raw)] == [True, False]
    assert store.request("r0").delivery == Delivery.NOT_DELIVERED
    assert store.cycle().wake_wanted_at is not None
    assert events(store)[2:] == ["post:letter:not-delivered"]


@pytest.mark.usefixtures("mailbox")
def test_a_delay_changes_nothing(store: World, letter: str):
    deliver()
    assert not _bounced(_report(letter, "delayed", "4.4.1"))
    assert store.letters()[0].state == "accepted"


@pytest.mark.usefixtures("store")
def test_a_bounce_of_an_unknown_letter_changes_nothing():
    assert not _bounced(_report("0" * 32, "failed", "5.1.1"))
    assert not mark_not_delivered("0" * 32, "no such letter")


@pytest.mark.usefixtures("mailbox")
def test_an_escalation_that_only_informs_leaves_the_requests_delivery_alone(store: World):
    request_id = store.ask("omar", delivery=Delivery.NOT_DELIVERED)
    store.tell("lee", request_id, NoticeKind.ESCALATE)
    post_letters(CLINIC)
    assert deliver().count == 1
    assert store.request(request_id).delivery == Delivery.NOT_DELIVERED


def _refuse_acceptance(*, refuse: bool) -> None:
    if refuse:
        _run("ALTER TABLE letter ADD CONSTRAINT no_acceptance_today CHECK (state <> 'accepted')")
        _run('ALTER TABLE letter RENAME CONSTRAINT no_acceptance_today TO "no acceptance today"')
    else:
        _run('ALTER TABLE letter DROP CONSTRAINT "no acceptance today"')


def _run(statement: str) -> None:
    with models_store.engine().begin() as connection:
        connection.execute(text(statement))


def _wait_for_mail(mailbox: Mailbox) -> None:
    until = time.monotonic() + 20
    while not mailbox.to(ADDRESS):
        assert time.monotonic() < until, "no mail came"
        time.sleep(0.05)


def _bounced(raw: bytes) -> bool:
    bounce = read_bounce(raw)
    assert bounce is not None
    return take_bounce(bounce)


def _report(letter_id: str, action: str, status: str) -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: bounces+{letter_id}@bounces.maple-grove.example\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ADDRESS}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 No such user\r\n\r\n--b--\r\n"
    ).encode()
