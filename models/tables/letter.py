"""Letters: the outbox."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.tables.columns import json_column, maybe_moment, moment


class LetterState(StrEnum):
    """Where a letter stands."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    NOT_DELIVERED = "not delivered"


class Letter(SQLModel, table=True):
    """One mail to one person, or to the witness, written in the transaction that decided it; the relay carries it out.

    Bodies hold `@@link:ID@@` where a link belongs: tokens are made again at sending and never stored.
    """

    id: str = Field(primary_key=True)
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id")
    """None for the clinic's witness."""
    kind: str
    address: str
    message_id: str = Field(unique=True)
    references: list[str] = json_column(list)
    """Message-IDs of the threads it belongs to, oldest first."""
    subject: str
    text_body: str
    html_body: str
    calendar: str | None = None
    """An ICS file with the due dates."""
    seal: str | None = None
    """The seal it carries, as a file."""
    written_at: datetime = moment()
    state: str = Field(default=LetterState.QUEUED, index=True)
    tries: int = 0
    next_try_at: datetime | None = maybe_moment(index=True)
    accepted_at: datetime | None = maybe_moment()
    last_error: str | None = None
