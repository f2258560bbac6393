"""What the ledger tells of an answer."""

from typing import Any

from models.documents import commitment
from models.tables import Answer

_TOLD = {
    "request": "request_id",
    "choice": "choice",
    "by": "by_id",
    "for": "for_id",
    "days_late": "days_late",
    "tier": "tier",
    "shown_sha256": "shown_sha256",
    "handed_in_sha256": "handed_in_sha256",
    "picked": "picked_id",
    "link": "link_id",
    "told": "told",
}
"""Facts of an entry, and the columns of the answer that say the same."""


def facts_of(answer: Answer) -> dict[str, Any]:
    """Return the facts of an answer's entry. Of the reason only a commitment: it may name somebody."""
    told = {fact: getattr(answer, column) for fact, column in _TOLD.items()}
    return {**told, "reason_commitment": commitment(answer.reason_salt, answer.reason) if answer.reason else None}
