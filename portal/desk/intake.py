"""The intake: somebody asks, whoever takes it in writes it down, and a case with its clock begins."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.cycles import cycle_key, cycle_named
from models.duties import Duty
from models.intakes import (
    clocks_of_case,
    duties_with_intake,
    intake_of,
    note_second_receipt,
    one_at_a_time,
    open_of_the_same,
    open_request,
)
from models.occasions import case_id, occasion_at
from models.sheets.form import entries_of, read
from models.sheets.intake import Intake
from models.store import reading, transaction
from models.submissions import SHEET
from models.tables import Case
from portal.desk.guest import Guest, SignedIn
from portal.forms import EMPTY, Form, Typed
from portal.honest_pages import HonestPageError
from portal.origins import refuse_foreign
from portal.pages import page
from portal.place import place_of
from portal.throttle import by_address

router = APIRouter(prefix="/desk", dependencies=[Depends(by_address)])
SAME, ANOTHER = "same", "another"


@router.api_route("/new/{duty}", methods=["GET", "HEAD"])
def show(web: Request, duty: str, guest: SignedIn) -> Response:
    """Show the form of an intake; what its address gives of it stands there already."""
    found = _duty(duty)
    given = {
        f"{SHEET}{name}": value for name, value in web.query_params.items() if name in intake_of(found).model_fields
    }
    return _form(web, found, guest, Typed(given, {}))


@router.post("/new/{duty}", dependencies=[Depends(refuse_foreign)])
def take_in(web: Request, duty: str, typed: Form, guest: SignedIn) -> Response:
    """Open the case, or return the form with what is still to be mended; nothing typed is lost."""
    found, clinic = _duty(duty), guest.clinic.slug
    with reading() as session:
        occasion = occasion_at(session, clinic, guest.person.id)
    sheet, refusals = read(intake_of(found), typed.sheet(), occasion)
    if refusals or not isinstance(sheet, Intake):
        faults = [(f"{SHEET}{refusal.field}", refusal.words) for refusal in refusals]
        return _form(web, found, guest, typed, faults, status=422)
    answer = typed.of(SAME)
    with transaction() as tx:
        one_at_a_time(tx, clinic)
        same = {case.named: case for case in open_of_the_same(tx.session, found, sheet, clinic)}
        if answer in same:
            note_second_receipt(tx, found, same[answer].id, sheet, guest.person.id)
            number = answer
        elif not same or answer == ANOTHER:
            number = open_request(tx, found, sheet, occasion, clinic).case.named
        else:
            number = ""
    if not number:
        return _form(web, found, guest, typed, same=list(same.values()), status=422)
    return RedirectResponse(f"{place_of(web).prefix}/desk/opened/{found.name}/{number}", 303)


@router.api_route("/opened/{duty}/{number}", methods=["GET", "HEAD"])
def opened(web: Request, duty: str, number: str, guest: SignedIn) -> Response:
    """Show the clock of a case that was just opened; nothing of what it is about."""
    found = _duty(duty)
    with reading() as session:
        if session.get(Case, case_id(guest.clinic.slug, number)) is None:
            raise HonestPageError("not_found", 404)
        cycle = cycle_named(session, cycle_key(guest.clinic.slug, found.name, number))
        clocks = clocks_of_case(session, cycle)
    return page(web, "desk/opened", guest=guest, duty=found, number=number, cycle=cycle, clocks=clocks)


def _form(
    web: Request,
    duty: Duty,
    guest: Guest,
    typed: Typed = EMPTY,
    faults: list[tuple[str, str]] | None = None,
    same: list[Case] | None = None,
    status: int = 200,
) -> Response:
    facts = {"sheet": intake_of(duty), "entries": entries_of(intake_of(duty)), "typed": typed.kept()}
    wrong = {"faults": faults or [], "same": [(case.named, case.received_on) for case in same or []]}
    return page(web, "desk/intake", status, guest=guest, duty=duty, another=ANOTHER, **facts, **wrong)


def _duty(name: str) -> Duty:
    duties: Mapping[str, Duty] = {duty.name: duty for duty in duties_with_intake()}
    if name not in duties:
        raise HonestPageError("not_found", 404)
    return duties[name]
