"""Receipts: what was recorded, for the person who decided it, and the exact text they decided about."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from models.store import reading
from portal.honest_pages import HonestPageError
from portal.lists import things_of
from portal.obstacles import refuse_obstructed
from portal.pages import page
from portal.place import place_of
from portal.records import record_of
from portal.throttle import by_address
from portal.visits import visit_of

router = APIRouter(dependencies=[Depends(by_address)])
PATH = "/a/{letter_id}/{request_id}"


@router.api_route(f"{PATH}/receipt", methods=["GET", "HEAD"])
def show_receipt(web: Request, letter_id: str, request_id: str) -> Response:
    """Show the receipt of an answer to whoever gave it; to others the page that says who decided."""
    with reading() as session:
        visit = visit_of(session, web, letter_id, request_id)
        if visit.answer is None:
            return RedirectResponse(f"{place_of(web).prefix}{visit.path}", 303)
        if visit.answer.by_id != visit.person.id:
            refuse_obstructed(session, visit)
        record = record_of(session, visit, visit.answer)
        things = [thing for thing in things_of(session, visit.link) if thing.open]
    return page(web, "receipt", visit=visit, record=record, things=things)


@router.api_route(f"{PATH}/document", methods=["GET", "HEAD"])
def download(web: Request, letter_id: str, request_id: str) -> Response:
    """Hand over the exact text that is shown and hashed, as a file."""
    with reading() as session:
        visit = visit_of(session, web, letter_id, request_id)
    digest = visit.request.document_sha256
    if digest is None:
        raise HonestPageError("not_found", 404)
    disposition = f'attachment; filename="{digest[:16]}.md"'
    return PlainTextResponse(visit.document, headers={"Content-Disposition": disposition})
