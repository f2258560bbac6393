"""Copies of what Prefect has of a cycle: its flow run, states, task runs and artifacts."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class HistoryCopy(SQLModel, table=True):
    """What was new or changed in Prefect about a cycle since the copy before. The database refuses any change to it.

    A ledger entry `history:run:copied` holds its SHA-256, written in the same transaction.
    """

    __tablename__ = "history_copy"

    cycle_key: str = Field(foreign_key="cycle.key", primary_key=True)
    number: int = Field(primary_key=True)
    """From 0, without gaps."""
    body: bytes
    """RFC 8785 canonical JSON of a `models.history.Copy`, stored as hashed and never serialised again."""
    sha256: str
    """Of the body, hex."""
    last: bool = False
    """True once the cycle is closed and Prefect had the time to write everything down: nothing may come after it."""
    copied_at: datetime = moment()
