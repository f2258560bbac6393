"""What a mail server says, or does not say, decides what becomes of a letter."""

import pytest
from aiosmtplib import errors

from notifications.verdict import Fate, judge

CASES = [
    (errors.SMTPRecipientsRefused([errors.SMTPRecipientRefused(550, "5.1.1 unknown", "x@y")]), Fate.REFUSED),
    (errors.SMTPRecipientsRefused([errors.SMTPRecipientRefused(451, "greylisted", "x@y")]), Fate.LATER),
    (errors.SMTPRecipientsRefused([errors.SMTPRecipientRefused(530, "log in first", "x@y")]), Fate.MISCONFIGURED),
    (errors.SMTPDataError(554, "spam"), Fate.REFUSED),
    (errors.SMTPDataError(452, "disk full"), Fate.LATER),
    (errors.SMTPSenderRefused(550, "not your domain", "b@y"), Fate.MISCONFIGURED),
    (errors.SMTPSenderRefused(451, "later", "b@y"), Fate.AWAY),
    (errors.SMTPAuthenticationError(535, "wrong password"), Fate.MISCONFIGURED),
    (errors.SMTPAuthenticationError(454, "no login just now"), Fate.AWAY),
    (errors.SMTPConnectResponseError(554, "go away"), Fate.MISCONFIGURED),
    (errors.SMTPConnectResponseError(421, "too many"), Fate.AWAY),
    (errors.SMTPHeloError(501, "bad name"), Fate.MISCONFIGURED),
    (errors.SMTPNotSupported("no SMTPUTF8"), Fate.MISCONFIGURED),
    (errors.SMTPException("no STARTTLS"), Fate.MISCONFIGURED),
    (errors.SMTPServerDisconnected("gone"), Fate.AWAY),
    (errors.SMTPConnectTimeoutError("silence"), Fate.AWAY),
    (ConnectionRefusedError(111, "refused"), Fate.AWAY),
    (TimeoutError(), Fate.AWAY),
]


@pytest.mark.parametrize(("error", "fate"), CASES, ids=[repr(error) for error, _ in CASES])
def test_an_error_has_its_meaning(error: Exception, fate: Fate) -> None:
    verdict = judge(error)
    assert verdict.fate is fate
    assert verdict.said
