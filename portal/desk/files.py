"""Case files at the desk: a case's clock and standing to everybody signed in, its facts and letters after the PIN."""

from datetime import datetime

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.attachments import LARGEST, AttachmentError, attach, attachment_of
from models.breaches import ClosedIncidentError, still_open
from models.case_file import CaseFile, open_file
from models.duties.incident import INCIDENT
from models.duties.third_party import THIRD_PARTY
from models.intakes import clocks_of_case
from models.occasions import occasion_at
from models.revocations import note_revocation
from models.sheets.form import entries_of, read
from models.sheets.third_party import REVOKED, Revocation
from models.standing import standing_of
from models.store import reading, transaction
from models.tables import Case, Cycle
from notifications.sign_ins import prove_pin_at_desk
from portal.case_pages import shown
from portal.desk.case_access import cycle_at, is_of_the_case, need_facts
from portal.desk.guest import Guest, SignedIn
from portal.forms import Form
from portal.honest_pages import HonestPageError
from portal.letter_pdf import letter_pdf
from portal.origins import refuse_foreign
from portal.pages import page
from portal.place import place_of
from portal.sieve import sieved
from portal.throttle import by_address, by_sign_in

router = APIRouter(prefix="/desk", dependencies=[Depends(by_address)])
WRONG_PIN = "That is not your PIN. After five wrong ones the desk closes."
PATH = "/case/{duty}/{number}"


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(web: Request, duty: str, number: str, guest: SignedIn) -> Response:
    """Show a case; its facts only to its people, and only after their PIN."""
    return _show(web, duty, number, guest)


@router.post(f"{PATH}/open", dependencies=[Depends(refuse_foreign), Depends(by_sign_in)])
def open_(web: Request, duty: str, number: str, typed: Form, guest: SignedIn) -> Response:
    """Take the PIN and show the facts for a while."""
    if not prove_pin_at_desk(guest.sign_in.id, typed.of("pin").strip()):
        return _show(web, duty, number, guest, fault=WRONG_PIN, status=422)
    return RedirectResponse(f"{place_of(web).prefix}/desk/case/{duty}/{number}", 303)


@router.post(f"{PATH}/revoked", dependencies=[Depends(refuse_foreign)])
def revoke(web: Request, duty: str, number: str, typed: Form, guest: SignedIn) -> Response:
    """Note that what a case rests on was taken back; from that moment nothing goes out on it."""
    with reading() as session:
        cycle = cycle_at(session, duty, number, guest)
        occasion = occasion_at(session, cycle.clinic, guest.person.id)
    sheet, refusals = read(Revocation, typed.sheet(), occasion)
    if refusals or not isinstance(sheet, Revocation):
        return _show(web, duty, number, guest, revocation_fault=refusals[0].words, status=422)
    with transaction() as tx:
        note_revocation(tx, cycle.case_id, sheet.revoked_at, guest.person.id)
    return RedirectResponse(f"{place_of(web).prefix}/desk/case/{duty}/{number}", 303)


@router.post(f"{PATH}/attach", dependencies=[Depends(refuse_foreign)])
async def take_file(web: Request, duty: str, number: str, guest: SignedIn) -> Response:
    """Attach a scan to the case; one that is too large or no scan is told so, and nothing else is lost."""
    async with sieved(web) as form:
        upload, name, content = form.get("file"), "", b""
        if isinstance(upload, UploadFile) and upload.filename:
            name, content = upload.filename, await upload.read()
    return await run_in_threadpool(_attach, web, duty, number, guest, name, content)


def _attach(web: Request, duty: str, number: str, guest: Guest, name: str, content: bytes) -> Response:
    with reading() as session:
        cycle = cycle_at(session, duty, number, guest)
        need_facts(session, cycle, guest)
    try:
        with transaction() as tx:
            if cycle.duty == INCIDENT.name:
                still_open(tx.session, cycle.key)
            attach(tx, cycle.case_id, name, content, guest.person.id)
    except AttachmentError as error:
        fault = str(error) if name else "Choose a file first."
        return _show(web, duty, number, guest, file_fault=fault, status=413 if len(content) > LARGEST else 422)
    except ClosedIncidentError as error:
        return _show(web, duty, number, guest, file_fault=str(error), status=409)
    return RedirectResponse(f"{place_of(web).prefix}/desk/case/{duty}/{number}", 303)


@router.api_route(f"{PATH}/attachment/{{at}}", methods=["GET", "HEAD"])
def attachment(duty: str, number: str, at: int, guest: SignedIn) -> Response:
    """Hand over a file of the case, to be saved and not shown."""
    with reading() as session:
        cycle = cycle_at(session, duty, number, guest)
        allowed = guest.sees_facts and is_of_the_case(session, cycle, guest)
    found = None
    if allowed:
        with transaction() as tx:
            why = f"its attachment {at}"
            found = attachment_of(tx, cycle.case_id, at, guest.person.id, why)
    if found is None:
        raise HonestPageError("not_found", 404)
    headers = {"Content-Disposition": f'attachment; filename="{number}-{at}.{found.ending}"'}
    return Response(found.content, media_type=found.kind, headers=headers)


@router.api_route(f"{PATH}/letter/{{at}}", methods=["GET", "HEAD"])
def letter(duty: str, number: str, at: int, guest: SignedIn) -> Response:
    """Hand over a letter of the case as PDF, as it went out."""
    with reading() as session:
        cycle = cycle_at(session, duty, number, guest)
        allowed = guest.sees_facts and is_of_the_case(session, cycle, guest)
    file = _file(cycle, guest, "a letter of it") if allowed else CaseFile("")
    letters = list(file.letters())
    if not 1 <= at <= len(letters):
        raise HonestPageError("not_found", 404)
    headers = {"Content-Disposition": f'inline; filename="{number}-{at}.pdf"'}
    return Response(letter_pdf(letters[at - 1].told.text, number), media_type="application/pdf", headers=headers)


def _show(
    web: Request,
    duty: str,
    number: str,
    guest: Guest,
    *,
    fault: str = "",
    revocation_fault: str = "",
    file_fault: str = "",
    status: int = 200,
) -> Response:
    with reading() as session:
        cycle = cycle_at(session, duty, number, guest)
        clocks, standing = clocks_of_case(session, cycle), standing_of(session, cycle.key)
        may_see = is_of_the_case(session, cycle, guest)
    told = shown(_file(cycle, guest, "the case's page"), guest.clinic.time_zone) if may_see and guest.sees_facts else []
    facts = {"guest": guest, "cycle": cycle, "clocks": clocks, "standing": standing, "may_see": may_see, "told": told}
    revocable = cycle.closed_at is None and cycle.duty == THIRD_PARTY.name
    facts |= {"revocable": revocable, "revocation": entries_of(Revocation), "revoked_at": _revoked_at(cycle)}
    facts["is_incident"] = cycle.duty == INCIDENT.name
    facts |= {"revocation_fault": revocation_fault, "file_fault": file_fault}
    letters = [(at, each) for at, each in enumerate((each for each in told if each.text), 1)]
    return page(web, "desk/case", status, fault=fault, letters=letters, **facts)


def _revoked_at(cycle: Cycle) -> datetime | None:
    """Return when what a case rests on was taken back, if it was."""
    with reading() as session:
        told = session.get_one(Case, cycle.case_id).told
    return datetime.fromisoformat(told[REVOKED]) if REVOKED in told else None


def _file(cycle: Cycle, guest: Guest, why: str) -> CaseFile:
    with transaction() as tx:
        return open_file(tx, cycle.case_id, guest.person.id, why)
