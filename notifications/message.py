"""Messages: a letter as the bytes that go to the mail server, the same at every try."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from models.settings import Settings
from models.tables import Letter, Link
from notifications.addresses import return_path
from notifications.links import url_of

_PLACEHOLDER = re.compile(r"@@link:([0-9a-f]{32})@@")


@dataclass(frozen=True)
class Parcel:
    """A letter ready to be handed over."""

    letter_id: str
    sender: str
    """Envelope sender: where bounces go."""
    recipient: str
    content: bytes


def parcel_of(letter: Letter, name: str, links: Mapping[str, Link], settings: Settings) -> Parcel:
    """Return a letter to a person of a name as a parcel, its links filled in.

    Raises ValueError for an address that no mail can go to.
    """
    message = EmailMessage(policy=policy.SMTP)
    _head(message, letter, name, settings)
    message.set_content(_filled(letter.text_body, links, settings), cte="quoted-printable")
    message.add_alternative(_filled(letter.html_body, links, settings), subtype="html", cte="quoted-printable")
    if letter.calendar:
        params = {"method": "PUBLISH"}
        message.add_attachment(
            letter.calendar, subtype="calendar", filename="due-dates.ics", params=params, cte="quoted-printable"
        )
    return Parcel(letter.id, return_path(letter.id, settings), letter.address, message.as_bytes())


def _head(message: EmailMessage, letter: Letter, name: str, settings: Settings) -> None:
    message["From"] = settings.mail_from
    message["To"] = Address(display_name=name, addr_spec=letter.address)
    message["Reply-To"] = settings.mail_from
    message["Subject"] = letter.subject
    message["Date"] = letter.written_at
    message["Message-ID"] = letter.message_id
    if letter.references:
        message["In-Reply-To"] = " ".join(letter.references)
        message["References"] = " ".join(letter.references)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"


def _filled(body: str, links: Mapping[str, Link], settings: Settings) -> str:
    """Put the links of the letter into a body; a placeholder of any other letter stays one."""

    def address(found: re.Match[str]) -> str:
        link = links.get(found.group(1))
        return url_of(link, settings) if link else found.group(0)

    return _PLACEHOLDER.sub(address, body)
