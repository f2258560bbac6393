"""Troubles: every error of the portal as a calm page."""

import logging

from fastapi import FastAPI
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.case_keys import CaseKeyError
from models.cases import BrokenCaseError, ShreddedError
from models.private_file import SecretFileError
from models.store import CollisionError, NoStoreError
from portal.forms import EMPTY
from portal.headers import headers_for
from portal.honest_pages import HonestPageError
from portal.pages import page
from portal.place import place_of

log = logging.getLogger(__name__)
BY_STATUS = {400: "garbled", 404: "not_found", 405: "wrong_method"}
A_MINUTE = "60"


def answer_troubles(app: FastAPI) -> None:
    """Give an application a page for each error it can meet."""
    app.add_exception_handler(HonestPageError, _honest)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(NoStoreError, _store_away)
    app.add_exception_handler(CollisionError, _store_away)
    app.add_exception_handler(PoolTimeoutError, _store_away)
    for trouble in (CaseKeyError, BrokenCaseError, SecretFileError):
        app.add_exception_handler(trouble, _unreadable)
    app.add_exception_handler(ShreddedError, _shredded)
    app.add_exception_handler(Exception, _fault)


def _honest(request: Request, error: Exception) -> Response:
    if not isinstance(error, HonestPageError):
        raise error
    response = page(request, f"honest/{error.name}", error.status, **error.facts)
    if error.name == "too_many":
        response.headers["Retry-After"] = A_MINUTE
    return response


def _by_status(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    response = page(request, f"honest/{BY_STATUS.get(error.status_code, 'garbled')}", error.status_code)
    response.headers.update(error.headers or {})
    return response


def _store_away(request: Request, error: Exception) -> Response:
    """Say what is known, and keep what was typed in a form that can be sent again.

    Whether an answer was recorded is not known when the connection broke while it was.
    """
    typed = getattr(request.state, "typed", EMPTY)
    action = f"{place_of(request).prefix}{request.url.path}"
    facts = {"typed": typed.kept(), "action": action, "collided": isinstance(error, CollisionError)}
    response = page(request, "honest/store_away", 503, **facts)
    response.headers["Retry-After"] = A_MINUTE
    return response


def _unreadable(request: Request, error: Exception) -> Response:
    """Say that cases cannot be read now, and keep what was typed in a form that can be sent again."""
    log.error("Cases cannot be read: %s", error)
    typed = getattr(request.state, "typed", EMPTY)
    action = f"{place_of(request).prefix}{request.url.path}"
    return page(request, "honest/unreadable", 503, typed=typed.kept(), action=action)


def _shredded(request: Request, _error: Exception) -> Response:
    return page(request, "honest/shredded", 410)


def _fault(request: Request, _error: Exception) -> Response:
    """Answer for a fault of ours. It is sent outside every middleware, so it brings its own headers."""
    response = page(request, "honest/fault", 500)
    response.headers.update(headers_for(https=place_of(request).https))
    return response
