"""Mending: what a visitor has to see to before an answer can be recorded."""

from datetime import timedelta

from models import clock
from models.case_letters.drafting import BLANK, LEFT_OPEN
from models.identifiers import in_document, looks_like_identifier
from models.submissions import Fault, Submission, faults
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
    found = faults(visit.question, given, visit.person.name, frozenset(visit.colleagues), visit.occasion)
    found += _left_blank(visit, given)
    if unread:
        found = [*unread, *(fault for fault in found if fault.part != "text")]
    warns = not visit.question.case_id and not typed.of(CONFIRMED)
    return found or [*(_identifiers(given) if warns else []), *_haste(visit.link, typed)]


def _left_blank(visit: Visit, given: Submission) -> list[Fault]:
    """Return the fault of a letter in which something still stands in brackets."""
    if not visit.question.letter or LEFT_OPEN not in (given.text or ""):
        return []
    return [Fault("text", f"Something is left to be filled in where the letter says {BLANK}.")]


def pin_missing(visit: Visit, given: Submission) -> list[Fault]:
    """Return the fault of a missing PIN, where the question wants one."""
    if visit.request.tier != Tier.ATTEST or given.pin:
        return []
    return [Fault("pin", "Enter your PIN.")]


def _identifiers(given: Submission) -> list[Fault]:
    """Return a warning for each free text that looks as if it named a patient."""
    kinds: dict[str, list[str]] = {
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
