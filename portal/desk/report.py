"""Reporting an incident without a name: by a link that hangs in the break room, from any phone."""

import hmac
from base64 import urlsafe_b64encode

from fastapi import APIRouter, Depends
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.duties.incident import INCIDENT
from models.intakes import intake_of, one_at_a_time, open_request
from models.occasions import occasion_at
from models.settings import load_settings
from models.sheets.form import entries_of, read
from models.sheets.intake import Intake
from models.store import reading, transaction
from models.submissions import SHEET
from models.tables import Clinic
from notifications.links import link_key
from portal.forms import EMPTY, Form, Typed
from portal.honest_pages import HonestPageError
from portal.origins import refuse_foreign
from portal.pages import page
from portal.place import place_of
from portal.throttle import by_address, by_report

router = APIRouter(prefix="/report", dependencies=[Depends(by_address)])
UNNAMED = "unnamed"
"""Who reports, as the ledger has it."""
_PURPOSE = b"wellkept report 1\x00"
_CHARACTERS = 22


def report_path(clinic: str) -> str:
    """Return the path by which anybody who has it reports to a clinic; nobody guesses it."""
    digest = hmac.digest(link_key(load_settings().data_dir), _PURPOSE + clinic.encode(), "sha256")
    return f"/report/{urlsafe_b64encode(digest).decode()[:_CHARACTERS]}"


@router.api_route("/{token}", methods=["GET", "HEAD"])
def show(web: Request, token: str) -> Response:
    """Show the card."""
    with reading() as session:
        clinic = _clinic(session, token)
    return _form(web, clinic, token)


@router.post("/{token}", dependencies=[Depends(refuse_foreign), Depends(by_report)])
def report(web: Request, token: str, typed: Form) -> Response:
    """Open the incident, or return the card with what is still to be mended; nothing typed is lost."""
    with reading() as session:
        clinic = _clinic(session, token)
        occasion = occasion_at(session, clinic.slug, UNNAMED)
    sheet, refusals = read(intake_of(INCIDENT), typed.sheet(), occasion)
    if refusals or not isinstance(sheet, Intake):
        faults = [(f"{SHEET}{refusal.field}", refusal.words) for refusal in refusals]
        return _form(web, clinic, token, typed, faults, 422)
    with transaction() as tx:
        one_at_a_time(tx, clinic.slug)
        number = open_request(tx, INCIDENT, sheet, occasion, clinic.slug).case.named
    return RedirectResponse(f"{place_of(web).prefix}/report/{token}/thanks/{number}", 303)


@router.api_route("/{token}/thanks/{number}", methods=["GET", "HEAD"])
def thanks(web: Request, token: str, number: str) -> Response:
    """Say that it was taken, and its number."""
    with reading() as session:
        clinic = _clinic(session, token)
    return page(web, "desk/thanks", clinic=clinic, token=token, number=number)


def _form(
    web: Request,
    clinic: Clinic,
    token: str,
    typed: Typed = EMPTY,
    faults: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Response:
    card = intake_of(INCIDENT)
    facts = {
        "clinic": clinic,
        "token": token,
        "typed": typed.kept(),
        "faults": faults or [],
    }
    return page(web, "desk/report", status, sheet=card, entries=entries_of(card), **facts)


def _clinic(session: Session, token: str) -> Clinic:
    for clinic in session.exec(select(Clinic).order_by(Clinic.slug)):
        if hmac.compare_digest(report_path(clinic.slug).encode(), f"/report/{token}".encode(errors="replace")):
            return clinic
    raise HonestPageError("not_found", 404)
