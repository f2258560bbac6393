"""The token that Prefect's server wants to see with every change, fetched by the worker for all of its runs.

Each client of a run would ask for one of its own, twice a run. A token belongs to a client's name and lasts an hour;
who asks anew under the same name makes the old one worthless. So the worker takes a new name each time it asks.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from prefect.client.base import PrefectHttpxAsyncClient
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import CsrfToken

from models.clock import real_now

FRESH = timedelta(minutes=20)
"""How long the worker hands out the same token; a run has the rest of its hour."""
SOON = timedelta(minutes=1)
"""When the worker asks again after it was given none."""


@dataclass(frozen=True)
class Token:
    """A token, the name of the client it was given to, and when it expires, as ISO 8601."""

    client: str
    token: str
    expires: str

    def still_good(self) -> bool:
        """Return whether it can still be used."""
        return real_now() < datetime.fromisoformat(self.expires)


class Tokens:
    """Where the worker keeps the token of now."""

    def __init__(self) -> None:
        """Have none yet."""
        self._now: Token | None = None
        self._ask_again_at = datetime.min.replace(tzinfo=UTC)

    async def fresh(self, line: PrefectClient) -> Token | None:
        """Return a token that has most of its time before it; None where none is given: runs ask for their own then."""
        if real_now() > self._ask_again_at:
            self._now = await _fetch(line)
            self._ask_again_at = real_now() + (FRESH if self._now else SOON)
        return self._now


async def _fetch(line: PrefectClient) -> Token | None:
    name = str(uuid4())
    try:
        answer = await line.request("GET", "/csrf-token", params={"client": name})
    except httpx.HTTPError:
        return None
    given = CsrfToken.model_validate(answer.json())
    return Token(name, given.token, given.expiration.isoformat())


def use(token: Token) -> None:
    """Let each client of this process use the token; one that was refused, or whose hour is over, asks for its own."""
    add = PrefectHttpxAsyncClient._add_csrf_headers  # noqa: SLF001 - nothing public is called before the first change

    async def add_csrf_headers(client: Any, request: Any) -> None:  # noqa: ANN401 - Prefect's and httpx's own
        if client.csrf_client_id == token.client and not (client.csrf_token and token.still_good()):
            client.csrf_client_id, client.csrf_token = uuid4(), None
        elif client.csrf_token is None and token.still_good():
            client.csrf_client_id, client.csrf_token = token.client, token.token
        await add(client, request)

    PrefectHttpxAsyncClient._add_csrf_headers = add_csrf_headers  # type: ignore[assignment, method-assign]  # noqa: SLF001
