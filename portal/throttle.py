"""Throttle: how often one link and one address may ask (SECURITY.md, links and pages)."""

from dataclasses import dataclass, field
from hashlib import sha256

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from portal.cookies import attempt_in, sign_in_token, token_in
from portal.honest_pages import HonestPageError


@dataclass(frozen=True)
class Throttle:
    """Limits in the words of the `limits` library, counted in this process's memory."""

    per_token: str = "10/minute"  # noqa: S105 - a limit
    """Openings and answers of one link."""
    per_address: str = "60/minute"
    """Everything but the style sheet, from one client address."""
    _limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    def hit(self, limit: str, *who: str) -> None:
        """Count one request. Raises HonestPageError with status 429 when it is one too many."""
        if not self._limiter.hit(parse(limit), *who):
            raise HonestPageError("too_many", 429)


def by_address(request: Request) -> None:
    """Count a request against its client's address."""
    throttle = _throttle_of(request)
    throttle.hit(throttle.per_address, "address", request.client.host if request.client else "")


def by_token(request: Request) -> None:
    """Count a request against the link it came with: in its path, or in its cookie."""
    token = str(request.path_params.get("token") or token_in(request))
    throttle = _throttle_of(request)
    throttle.hit(throttle.per_token, "token", sha256(token.encode(errors="replace")).hexdigest())


def by_attempt(request: Request) -> None:
    """Count a request against the browser's attempt to sign in."""
    throttle = _throttle_of(request)
    throttle.hit(throttle.per_token, "attempt", sha256(attempt_in(request).encode(errors="replace")).hexdigest())


def by_sign_in(request: Request) -> None:
    """Count a request against the sign-in it came with."""
    throttle = _throttle_of(request)
    throttle.hit(throttle.per_token, "desk", sha256(sign_in_token(request).encode(errors="replace")).hexdigest())


def by_report(request: Request) -> None:
    """Count a report against its client's address; few are made, and nobody signs in for one."""
    throttle = _throttle_of(request)
    throttle.hit(throttle.per_token, "report", request.client.host if request.client else "")


def _throttle_of(request: Request) -> Throttle:
    throttle = request.app.state.throttle
    if not isinstance(throttle, Throttle):
        raise TypeError(throttle)
    return throttle
