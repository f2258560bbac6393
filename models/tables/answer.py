"""Answers: what a person decided, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Answer(SQLModel, table=True):
    """The one answer to a request, with time, identity, reason and the hash of what was shown."""

    request_id: str = Field(foreign_key="request.id", primary_key=True)
    choice: str
    reason: str = ""
    reason_salt: bytes
    """256 random bits: the ledger holds SHA-256(salt || reason), which nobody can guess a reason from."""
    handed_in_sha256: str | None = Field(default=None, foreign_key="document.sha256")
    """The text that came with the answer, such as a changed policy."""
    picked_id: str | None = None
    """The person picked in the answer, such as a policy's new owner."""
    by_id: str = Field(foreign_key="person.id")
    for_id: str = Field(foreign_key="person.id")
    """Whom it was asked of; another than `by_id` when somebody covered."""
    answered_at: datetime = moment()
    days_late: int = 0
    """Calendar days after the due date; 0 when in time."""
    tier: str
    shown_sha256: str | None = None
    """Hash of the document the page showed."""
    link_id: str | None = None
    told: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    """Of an answer about a case: the codes, days and numbers its cycle may know; the rest is a fact of the case."""
