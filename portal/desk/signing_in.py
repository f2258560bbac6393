"""Signing in at the desk: an address, a code by mail, and the desk is open for a working day."""

import secrets

from fastapi import APIRouter, Depends
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.store import reading
from notifications.sign_ins import CODE_DIGITS, CODE_TIME, ask_for_code, sign_in_by_code, sign_out, token_of
from portal.cookies import attempt_in, forget_sign_in, keep_attempt, keep_sign_in
from portal.desk.guest import SignedIn, guest_of
from portal.forms import Form
from portal.origins import refuse_foreign
from portal.pages import page
from portal.place import place_of
from portal.throttle import by_address, by_attempt

router = APIRouter(prefix="/desk", dependencies=[Depends(by_address)])


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show(web: Request) -> Response:
    """Show where to sign in; whoever is signed in goes on."""
    with reading() as session:
        if guest_of(session, web):
            return RedirectResponse(f"{place_of(web).prefix}/desk", 303)
    return page(web, "desk/sign_in", fault="", address="")


@router.post("/sign-in", dependencies=[Depends(refuse_foreign)])
def ask(web: Request, typed: Form) -> Response:
    """Send a code, and say the same whoever asks; the letter is written after the page is out."""
    address = typed.of("address").strip()
    if "@" not in address:
        fault = "Type the e-mail address that the practice has for you."
        return page(web, "desk/sign_in", 422, fault=fault, address=address)
    attempt = secrets.token_urlsafe(32)
    response = _code_page(web, address)
    keep_attempt(response, place_of(web), attempt)
    response.background = BackgroundTask(ask_for_code, address, attempt)
    return response


@router.post("/code", dependencies=[Depends(refuse_foreign), Depends(by_attempt)])
def enter(web: Request, typed: Form) -> Response:
    """Take the code and open the desk."""
    attempt, address = attempt_in(web), typed.of("address").strip()
    found = sign_in_by_code(attempt, typed.of("code")) if attempt else None
    if found is None:
        fault = "That code does not open the desk: it is mistyped, older than ten minutes, or was for another browser."
        return _code_page(web, address, fault, 422)
    response = RedirectResponse(f"{place_of(web).prefix}/desk", 303)
    keep_sign_in(response, place_of(web), token_of(found))
    return response


@router.post("/sign-out", dependencies=[Depends(refuse_foreign)])
def leave(web: Request, guest: SignedIn) -> Response:
    """Close the desk in this browser."""
    sign_out(guest.sign_in.id)
    response = RedirectResponse(f"{place_of(web).prefix}/desk/sign-in", 303)
    forget_sign_in(response, place_of(web))
    return response


def _code_page(web: Request, address: str, fault: str = "", status: int = 200) -> Response:
    minutes = int(CODE_TIME.total_seconds() // 60)
    return page(web, "desk/code", status, fault=fault, address=address, minutes=minutes, digits=CODE_DIGITS)
