"""Notices: single things to tell a person, gathered into letters."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class NoticeKind(StrEnum):
    """Why a person is told of a request."""

    ASK = "ask"
    REMIND = "remind"
    ESCALATE = "escalate"
    """A request of somebody else is late; told to the next on the ladder."""
    COVER = "cover"
    """The request comes to whoever covers."""
    RETURN = "return"
    """The request comes back after leave."""
    NOT_DELIVERED = "not delivered"
    """Mail to the person asked bounced; told to the deputy."""
    FRESH_LINK = "fresh link"
    """Somebody asked for one on the page of an old link."""
    CHANGED = "changed"
    """The text it is about was replaced, and the links to it decide nothing any more."""


class Notice(SQLModel, table=True):
    """One thing to tell one person about one request; posted once, in one letter."""

    id: int | None = Field(default=None, primary_key=True)
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    person_id: str = Field(foreign_key="person.id")
    request_id: str = Field(foreign_key="request.id", index=True)
    cycle_key: str = Field(foreign_key="cycle.key", index=True)
    kind: str
    at_once: bool = False
    """True: the cycle posts it when it goes to sleep. False: it waits for the day's digest at rounds."""
    written_at: datetime = moment()
    letter_id: str | None = Field(default=None, foreign_key="letter.id", index=True)
