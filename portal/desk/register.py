"""The register of requests as a page."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from models.register import register_of
from models.store import reading
from portal.desk.guest import SignedIn
from portal.pages import page
from portal.throttle import by_address

router = APIRouter(prefix="/desk", dependencies=[Depends(by_address)])


@router.api_route("/register", methods=["GET", "HEAD"])
def show(web: Request, guest: SignedIn) -> Response:
    """Show what was asked of the practice and what came of it, without a fact about anybody."""
    with reading() as session:
        rows = register_of(session, guest.clinic.slug, guest.today)
    return page(web, "desk/register", guest=guest, rows=rows)
