"""Cookies: a link's token, kept out of addresses and sent back for its own letter only."""

from starlette.requests import Request
from starlette.responses import Response

from portal.place import Place

NAME = "wellkept_link"
SIGN_IN = "wellkept_desk"
ATTEMPT = "wellkept_attempt"
LONGEST = 200
"""Characters of a cookie that are looked at."""


def keep_token(response: Response, place: Place, letter_id: str, token: str) -> None:
    """Give the browser the token of a link, for the pages of its letter, until the browser is closed."""
    path = f"{place.prefix}/a/{letter_id}"
    response.set_cookie(NAME, token, path=path, secure=place.https, httponly=True, samesite="lax")


def keep_sign_in(response: Response, place: Place, token: str) -> None:
    """Give the browser the token of a sign-in, for every page of the portal, until the browser is closed."""
    path = f"{place.prefix}/"
    response.set_cookie(SIGN_IN, token, path=path, secure=place.https, httponly=True, samesite="lax")


def forget_sign_in(response: Response, place: Place) -> None:
    """Take the token of a sign-in from the browser."""
    response.delete_cookie(SIGN_IN, path=f"{place.prefix}/", secure=place.https, httponly=True, samesite="lax")


def keep_attempt(response: Response, place: Place, attempt: str) -> None:
    """Give the browser that asked for a code what the code is bound to."""
    path = f"{place.prefix}/desk"
    response.set_cookie(ATTEMPT, attempt, path=path, secure=place.https, httponly=True, samesite="lax")


def sign_in_token(request: Request) -> str:
    """Return the token of a sign-in that a browser sent back, or an empty text."""
    return request.cookies.get(SIGN_IN, "")[:LONGEST]


def attempt_in(request: Request) -> str:
    """Return what a browser holds that asked for a code, or an empty text."""
    return request.cookies.get(ATTEMPT, "")[:LONGEST]


def token_in(request: Request) -> str:
    """Return the token a browser sent back, or an empty text."""
    return request.cookies.get(NAME, "")[:LONGEST]
