"""Headers every answer of the portal carries (SECURITY.md, links and pages)."""

from secure import (
    CacheControl,
    ContentSecurityPolicy,
    CustomHeader,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
)
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
A_YEAR = 31_536_000


def headers_for(*, https: bool) -> dict[str, str]:
    """Return the headers; HSTS only where people come over TLS."""
    secure = Secure(
        cache=CacheControl().no_store(),
        csp=ContentSecurityPolicy().set(CSP),
        hsts=StrictTransportSecurity().max_age(A_YEAR).include_subdomains() if https else None,
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        custom=[CustomHeader("X-Robots-Tag", "noindex")],
    )
    return {name: value for name, value in secure.headers.items() if value}


class SafeHeaders:
    """ASGI middleware that puts the headers on every answer, errors included."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """Wrap an application."""
        self.app = app
        self.headers = headers_for(https=https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to the answer's head."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, with_headers)
