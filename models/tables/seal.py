"""Seals: signed checkpoints of a clinic's log."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Seal(SQLModel, table=True):
    """What a log was when it was sealed. The database refuses UPDATE, DELETE and TRUNCATE on it."""

    log: str = Field(primary_key=True)
    """The clinic's slug."""
    size: int = Field(primary_key=True, sa_type=BigInteger)
    """How many entries it covers."""
    note: str
    """The signed checkpoint, as it was handed out."""
    peaks: bytes
    """The roots of the complete subtrees, from which the next seal goes on; nothing is believed because of them."""
    sealed_at: datetime = moment()
