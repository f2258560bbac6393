"""The front of the desk: what can be taken in, and what is open."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.intakes import duties_with_intake, intake_of
from models.register import register_of
from models.store import reading
from portal.desk.guest import guest_of
from portal.desk.report import report_path
from portal.pages import page
from portal.place import place_of
from portal.throttle import by_address

router = APIRouter(dependencies=[Depends(by_address)])


@router.api_route("/desk", methods=["GET", "HEAD"])
def show(web: Request) -> Response:
    """Show the desk to whoever is signed in; others sign in first."""
    with reading() as session:
        guest = guest_of(session, web)
        if guest is None:
            return RedirectResponse(f"{place_of(web).prefix}/desk/sign-in", 303)
        rows = [row for row in register_of(session, guest.clinic.slug, guest.today) if row.closed_on is None]
    report = f"{place_of(web).base_url}{report_path(guest.clinic.slug)}"
    intakes = [(duty, intake_of(duty)) for duty in duties_with_intake()]
    return page(web, "desk/front", guest=guest, intakes=intakes, rows=rows, report=report)
