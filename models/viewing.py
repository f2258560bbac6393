"""Viewing: noting that somebody or something opened a link. It decides nothing."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import select

from models import clock
from models.events import Event
from models.ledger_lookup import latest_entry
from models.people import clinic_named
from models.store import Transaction
from models.tables import Letter, Link, Request

VISITOR = "unconfirmed visitor"
"""The actor of a view: mail scanners open links too."""


def note_view(tx: Transaction, link_id: str) -> None:
    """Write, once a link and civil day of the clinic, that the link was opened by an unconfirmed visitor."""
    statement = select(Link).where(Link.id == link_id).with_for_update()
    link = tx.session.exec(statement.execution_options(populate_existing=True)).one()
    clinic = clinic_named(tx.session, tx.session.get_one(Letter, link.letter_id).clinic)
    first = _note_first_view(tx, link)
    if first or not _viewed_today(tx, link, clinic.slug, clinic.time_zone):
        request = tx.session.get(Request, link.request_id) if link.request_id else None
        facts = {"link": link.id, "letter": link.letter_id, "request": link.request_id}
        cycle = request.cycle_key if request else None
        tx.record(clinic.slug, Event.LINK_VIEWED, actor=VISITOR, cycle=cycle, run=None, confirmed=False, **facts)


def _note_first_view(tx: Transaction, link: Link) -> bool:
    """Note the moment a link's page was first seen; True when this was it."""
    if link.first_viewed_at is not None:
        return False
    link.first_viewed_at = clock.now()
    tx.session.add(link)
    return True


def _viewed_today(tx: Transaction, link: Link, log: str, time_zone: str) -> bool:
    entry = latest_entry(tx.session, log, Event.LINK_VIEWED, link=link.id)
    if entry is None:
        return False
    seen = datetime.fromisoformat(json.loads(entry.body)["at"])
    return seen.astimezone(ZoneInfo(time_zone)).date() == clock.today(time_zone)
