"""Messages: a letter as the bytes that go to the mail server, the same at every try."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy

from models.errors import WellkeptError
from models.settings import Settings
from models.tables import Letter, Link
from notifications.addresses import return_path
from notifications.links import url_of

_THREADING = frozenset({"in-reply-to", "references"})
_PLACEHOLDER = re.compile(r"@@link:([0-9a-f]{32})@@")


CODE = "@@code@@"
"""What stands for a code in a body until it is sent."""


class NoAddressError(WellkeptError):
    """No mail can go to this address."""

    remedy = "Correct the person's e-mail in clinic.yaml (its domain in ASCII form, xn--…) and apply the folder again."


class _Policy(EmailPolicy):
    """Mends two headers the standard library folds wrongly.

    It hides long message ids in encoded words, which breaks threads: here they stand one a line. And it loses spaces
    between the encoded words of a long subject, which its older class for headers does not.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it goes over the wire."""
        if name.lower() in _THREADING:
            return self._line(name, f"{self.linesep} ".join(value.split()))
        if name.lower() == "subject" and not value.isascii():
            return self._line(name, Header(value, "utf-8", header_name=name).encode(linesep=self.linesep))
        return super().fold_binary(name, value)

    def _line(self, name: str, folded: str) -> bytes:
        return f"{name}: {folded}{self.linesep}".encode("ascii")


@dataclass(frozen=True)
class Parcel:
    """A letter ready to be handed over."""

    letter_id: str
    sender: str
    """Envelope sender: where bounces go."""
    recipient: str
    content: bytes


def parcel_of(letter: Letter, name: str, links: Mapping[str, Link], settings: Settings, code: str = "") -> Parcel:
    """Return a letter to a person of a name as a parcel, its links filled in, and the code to sign in by if it has one.

    Raises NoAddressError.
    """
    message = EmailMessage(policy=_Policy() + SMTP)
    _head(message, letter, name, settings)
    text = _filled(letter.text_body, links, settings).replace(CODE, code)
    message.set_content(text, cte="quoted-printable")
    if letter.html_body:
        message.add_alternative(_filled(letter.html_body, links, settings), subtype="html", cte="quoted-printable")
    if letter.calendar:
        params = {"method": "PUBLISH"}
        message.add_attachment(
            letter.calendar, subtype="calendar", filename="due-dates.ics", params=params, cte="quoted-printable"
        )
    if letter.seal:
        name = f"{letter.clinic}-{letter.written_at:%Y-%m-%d}.seal"
        message.add_attachment(letter.seal, filename=name, cte="quoted-printable")
    return Parcel(letter.id, return_path(letter.id, settings), letter.address, message.as_bytes())


def _head(message: EmailMessage, letter: Letter, name: str, settings: Settings) -> None:
    message["From"] = settings.mail_from
    message["To"] = _address(name, letter.address)
    message["Reply-To"] = settings.mail_from
    message["Subject"] = letter.subject
    message["Date"] = letter.written_at
    message["Message-ID"] = letter.message_id
    if letter.references:
        message["In-Reply-To"] = " ".join(letter.references)
        message["References"] = " ".join(letter.references)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"


def _address(name: str, address: str) -> Address:
    try:
        right = Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, HeaderParseError) as error:
        # The standard library answers different mistakes with each of these.
        raise NoAddressError(f"“{address}” is no e-mail address.") from error
    if not address.isascii() or not right.domain:
        raise NoAddressError(f"No mail can go to “{address}”.")
    return right


def _filled(body: str, links: Mapping[str, Link], settings: Settings) -> str:
    """Put the links of the letter into a body; a placeholder of any other letter stays one."""

    def address(found: re.Match[str]) -> str:
        link = links.get(found.group(1))
        return url_of(link, settings) if link else found.group(0)

    return _PLACEHOLDER.sub(address, body)
