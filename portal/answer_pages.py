"""Answer pages: the form, the form again with what is to be mended, and the preview of a new text."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from models.documents import hash_of
from models.sheets import sheet_named
from models.sheets.form import entries_of
from models.submissions import SHEET, Fault, Submission
from models.tables import Tier
from portal.case_pages import look_into, shown
from portal.diffs import changes, counted
from portal.forms import EMPTY, HONEYPOT, Typed
from portal.mending import CONFIRMED
from portal.pages import page
from portal.visits import Visit


def form_page(
    web: Request, visit: Visit, typed: Typed = EMPTY, faults: tuple[Fault, ...] = (), status: int = 200
) -> Response:
    """Return the page of a request, with everything kept that was typed and the faults at its top."""
    facts = (
        _sheet(visit, typed)
        | _about_case(visit, typed)
        | {
            "faults": [(_anchor(fault, typed.chosen(visit.question)), fault.message) for fault in faults],
            "warned": bool(typed.of(CONFIRMED)) or any(fault.confirmable for fault in faults),
            "diff": changes(visit.compare, visit.document) if visit.question.compare_sha256 else None,
            "counted": counted,
        }
    )
    return page(web, "answer", status, **facts)


def closed_page(web: Request, visit: Visit, typed: Typed = EMPTY, fault: str = "", status: int = 200) -> Response:
    """Return the page that asks for the PIN before it shows anything of a case; what was typed is kept."""
    return page(web, "closed_case", status, visit=visit, typed=typed.kept(), fault=fault)


def _about_case(visit: Visit, typed: Typed) -> dict[str, Any]:
    """Return what a page about a case shows besides: its file, its clocks, the forms and the draft of its letter."""
    question = visit.question
    entries = {choice.value: entries_of(sheet_named(choice.sheet)) for choice in question.choices if choice.sheet}
    if question.case_id is None:
        return {"entries": entries, "told": [], "clocks": [], "drafted": "", "desk": ""}
    file, clocks, drafted, desk = look_into(visit)
    return {
        "desk": desk,
        "entries": entries,
        "told": shown(file, visit.clinic.time_zone),
        "clocks": clocks,
        "drafted": typed.of(f"text_{typed.chosen(question)}") or drafted,
    }


def preview_page(web: Request, visit: Visit, typed: Typed, given: Submission) -> Response:
    """Return the page that shows what handing in a new text changes, before it is recorded."""
    new = given.text or ""
    diff = changes(visit.document, new)
    choice = visit.question.choice(given.choice)
    facts = _sheet(visit, typed) | {"diff": diff, "counted": counted, "new_sha256": hash_of(new), "choice": choice}
    return page(web, "preview", **facts)


def wants_preview(visit: Visit, typed: Typed, given: Submission) -> bool:
    """Tell whether a new text came that its author has not seen as a diff yet."""
    new = bool((given.text or "").strip()) and not visit.question.letter
    return new and typed.of("previewed") != hash_of(given.text or "")


def _sheet(visit: Visit, typed: Typed) -> dict[str, Any]:
    return {
        "visit": visit,
        "typed": typed.kept(),
        "attests": visit.request.tier == Tier.ATTEST,
        "honeypot": HONEYPOT,
        "confirmed": CONFIRMED,
    }


def _anchor(fault: Fault, at: int) -> str:
    """Return the id of the field that a fault belongs to."""
    if fault.part == "choice":
        return "choice_0"
    if fault.part.startswith(SHEET):
        return f"{fault.part}_{at}"
    return fault.part if fault.part in ("name", "pin") else f"{fault.part}_{at}"
