"""A clinic: one practice location."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.tables.columns import json_column, maybe_moment


class Clinic(SQLModel, table=True):
    """One practice location with its time zone, states and sites."""

    slug: str = Field(primary_key=True)
    name: str
    time_zone: str
    """IANA name; every civil date of the clinic is counted here."""
    rounds_at: str = "07:00"
    """Local time of the daily rounds, HH:MM."""
    states: list[str] = json_column(list)
    sites: list[dict[str, Any]] = json_column(list)
    duties: dict[str, Any] = json_column(dict)
    """What clinic.yaml says of its duties, by duty name."""
    phone: str | None = None
    """The number people call about their records, as letters name it."""
    letters: dict[str, str] = json_column(dict)
    """Its own wording of letters to people outside, by the letter's name."""
    witness: str | None = None
    """The address of somebody outside the practice who keeps its seals."""
    compared_at: datetime | None = maybe_moment()
    """When Prefect was last held against its record (real time)."""
