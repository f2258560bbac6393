"""The breach board at the desk: every clock of an incident, as a picture and in words; and changing counts and days."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.breach_board import Standing, board_of
from models.breach_changes import changes_of
from models.breach_told import BREACH, breach_of, day_of, is_counted
from models.breaches import ClosedIncidentError, change_breach
from models.duties.incident import INCIDENT
from models.occasions import occasion_of
from models.sheets.breach import BreachCounts, ClockSheet, Hold, KnownEarlier, VendorTold
from models.sheets.form import entries_of, read
from models.store import reading, transaction
from models.submissions import LONGEST_REASON, SHEET
from models.tables import Case
from portal.desk.board_picture import picture_of
from portal.desk.case_access import OFFICES, cycle_at, need_facts
from portal.desk.guest import Guest, SignedIn
from portal.forms import EMPTY, Form, Typed
from portal.honest_pages import HonestPageError
from portal.origins import refuse_foreign
from portal.pages import page
from portal.place import place_of
from portal.throttle import by_address

router = APIRouter(prefix="/desk", dependencies=[Depends(by_address)])
PATH = f"/case/{INCIDENT.name}/{{number}}/board"
CHANGES: Mapping[str, type[ClockSheet]] = {
    "counts": BreachCounts,
    "known": KnownEarlier,
    "hold": Hold,
    "vendor": VendorTold,
}
"""What may change of an incident's clocks, by the last word of the address it is handed in at."""


@dataclass(frozen=True)
class Offered:
    """A form in which somebody changes counts or days."""

    key: str
    sheet: type[ClockSheet]
    typed: Mapping[str, str]
    faults: list[tuple[str, str]]


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(web: Request, number: str, guest: SignedIn) -> Response:
    """Show the board: counts, days and clocks, and nothing about any patient."""
    return _show(web, number, guest)


@router.post(f"{PATH}/{{key}}", dependencies=[Depends(refuse_foreign)])
def change(web: Request, number: str, key: str, typed: Form, guest: SignedIn) -> Response:
    """Take a change of counts or days, or return the form with what is still to be mended; nothing typed is lost."""
    if key not in CHANGES:
        raise HonestPageError("not_found", 404)
    with reading() as session:
        cycle = cycle_at(session, INCIDENT.name, number, guest)
        need_facts(session, cycle, guest)
        if not _may_change(guest):
            raise HonestPageError("not_found", 404)
        occasion = occasion_of(session, cycle, guest.person.id)
    sheet, refusals = read(CHANGES[key], typed.sheet(), occasion)
    faults = [(f"{SHEET}{refusal.field}", refusal.words) for refusal in refusals]
    why = typed.of(f"why-{key}").strip()
    if not why or len(why) > LONGEST_REASON:
        faults.append((f"why-{key}", "Write why it changes, and how you know." if not why else "Shorten the reason."))
    if faults or not isinstance(sheet, ClockSheet):
        return _show(web, number, guest, key, typed, faults, 422)
    try:
        with transaction() as tx:
            change_breach(tx, cycle.key, sheet, occasion, why)
    except ClosedIncidentError as error:
        return _show(web, number, guest, key, typed, [("closed", str(error))], 409)
    return RedirectResponse(f"{place_of(web).prefix}/desk/case/{INCIDENT.name}/{number}/board", 303)


def _show(
    web: Request,
    number: str,
    guest: Guest,
    key: str = "",
    typed: Typed = EMPTY,
    faults: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Response:
    with reading() as session:
        cycle = cycle_at(session, INCIDENT.name, number, guest)
        case = session.get_one(Case, cycle.case_id)
        lines, changes = board_of(session, cycle, guest.today), changes_of(session, cycle)
    may_change = cycle.closed_at is None and _may_change(guest)
    offered = [_offered(each, case, key, typed, faults or []) for each in CHANGES if _is_offered(each, case)]
    facts = {
        "cycle": cycle,
        "counted": is_counted(case.told),
        "breach": breach_of(case.told),
        "kind": case.told.get("kind", ""),
        "logged_at": case.opened_at,
        "happened_on": day_of(case.told, "happened_on"),
        "running": [line for line in lines if line.standing is not Standing.NOT],
        "others": [line for line in lines if line.standing is Standing.NOT],
        "picture": picture_of(lines, breach_of(case.told).discovered_on, guest.today),
        "changes": changes,
        "offered": [(each, entries_of(each.sheet)) for each in offered] if may_change else [],
    }
    return page(web, "desk/board", status, guest=guest, fault_key=key, faults=faults or [], **facts)


def _may_change(guest: Guest) -> bool:
    return bool(OFFICES & set(guest.person.roles))


def _is_offered(key: str, case: Case) -> bool:
    """Tell whether a form is shown: counts change once there are any."""
    return key != "counts" or is_counted(case.told)


def _offered(key: str, case: Case, changed: str, typed: Typed, faults: list[tuple[str, str]]) -> Offered:
    """Return a form with what was typed into it, or what the case has."""
    if key == changed:
        return Offered(key, CHANGES[key], typed.kept(), faults)
    known = case.told.get(BREACH, {})
    filled = {f"{SHEET}{name}": str(known[name]) for name in CHANGES[key].TELLS if name in known}
    return Offered(key, CHANGES[key], filled, [])
