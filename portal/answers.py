"""Answers: the page of a request, and handing in what its person decided."""

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.answering import Already, record_answer
from models.answering_errors import AnsweringError, IncompleteError, NoPinError, PinRefusedError
from models.proving import prove_pin
from models.store import reading, transaction
from models.submissions import Fault, Submission
from models.viewing import note_view
from notifications.sign_ins import sign_in_by_link, token_of
from portal.answer_pages import closed_page, form_page, preview_page, wants_preview
from portal.cookies import keep_sign_in
from portal.forms import Form, Typed
from portal.letter_pdf import letter_pdf
from portal.mending import pin_missing, what_to_mend
from portal.obstacles import honest_page, refuse_obstructed
from portal.origins import refuse_foreign
from portal.place import place_of
from portal.throttle import by_address, by_token
from portal.visits import Visit, visit_of

router = APIRouter(dependencies=[Depends(by_address)])
PATH = "/a/{letter_id}/{request_id}"


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(web: Request, letter_id: str, request_id: str) -> Response:
    """Show a request: it decides nothing, and only notes when it was first seen."""
    with transaction() as tx:
        visit = visit_of(tx.session, web, letter_id, request_id)
        refuse_obstructed(tx.session, visit)
        note_view(tx, visit.link.id)
    return closed_page(web, visit) if is_closed(visit) else form_page(web, visit)


@router.post(PATH, dependencies=[Depends(refuse_foreign), Depends(by_token)])
def hand_in(web: Request, letter_id: str, request_id: str, typed: Form) -> Response:
    """Take an answer: record it, or return the page with what is still to be mended."""
    with reading() as session:
        visit = visit_of(session, web, letter_id, request_id)
        refuse_obstructed(session, visit, answered_status=409)
    given = typed.submission(visit.question)
    if visit.question.case_id and (response := _about_case(web, visit, typed, given)):
        return response
    return _not_yet(web, visit, typed, given) or _record(web, visit, typed, given)


def _about_case(web: Request, visit: Visit, typed: Typed, given: Submission) -> Response | None:
    """Return what stands before an answer about a case: its PIN, or the letter that is to be printed first."""
    if typed.of("step") == "unlock":
        return _unlock(web, visit, typed)
    if is_closed(visit):
        return closed_page(web, visit, typed, status=403)
    return _printed(visit, given) if typed.of("step") == "pdf" else None


def _not_yet(web: Request, visit: Visit, typed: Typed, given: Submission) -> Response | None:
    """Return the page that keeps a form from being recorded: something to mend, to look at, or to sign."""
    if found := what_to_mend(visit, typed, given):
        _note_seen(visit)
        return form_page(web, visit, typed, tuple(found), 413 if typed.too_large else 422)
    if typed.of("step") == "edit":
        return form_page(web, visit, typed)
    if wants_preview(visit, typed, given):
        return preview_page(web, visit, typed, given)
    if found := pin_missing(visit, given):
        return form_page(web, visit, typed, tuple(found), 422)
    return None


def is_closed(visit: Visit) -> bool:
    """Tell whether a page is about a case and may not show it before its person has proved who they are."""
    return visit.question.case_id is not None and not visit.sees_facts


def _unlock(web: Request, visit: Visit, typed: Typed) -> Response:
    """Take the PIN and show the case for a while, in this browser and to this person."""
    try:
        prove_pin(visit.link.id, typed.of("pin").strip(), always=True)
    except (PinRefusedError, NoPinError) as error:
        return closed_page(web, visit, typed, str(error), 422)
    except AnsweringError as error:
        with reading() as session:
            raise honest_page(session, _as_it_is_now(session, web, visit), error) from error
    signed_in = sign_in_by_link(visit.person)
    if any(typed.of(name) for name in ("choice", "name")):
        response = form_page(web, visit, typed)
    else:
        response = RedirectResponse(f"{place_of(web).prefix}{visit.path}", 303)
    keep_sign_in(response, place_of(web), token_of(signed_in))
    return response


def _printed(visit: Visit, given: Submission) -> Response:
    """Return the letter as it stands in the form, to be printed or sent; nothing is recorded by that."""
    number = str(visit.question.case_id).rpartition("/")[2]
    headers = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
    return Response(letter_pdf(given.text or "", number), media_type="application/pdf", headers=headers)


def _record(web: Request, visit: Visit, typed: Typed, given: Submission) -> Response:
    """Record an answer and go on to its receipt; a second click is told of the first."""
    try:
        outcome = record_answer(visit.link.id, given)
    except (PinRefusedError, NoPinError) as error:
        return form_page(web, visit, typed, (Fault("pin", str(error)),), 422)
    except IncompleteError:
        with reading() as session:
            now = _as_it_is_now(session, web, visit)
        return form_page(web, now, typed, tuple(what_to_mend(now, typed, given)), 422)
    except AnsweringError as error:
        with reading() as session:
            raise honest_page(session, _as_it_is_now(session, web, visit), error) from error
    if isinstance(outcome, Already):
        with reading() as session:
            refuse_obstructed(session, _as_it_is_now(session, web, visit), answered_status=409)
    return RedirectResponse(f"{place_of(web).prefix}{visit.path}/receipt", 303)


def _as_it_is_now(session: Session, web: Request, visit: Visit) -> Visit:
    """Look at a visit again: the world may have moved while the form was on its way."""
    return visit_of(session, web, visit.link.letter_id, visit.request.id)


def _note_seen(visit: Visit) -> None:
    """Start the moment of reading for a form that was never seen before it was sent."""
    if visit.link.first_viewed_at is None:
        with transaction() as tx:
            note_view(tx, visit.link.id)
