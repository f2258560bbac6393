"""Delivery reports are read for what they are; what strangers send otherwise is left alone."""

import pytest

from notifications.bounces import Bounce, read_bounce

LETTER = "0123456789abcdef" * 2
VERP = f"bounces+{LETTER}@maple-grove.example"
FAILED = "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user\r\n"


def report(fields: str, to: str = VERP, kind: str = "multipart/report; report-type=delivery-status") -> bytes:
    return (
        f"From: <>\r\nTo: {to}\r\nMIME-Version: 1.0\r\nContent-Type: {kind}; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; x@maple-grove.example\r\n{fields}\r\n--b--\r\n"
    ).encode()


READ = [
    (report(FAILED), (LETTER, True)),
    (report(FAILED, to=VERP.upper()), (LETTER, True)),  # some servers change the case
    (report("Action: delayed\r\nStatus: 4.4.1\r\n"), (LETTER, False)),  # it may still arrive
    (report("Action: delivered\r\nStatus: 2.0.0\r\n"), (LETTER, False)),
    (report("Action: failed\r\nStatus: 4.4.7\r\n"), (LETTER, False)),  # the class says it is not permanent
    (report("Action: failed (mailbox)\r\nStatus: 5.2.2 (full)\r\n"), (LETTER, False)),  # an action nobody defined
    (report("Action: FAILED\r\nStatus: 5.2.2 (full)\r\n"), (LETTER, True)),  # a comment after the status
    (b"Delivered-To: " + VERP.encode() + b"\r\n" + report(FAILED, to="undisclosed:;"), (LETTER, True)),
]


@pytest.mark.parametrize(("raw", "expected"), READ)
def test_a_report_names_its_letter_and_whether_it_is_final(raw: bytes, expected: tuple[str, bool]) -> None:
    bounce = read_bounce(raw)
    assert bounce is not None
    assert (bounce.letter_id, bounce.permanent) == expected


def test_a_report_gives_the_reason() -> None:
    assert read_bounce(report(FAILED)) == Bounce(LETTER, "failed", "5.1.1", "5.1.1 smtp; 550 5.1.1 No such user")


OTHERS = [
    b"",
    b"\xff\xfe\x00garbage",
    b"Subject: Out of office\r\nTo: " + VERP.encode() + b"\r\n\r\nI am away.",
    report(FAILED, to="compliance@maple-grove.example"),  # no return path of ours
    report(FAILED, to="bounces+short@maple-grove.example"),
    report(FAILED, kind="multipart/mixed"),
    report(""),  # a report that reports nothing
    report(FAILED)[:200],  # cut in half
    b"To: " + VERP.encode() + b"\r\nContent-Type: multipart/report\r\n\r\nno boundary",
    b"To: =?utf-8?b?////?=\r\nContent-Type: multipart/report; boundary=\r\n\r\n",
    b"To: " + VERP.encode() + b"\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\n\xff\xff\r\n--b--",
]


@pytest.mark.parametrize("raw", OTHERS)
def test_anything_else_is_no_bounce_and_raises_nothing(raw: bytes) -> None:
    assert read_bounce(raw) is None
