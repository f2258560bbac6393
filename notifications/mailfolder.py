"""Mail folders: mails kept as .eml files, oldest first by name. The demo's mailbox and the tests read them."""

import itertools
import os
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property
from pathlib import Path

from models import clock

_LINK = re.compile(r"https?://\S+/l/[\w-]+")
_numbers = itertools.count()


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    path: Path

    @property
    def id(self) -> str:
        """Return the name of its file without the ending."""
        return self.path.stem

    @cached_property
    def message(self) -> EmailMessage:
        """Return the parsed mail."""
        return message_from_bytes(self.path.read_bytes(), policy=policy.default)

    @property
    def source(self) -> str:
        """Return the mail as it came over the wire; bytes that are no UTF-8 are replaced."""
        return self.path.read_text("utf-8", errors="replace")

    @property
    def to(self) -> str:
        """Return the address it was delivered to."""
        return str(self.message["Delivered-To"] or "")

    @property
    def name(self) -> str:
        """Return the name it is addressed to, or the address."""
        named = getaddresses([str(self.message["To"] or "")])
        return (named[0][0] if named else "") or self.to

    @property
    def subject(self) -> str:
        """Return its subject line."""
        return str(self.message["Subject"] or "(no subject)")

    @property
    def message_id(self) -> str:
        """Return its Message-ID, with the angle brackets."""
        return str(self.message["Message-ID"] or "")

    @property
    def sent_at(self) -> datetime | None:
        """Return the moment it says it was written; None when it does not say."""
        date = self.message["Date"]
        return parsedate_to_datetime(str(date)) if date else None

    @property
    def text(self) -> str:
        """Return its plain-text part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """Return its HTML part."""
        return self._part("html")

    @property
    def calendar(self) -> str | None:
        """Return the calendar file that came with it."""
        found = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        return str(found[0].get_content()) if found else None

    @property
    def links(self) -> list[str]:
        """Return the portal's links in its plain-text part, in order."""
        return _LINK.findall(self.text)

    def _part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


@dataclass(frozen=True)
class MailFolder:
    """A folder of mails."""

    path: Path

    def mails(self) -> list[Mail]:
        """Return every mail, oldest first."""
        return [Mail(path) for path in sorted(self.path.glob("*.eml"))]

    def to(self, address: str) -> list[Mail]:
        """Return the mails that were delivered to an address, oldest first."""
        return [mail for mail in self.mails() if mail.to.casefold() == address.casefold()]

    def mail(self, mail_id: str) -> Mail | None:
        """Return the mail with this id, if there is one."""
        return next((mail for mail in self.mails() if mail.id == mail_id), None)

    def keep(self, content: bytes, sender: str, recipient: str) -> Mail:
        """Keep a mail as it arrived, with its envelope above it as mail servers write it. Readers never see half."""
        self.path.mkdir(parents=True, exist_ok=True)
        name = f"{clock.real_now():%Y%m%dT%H%M%S.%f}-{os.getpid()}-{next(_numbers):06}"
        draft, path = self.path / f"{name}.part", self.path / f"{name}.eml"
        draft.write_bytes(f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode() + content)
        draft.replace(path)
        return Mail(path)
