"""Cases: what an event-driven cycle is about, and its facts, which are encrypted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import json_column, maybe_moment, moment


class Case(SQLModel, table=True):
    """A request for a record, an incident, and whatever else has sensitive facts. `id` is `clinic/ACC-0012`."""

    __table_args__ = (UniqueConstraint("clinic", "prefix", "number"),)

    id: str = Field(primary_key=True)
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    prefix: str
    """What kind it is: ACC, AMD, ACT, RES, TPR, INC."""
    number: int
    opened_at: datetime = moment()
    received_on: date | None = None
    """The civil day of the clinic on which what it is about was received; its clock counts from here."""
    told: dict[str, Any] = json_column(dict)
    """The codes and days of its intake that its cycle may know."""
    subject: str | None = Field(default=None, index=True)
    """Whom it is about: a keyed hash, the same for the same person, which tells nothing without the key."""
    wrapped_key: bytes | None = None
    """The case's own key, encrypted with a key outside the database; none once the case was shredded."""
    key_id: str
    """Which key it is encrypted with."""
    shredded_at: datetime | None = maybe_moment()

    @property
    def named(self) -> str:
        """Return its number as people say it: ACC-0012."""
        return self.id.rpartition("/")[2]


class CaseFact(SQLModel, table=True):
    """One version of one fact of a case. The database refuses UPDATE, DELETE and TRUNCATE on it."""

    case_id: str = Field(foreign_key="case.id", primary_key=True)
    name: str = Field(primary_key=True)
    """Of the kind of fact, such as `requester`; no name of anybody."""
    version: int = Field(primary_key=True)
    encrypted: bytes
    """Nonce and AES-256-GCM ciphertext of the salt and the value."""
    commitment: str
    """SHA-256(salt || value) in hex, which the ledger holds too."""
    written_by: str
    written_at: datetime = moment()
