"""Answer pages: the form, the form again with what is to be mended, and the preview of a new text."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from models.documents import hash_of
from models.submissions import Fault, Submission
from models.tables import Tier
from portal.diffs import changes, counted
from portal.forms import EMPTY, HONEYPOT, Typed
from portal.mending import CONFIRMED
from portal.pages import page
from portal.visits import Visit


def form_page(
    web: Request, visit: Visit, typed: Typed = EMPTY, faults: tuple[Fault, ...] = (), status: int = 200
) -> Response:
    """Return the page of a request, with everything kept that was typed and the faults at its top."""
    facts = _sheet(visit, typed) | {
        "faults": [(_anchor(fault, typed.chosen(visit.question)), fault.message) for fault in faults],
        "warned": bool(typed.of(CONFIRMED)) or any(fault.confirmable for fault in faults),
        "diff": changes(visit.compare, visit.document) if visit.question.compare_sha256 else None,
        "counted": counted,
    }
    return page(web, "answer", status, **facts)


def preview_page(web: Request, visit: Visit, typed: Typed, given: Submission) -> Response:
    """Return the page that shows what handing in a new text changes, before it is recorded."""
    new = given.text or ""
    diff = changes(visit.document, new)
    choice = visit.question.choice(given.choice)
    facts = _sheet(visit, typed) | {"diff": diff, "counted": counted, "new_sha256": hash_of(new), "choice": choice}
    return page(web, "preview", **facts)


def wants_preview(typed: Typed, given: Submission) -> bool:
    """Tell whether a new text came that its author has not seen as a diff yet."""
    return bool((given.text or "").strip()) and typed.of("previewed") != hash_of(given.text or "")


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
    return fault.part if fault.part in ("name", "pin") else f"{fault.part}_{at}"
