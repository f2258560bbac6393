"""Origins: a form counts only when it was sent from one of our own pages."""

from starlette.requests import Request

from portal.honest_pages import HonestPageError
from portal.place import place_of


def refuse_foreign(request: Request) -> None:
    """Raise HonestPageError for a form that another site sent. Browsers say so; the cookie is SameSite besides."""
    origin = request.headers.get("origin")
    foreign = origin is not None and origin.lower() != place_of(request).origin
    if foreign or request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise HonestPageError("foreign", 403)
