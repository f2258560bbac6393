"""Requests: one thing asked of one person by a cycle."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import json_column, maybe_moment, moment


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    ANSWERED = "answered"
    EXCEPTED = "excepted"
    """Closed without an answer by a written exception."""
    DROPPED = "dropped"
    """Closed without an answer because none is needed, or possible, any more; `closed_because` is a `Dropped`."""


class Dropped(StrEnum):
    """Why a request needs no answer any more."""

    ANSWERED_MEANWHILE = "answered meanwhile"
    """It asked why something was not done, and then it was."""
    CLOSED_WITHOUT = "the cycle closed without it"
    """The cycle closed and no longer needed it."""
    NO_CLOCK = "no clock wants it any more"
    """A count or a day changed, and the law wants this notice no longer."""
    HAS_LEFT = "has left"
    """The only person who could answer it, or what it is about, does not work here any more."""


class Tier(StrEnum):
    """How sure the record is of who answered (SECURITY.md, links and pages)."""

    ACKNOWLEDGE = "acknowledge"
    """The link and a deliberate typed act."""
    ATTEST = "attest"
    """The link and a PIN enrolled in person."""


class Delivery(StrEnum):
    """What became of the latest letter about a request."""

    UNDERWAY = "underway"
    ACCEPTED = "accepted"
    """The mail server took it; that is not proof that it was read."""
    NOT_DELIVERED = "not delivered"
    NOT_DELIVERED_TOLD = "not delivered, deputy told"
    """A deputy was told, or whoever else is there."""
    NOT_DELIVERED_ALONE = "not delivered, nobody to tell"


class Request(SQLModel, table=True):
    """One thing asked of one person, with a due date and a ladder."""

    __table_args__ = (UniqueConstraint("cycle_key", "key"),)

    id: str = Field(primary_key=True)
    cycle_key: str = Field(foreign_key="cycle.key", index=True)
    key: str
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    asked_id: str = Field(foreign_key="person.id")
    """Whom it was asked of."""
    holder_id: str = Field(foreign_key="person.id", index=True)
    """Who has it now: the same person, or who covers."""
    title: str
    question: dict[str, Any] = json_column(dict)
    """A `models.questions.Question`, as shown on the page."""
    tier: str = Tier.ACKNOWLEDGE
    document_sha256: str | None = Field(default=None, foreign_key="document.sha256")
    asked_at: datetime = moment()
    asked_on: date
    due_on: date
    ladder: str
    next_rung_at: datetime | None = maybe_moment(index=True)
    not_before: datetime | None = maybe_moment()
    """No answer counts before this moment (second look in a solo practice)."""
    state: str = Field(default=RequestState.OPEN, index=True)
    delivery: str = Delivery.UNDERWAY
    closed_at: datetime | None = maybe_moment()
    closed_because: str | None = None
