"""Links: where one person may answer one request, from one letter."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import maybe_moment, moment


class Link(SQLModel, table=True):
    """A link of one person x request x letter. Kept for ever: marked when used, never deleted.

    The token is HMAC-SHA256(key outside the database, nonce); only its SHA-256 is stored, so the database
    alone opens no page, and a letter sent twice carries the same link.
    """

    id: str = Field(primary_key=True)
    letter_id: str = Field(foreign_key="letter.id", index=True)
    person_id: str = Field(foreign_key="person.id")
    request_id: str | None = Field(default=None, foreign_key="request.id", index=True)
    """None for the link that only lists what the letter asks."""
    nonce: bytes
    """256 random bits."""
    token_sha256: bytes = Field(unique=True)
    document_sha256: str | None = None
    made_at: datetime = moment()
    expires_at: datetime = moment()
    first_viewed_at: datetime | None = maybe_moment()
    used_at: datetime | None = maybe_moment()
    superseded_at: datetime | None = maybe_moment()
    locked_at: datetime | None = maybe_moment()
    pin_failures: int = 0
