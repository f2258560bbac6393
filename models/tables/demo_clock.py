"""The day a demo store stands on."""

from sqlmodel import Field, SQLModel


class DemoClock(SQLModel, table=True):
    """One row in a demo store, none in a real one."""

    __tablename__ = "demo_clock"

    id: int = Field(default=1, primary_key=True)
    offset_seconds: int = 0
    """How far the store's clock is ahead of real time."""
