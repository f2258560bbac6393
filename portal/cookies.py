"""Cookies: a link's token, kept out of addresses and sent back for its own letter only."""

from starlette.requests import Request
from starlette.responses import Response

from portal.place import Place

NAME = "wellkept_link"
LONGEST = 200
"""Characters of a cookie that are looked at."""


def keep_token(response: Response, place: Place, letter_id: str, token: str) -> None:
    """Give the browser the token of a link, for the pages of its letter, until the browser is closed."""
    path = f"{place.prefix}/a/{letter_id}"
    response.set_cookie(NAME, token, path=path, secure=place.https, httponly=True, samesite="lax")


def token_in(request: Request) -> str:
    """Return the token a browser sent back, or an empty text."""
    return request.cookies.get(NAME, "")[:LONGEST]
