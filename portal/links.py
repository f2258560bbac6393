"""Links: where a letter's link leads, and how to get a fresh one."""

import logging

from fastapi import APIRouter, Depends
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.fresh_links import queue_fresh_links
from models.store import reading, transaction
from models.tables import Link
from models.viewing import note_view
from notifications.links import find_link
from portal.cookies import keep_token
from portal.forms import Form
from portal.origins import refuse_foreign
from portal.pages import page
from portal.place import place_of
from portal.throttle import by_address, by_token
from portal.visits import live_link

router = APIRouter(dependencies=[Depends(by_address)])
log = logging.getLogger(__name__)


@router.post("/l/fresh", dependencies=[Depends(refuse_foreign)])
def ask_for_fresh_link(web: Request, typed: Form) -> Response:
    """Say the same to everybody; the letter is written after the answer is out, so that timing says nothing either."""
    with reading() as session:
        link = find_link(session, typed.of("token"))
    answer = page(web, "honest/fresh")
    answer.background = BackgroundTask(_queue, link.id if link else None)
    return answer


@router.api_route("/l/{token}", methods=["GET", "HEAD"], dependencies=[Depends(by_token)])
def open_link(web: Request, token: str) -> Response:
    """Take the token out of the address: into a cookie, and on to the page it opens. Shows and decides nothing."""
    with transaction() as tx:
        link = live_link(tx.session, token)
        note_view(tx, link.id)
    place = place_of(web)
    onward = f"/{link.request_id}" if link.request_id else ""
    response = RedirectResponse(f"{place.prefix}/a/{link.letter_id}{onward}", 303)
    keep_token(response, place, link.letter_id, token)
    return response


def _queue(link_id: str | None) -> None:
    if link_id is None:
        return
    with transaction() as tx:
        queued = queue_fresh_links(tx, tx.session.get_one(Link, link_id))
    log.info("Queued %d fresh links.", len(queued))
