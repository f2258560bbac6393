"""A mailbox to test with: a real SMTP server on loopback that keeps what it is sent, and refuses on request."""

import asyncio
import socket
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.mailfolder import Mail, MailFolder

REFUSE_LIST = "refuse.txt"
"""File in the folder with one address a line; read anew for each mail."""


def free_port() -> int:
    """Return a TCP port on loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Mailbox:
    """An SMTP server on 127.0.0.1 in its own thread. Mails become .eml files in `folder`.

    It answers 550 to the addresses in `refused` and in the folder's refuse.txt, and 451 while `busy` is true. A mail
    that it has kept is answered after `pause` seconds, with the bytes in `reply` where there are any.
    """

    def __init__(self, folder: Path, port: int | None = None, refused: Iterable[str] = ()) -> None:
        """Take the folder, a port (a free one where none is given) and addresses that take no mail."""
        self.folder = MailFolder(folder)
        self.port = port or free_port()
        self.refused = {address.casefold() for address in refused}
        self.busy = False
        self.pause = 0.0
        self.reply: bytes | None = None
        self._controller: Controller | None = None

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        self.folder.path.mkdir(parents=True, exist_ok=True)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Stop listening; the mails stay."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> Self:
        """Listen for the time of a with block."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.stop()

    def mails(self) -> list[Mail]:
        """Return every mail, oldest first."""
        return self.folder.mails()

    def to(self, address: str) -> list[Mail]:
        """Return the mails to an address, oldest first."""
        return self.folder.to(address)

    @staticmethod
    def links(mail: Mail) -> list[str]:
        """Return the portal's links in a mail, in order."""
        return mail.links

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if self.busy:
            return "451 4.3.0 Too busy, try again later"
        if address.casefold() in self.refused | self._refuse_list():
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the same
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str | bytes:
        """Keep a mail, once for each recipient."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            kept = self.folder.keep(content, envelope.mail_from or "", recipient)
        await asyncio.sleep(self.pause)
        return self.reply or f"250 OK kept as {kept.id}"

    def _refuse_list(self) -> set[str]:
        path = self.folder.path / REFUSE_LIST
        return {line.strip().casefold() for line in path.read_text().splitlines()} if path.exists() else set()
