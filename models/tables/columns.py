"""Column kinds the tables share."""

from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def moment(*, index: bool = False) -> Any:  # noqa: ANN401 - sqlmodel's Field is untyped
    """Return a required column for a moment, stored with its time zone."""
    return Field(sa_type=DateTime(timezone=True), index=index)


def maybe_moment(*, index: bool = False) -> Any:  # noqa: ANN401 - sqlmodel's Field is untyped
    """Return an optional column for a moment, stored with its time zone."""
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=True, index=index)


def json_column(default: type[list[Any]] | type[dict[str, Any]]) -> Any:  # noqa: ANN401 - sqlmodel's Field is untyped
    """Return a column that holds a list or an object as JSON."""
    return Field(default_factory=default, sa_type=JSONB)
