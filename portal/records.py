"""Records: an answer as the receipt tells it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.events import Event
from models.ledger_lookup import latest_entry
from models.people import name_of
from models.sealing import first_seal_over
from models.tables import Answer, Tier
from portal.visits import Visit

TIERS = {
    Tier.ACKNOWLEDGE: "Acknowledged: the link from the mail and a typed name",
    Tier.ATTEST: "Attested: the link from the mail, a typed name and a PIN enrolled in person",
}


@dataclass(frozen=True)
class Record:
    """What was recorded, in words."""

    said: str
    by: str
    asked: str
    covered: bool
    at: datetime
    days_late: int
    tier: str
    reason: str
    picked: str | None
    shown_sha256: str | None
    handed_in_sha256: str | None
    entry: int | None
    """Number of the ledger entry in the clinic's log."""
    leaf: str | None
    """Hash (hex) of that entry."""
    seal: str | None
    """The first seal that covers that entry, as a text to keep."""


def record_of(session: Session, visit: Visit, answer: Answer) -> Record:
    """Return an answer as the receipt tells it, with its ledger entry."""
    choice = visit.question.choice(answer.choice)
    entry = latest_entry(session, visit.clinic.slug, Event.ANSWER_RECORDED, request=answer.request_id)
    seal = first_seal_over(session, visit.clinic.slug, entry.seq) if entry else None
    return Record(
        said=choice.past if choice else answer.choice,
        by=name_of(session, answer.by_id),
        asked=name_of(session, answer.for_id),
        covered=answer.by_id != answer.for_id,
        at=answer.answered_at,
        days_late=answer.days_late,
        tier=TIERS[Tier(answer.tier)],
        reason=answer.reason,
        picked=name_of(session, answer.picked_id) if answer.picked_id else None,
        shown_sha256=answer.shown_sha256,
        handed_in_sha256=answer.handed_in_sha256,
        entry=entry.seq if entry else None,
        leaf=entry.leaf.hex() if entry else None,
        seal=seal.note if seal else None,
    )
