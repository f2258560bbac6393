"""Bounces: what a mail server reports later about a letter it had accepted (RFC 3464)."""

import logging
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message

from notifications.addresses import letter_in
from notifications.undelivered import mark_not_delivered
from notifications.verdict import in_plain

_ENVELOPE_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bounce:
    """A delivery report about one letter."""

    letter_id: str
    action: str
    status: str
    """Enhanced status code, such as 5.1.1 (RFC 3463)."""
    reason: str

    @property
    def permanent(self) -> bool:
        """Tell whether the letter will not arrive; a delay is no bounce."""
        return self.action == "failed" and self.status.startswith("5")


def read_bounce(raw: bytes) -> Bounce | None:
    """Return what a mail reports about one of our letters, or None for anything else."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        letter_id, fields = _letter_of(message), _status_fields(message)
    except (MessageError, ValueError, LookupError, AttributeError, TypeError) as error:
        # Strangers write these mails, and the parser answers broken ones with all of these.
        log.warning("A mail to the return path cannot be read: %s", error)
        return None
    if letter_id is None or fields is None:
        return None
    status = str(fields.get("Status", "")).split(" ")[0].strip()
    reason = " ".join(str(fields.get("Diagnostic-Code", "")).split()) or "no reason given"
    return Bounce(letter_id, str(fields.get("Action", "")).strip().lower(), status, in_plain(f"{status} {reason}"))


def take_bounce(bounce: Bounce) -> bool:
    """Mark the letter of a report; True when it is newly not delivered. A delay changes nothing."""
    log.info("Letter %s: %s", bounce.letter_id, bounce.reason)
    return bounce.permanent and mark_not_delivered(bounce.letter_id, bounce.reason)


def _letter_of(message: EmailMessage) -> str | None:
    addresses = (str(value) for name in _ENVELOPE_HEADERS for value in message.get_all(name, []))
    return next((found for address in addresses if (found := letter_in(address))), None)


def _status_fields(message: EmailMessage) -> Message | None:
    """Return the fields about the recipient: letters have one, so the first block that names an action."""
    if message.get_content_type() != "multipart/report":
        return None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            return next((each for each in blocks if isinstance(each, Message) and each["Action"]), None)
    return None
