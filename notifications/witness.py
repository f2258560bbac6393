"""The witness: somebody outside the practice who is sent a seal a day, so that nobody can rewrite the past unseen."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models import clock
from models.events import Event
from models.people import clinic_named
from models.settings import Settings
from models.store import Transaction
from models.tables import Clinic, Letter, LetterState, Seal
from models.words import count_in_words, day_in_words
from notifications.addresses import message_id
from notifications.rendering import environment

KIND = "witness"


def write_to_witness(tx: Transaction, seal: Seal, run: dict[str, str], settings: Settings) -> Letter | None:
    """Write the letter with a seal and queue it; None without a witness, and when one was written on the same day."""
    clinic = clinic_named(tx.session, seal.log)
    last = newest_letter(tx.session, clinic.slug)
    today = clock.today(clinic.time_zone)
    if clinic.witness is None or (last and _day(last.written_at, clinic.time_zone) == today):
        return None
    letter = _letter(clinic, clinic.witness, seal, settings)
    tx.session.add(letter)
    facts: dict[str, Any] = {"letter": letter.id, "person": None, "kind": KIND, "requests": [], "size": seal.size}
    facts |= {"message_id": letter.message_id, "subject": letter.subject}
    tx.record(clinic.slug, Event.LETTER_QUEUED, actor="post", run=run, **facts)
    tx.tell_relay()
    return letter


def newest_letter(session: Session, clinic: str) -> Letter | None:
    """Return the last letter to a clinic's witness."""
    letters = select(Letter).where(Letter.clinic == clinic, Letter.kind == KIND)
    return session.exec(letters.order_by(col(Letter.written_at).desc()).limit(1)).first()


def trouble_with_witness(session: Session, clinic: str) -> str | None:
    """Return what is wrong with the last letter to a clinic's witness; None when nothing is known to be."""
    letter = newest_letter(session, clinic)
    if letter is None or letter.state != LetterState.NOT_DELIVERED:
        return None
    day = day_in_words(_day(letter.written_at, clinic_named(session, clinic).time_zone))
    return (
        f"The seal of {day} did not reach the witness {letter.address}: correct `witness` in clinic.yaml, or ask there."
    )


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _letter(clinic: Clinic, address: str, seal: Seal, settings: Settings) -> Letter:
    letter_id, day = uuid4().hex, _day(seal.sealed_at, clinic.time_zone)
    size = count_in_words(seal.size, "entry", "entries")
    words = {"name": clinic.name, "day": day_in_words(day), "size": size, "note": seal.note.strip()}
    return Letter(
        id=letter_id,
        clinic=clinic.slug,
        person_id=None,
        kind=KIND,
        address=address,
        message_id=message_id(letter_id, settings),
        references=[],
        subject=f"Seal of {day} over the record of {clinic.name}",
        text_body=environment().get_template("witness.txt").render(words),
        html_body="",
        seal=seal.note,
        written_at=clock.now(),
        next_try_at=clock.real_now(),
    )
