"""Mending: what a visitor has to see to before an answer can be recorded."""

from datetime import timedelta

from models import clock
from models.identifiers import in_document, looks_like_identifier
from models.submissions import Fault, Part, Submission, faults
from models.tables import Link, Tier
from models.words import list_in_words
from portal.forms import HONEYPOT, Typed
from portal.visits import Visit

DWELL = timedelta(seconds=2)
"""Nobody reads a page in less; programs do."""
CONFIRMED = "no_patient"
"""The box that says a text which looks like an identifier is none."""


def what_to_mend(visit: Visit, typed: Typed, given: Submission) -> list[Fault]:
    """Return everything that keeps a form from being recorded, in the order of the page."""
    at = typed.chosen(visit.question)
    unread = [Fault("text", message) for field, message in typed.unreadable.items() if field == f"text_{at}"]
    found = faults(visit.question, given, visit.person.name, frozenset(visit.colleagues))
    if unread:
        found = [*unread, *(fault for fault in found if fault.part != "text")]
    return found or [*([] if typed.of(CONFIRMED) else _identifiers(given)), *_haste(visit.link, typed)]


def pin_missing(visit: Visit, given: Submission) -> list[Fault]:
    """Return the fault of a missing PIN, where the question wants one."""
    if visit.request.tier != Tier.ATTEST or given.pin:
        return []
    return [Fault("pin", "Enter your PIN.")]


def _identifiers(given: Submission) -> list[Fault]:
    """Return a warning for each free text that looks as if it named a patient."""
    kinds: dict[Part, list[str]] = {
        "reason": looks_like_identifier(given.reason),
        "text": in_document(given.text or ""),
    }
    said = "looks as if it holds {}. Take it out, or tick the box that says it names no patient."
    return [
        Fault(part, f"The {part} {said.format(list_in_words(found))}", confirmable=True)
        for part, found in kinds.items()
        if found
    ]


def _haste(link: Link, typed: Typed) -> list[Fault]:
    """Refuse what came faster than anybody reads, or filled in what nobody sees; a person just sends it again."""
    seen = link.first_viewed_at
    if seen is None or timedelta(0) <= clock.now() - seen < DWELL:
        return [Fault("name", "Please take a moment to read the page, then send it again. Nothing was lost.")]
    if typed.of(HONEYPOT):
        return [Fault("name", "This looked like a program filling in the form. Please send it again yourself.")]
    return []
