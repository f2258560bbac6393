"""Legal holds: what must not be purged, however old."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import maybe_moment, moment


class Hold(SQLModel, table=True):
    """A hold on a clinic's documents, or on those of one policy, while a dispute or an investigation is open."""

    id: str = Field(primary_key=True)
    """`clinic/number`."""
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    policy_id: str | None = Field(default=None, foreign_key="policy.id")
    """None: everything of the clinic."""
    reason: str
    reason_salt: bytes
    """256 random bits: the ledger holds SHA-256(salt || reason)."""
    placed_at: datetime = moment()
    lifted_at: datetime | None = maybe_moment()
