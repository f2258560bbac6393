"""The incident register and its yearly figures as a page."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from models.duties.incident import INCIDENT
from models.incidents import figures_of, incidents_of
from models.store import reading
from portal.desk.guest import SignedIn
from portal.pages import page
from portal.throttle import by_address

router = APIRouter(prefix="/desk", dependencies=[Depends(by_address)])


@router.api_route("/incidents", methods=["GET", "HEAD"])
def show(web: Request, guest: SignedIn) -> Response:
    """Show what went wrong, what it was found to be, and the figures of each year; nothing about anybody."""
    with reading() as session:
        incidents = incidents_of(session, guest.clinic.slug, guest.today)
    years = figures_of(incidents)
    return page(web, "desk/incidents", guest=guest, incidents=incidents, years=years, duty=INCIDENT.name)
