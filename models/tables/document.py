"""Documents, kept once under the hash of their bytes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Document(SQLModel, table=True):
    """A text that was shown to somebody or handed in; never changed, found by its SHA-256 (hex)."""

    sha256: str = Field(primary_key=True)
    text: str
    stored_at: datetime = moment()
