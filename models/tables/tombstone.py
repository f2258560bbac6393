"""Tombstones: documents a clinic had deleted once the law let go of them."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Tombstone(SQLModel, table=True):
    """What stays of a document of a clinic that was purged. The database refuses UPDATE, DELETE and TRUNCATE on it."""

    clinic: str = Field(foreign_key="clinic.slug", primary_key=True)
    sha256: str = Field(foreign_key="document.sha256", primary_key=True)
    request_id: str = Field(foreign_key="request.id", primary_key=True)
    """The request that was answered with the approval."""
    list_sha256: str
    """The list that was approved."""
    retain_until: date
    purged_at: datetime = moment()
