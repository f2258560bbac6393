"""Plain answers: the front page, the style sheet, and whether the portal is well."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from models.store import NoStoreError, reading
from portal.pages import page

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def front(web: Request) -> Response:
    """Say what this is."""
    return page(web, "front")


@router.api_route("/portal.css", methods=["GET", "HEAD"])
def style() -> Response:
    """Return the one style sheet."""
    return Response(_style(), media_type="text/css")


@router.api_route("/health", methods=["GET", "HEAD"])
def health() -> Response:
    """Return 200 when the store answers, 503 when it does not."""
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
    except NoStoreError:
        return PlainTextResponse("The store is away.\n", 503)
    return PlainTextResponse("Well.\n")


@cache
def _style() -> str:
    return files("portal").joinpath("static/portal.css").read_text("utf-8")
