"""Body limit: what no form can be is refused at once and never held in memory."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 64_000_000
"""Bytes of a whole form. Far more than any text: a form is read piece by piece, so that what was typed beside a too
large file comes back to its writer."""
DRAINED = 64_000_000
"""Bytes read and thrown away after the refusal, so that a browser still sending gets to read it."""


class TooLarge(Exception):  # noqa: N818 - it is a signal between two layers, not a fault
    """The body turned out too large while it was read."""


class BodyLimit:
    """ASGI middleware that answers a too large body with a page of its own."""

    def __init__(self, app: ASGIApp, *, refusal: Response) -> None:
        """Wrap an application; `refusal` is the page to answer with."""
        self.app = app
        self.refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > LARGEST:
            await self._refuse(receive, send)
            return
        try:
            await self.app(scope, _counted(receive), send)
        except TooLarge:
            await self._refuse(receive, send)

    async def _refuse(self, receive: Receive, send: Send) -> None:
        """Send the whole page first, then throw away what still comes in."""
        headers = [*self.refusal.raw_headers, (b"connection", b"close")]
        await send({"type": "http.response.start", "status": self.refusal.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self.refusal.body, "more_body": True})
        drained, more = 0, True
        while more and drained < DRAINED:
            message = await receive()
            drained += len(message.get("body", b""))
            more = bool(message.get("more_body", False))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _counted(receive: Receive) -> Receive:
    """Return a receive that raises TooLarge once too much has come: a length may be missing or a lie."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST:
            raise TooLarge
        return message

    return counted
