"""The last time a clinic's folder was applied, as the ledger tells it."""

import json
from typing import Any

from sqlmodel import Session

from models.events import Event
from models.ledger_lookup import latest_entry


def facts_of_last_time(session: Session, clinic: str) -> dict[str, Any]:
    """Return the facts of the newest entry about a clinic's folder; none when it was never applied."""
    entry = latest_entry(session, clinic, Event.CLINIC_APPLIED)
    facts: dict[str, Any] = json.loads(entry.body)["facts"] if entry else {}
    return facts
