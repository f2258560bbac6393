"""The people who are told of a breach: the list, brought as a spreadsheet saves it, and whose notices came back."""

from datetime import date

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.addressees import add_addressees, addressees_of, note_returned
from models.breach_told import BREACH
from models.breaches import ClosedIncidentError, count_breach, still_open
from models.duties.incident import INCIDENT
from models.sheets.addressee import SHAPE, Addressee, ListError, read_list
from models.store import reading, transaction
from models.tables import Case, Cycle
from portal.desk.case_access import cycle_at, is_of_the_case, need_facts
from portal.desk.guest import Guest, SignedIn
from portal.forms import EMPTY, Form, Typed
from portal.honest_pages import HonestPageError
from portal.origins import refuse_foreign
from portal.pages import page
from portal.place import place_of
from portal.throttle import by_address

router = APIRouter(prefix="/desk", dependencies=[Depends(by_address)])
PATH = f"/case/{INCIDENT.name}/{{number}}/people"
BACK = "back-"
"""What the names of the ticks begin with; the number on the list follows."""
PAGE = 100
"""People on one page: as many as a form that ticks them may have fields."""


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(web: Request, number: str, guest: SignedIn, first: int = 1) -> Response:
    """Show the list to the incident's people, after their PIN."""
    return _show(web, number, guest, first=first)


@router.post(PATH, dependencies=[Depends(refuse_foreign)])
def bring(web: Request, number: str, typed: Form, guest: SignedIn) -> Response:
    """Take a list, or say which of its lines cannot be read; nothing of it is taken before all can."""
    cycle = _cycle(number, guest)
    if fault := typed.unreadable.get("text"):
        return _show(
            web, number, guest, typed, fault.replace(".md or .txt", ".csv or .txt"), 413 if typed.too_large else 422
        )
    try:
        found = read_list(typed.of("text"))
        with transaction() as tx:
            still_open(tx.session, cycle.key)
            add_addressees(tx, cycle.case_id, found, guest.person.id)
    except ListError as error:
        return _show(web, number, guest, typed, str(error), 422)
    except ClosedIncidentError as error:
        return _show(web, number, guest, typed, str(error), 409)
    return _back(web, number)


@router.post(f"{PATH}/returned", dependencies=[Depends(refuse_foreign)])
def came_back(web: Request, number: str, typed: Form, guest: SignedIn) -> Response:
    """Note whose notices came back, and on what day; the clocks see how many."""
    cycle = _cycle(number, guest)
    numbers = [int(name.removeprefix(BACK)) for name in typed.values if name.removeprefix(BACK).isdecimal()]
    returned_on, fault = _day(typed.of("returned_on"), guest.today)
    fault = fault or ("" if numbers else "Tick whose notice came back.")
    if fault or returned_on is None:
        return _show(web, number, guest, typed, back_fault=fault, status=422)
    try:
        with transaction() as tx:
            cycle = still_open(tx.session, cycle.key)
            returned = note_returned(tx, cycle.case_id, numbers, returned_on, guest.person.id)
            count_breach(tx, cycle, {"returned": returned}, guest.person.id, {})
    except ClosedIncidentError as error:
        return _show(web, number, guest, typed, back_fault=str(error), status=409)
    return _back(web, number)


def _back(web: Request, number: str) -> Response:
    return RedirectResponse(f"{place_of(web).prefix}/desk/case/{INCIDENT.name}/{number}/people", 303)


def _day(typed: str, today: date) -> tuple[date | None, str]:
    """Return a day that was typed, or what is wrong with it."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return None, "Write the day it came back as year-month-day, such as 2027-01-30."
    return (day, "") if day <= today else (None, "That day is after today.")


def _cycle(number: str, guest: Guest) -> Cycle:
    with reading() as session:
        cycle = cycle_at(session, INCIDENT.name, number, guest)
        need_facts(session, cycle, guest)
    return cycle


def _show(
    web: Request,
    number: str,
    guest: Guest,
    typed: Typed = EMPTY,
    fault: str = "",
    status: int = 200,
    *,
    back_fault: str = "",
    first: int = 1,
) -> Response:
    with reading() as session:
        cycle = cycle_at(session, INCIDENT.name, number, guest)
        if not is_of_the_case(session, cycle, guest):
            raise HonestPageError("not_found", 404)
        affected = session.get_one(Case, cycle.case_id).told.get(BREACH, {}).get("affected")
    listed: dict[int, Addressee] = {}
    if guest.sees_facts:
        with transaction() as tx:
            listed = addressees_of(tx, cycle.case_id, guest.person.id, "the list of people")
    shown = {at: who for at, who in listed.items() if first <= at < first + PAGE}
    facts = {
        "cycle": cycle,
        "affected": affected,
        "listed": listed,
        "shown": shown,
        "first": first,
        "size": PAGE,
        "shape": SHAPE,
        "back": BACK,
        "returned": sum(who.returned_on is not None for who in listed.values()),
        "sent": sum(who.sent_on is not None for who in listed.values()),
    }
    return page(
        web, "desk/people", status, guest=guest, typed=typed.kept(), fault=fault, back_fault=back_fault, **facts
    )
