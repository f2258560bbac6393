"""Sign-ins: who is at the desk of the portal, by which proof, until when."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import maybe_moment, moment


class SignIn(SQLModel, table=True):
    """One sign-in of one person in one browser, by an e-mailed code or by the link of a letter. Kept for ever.

    Code and token are HMAC-SHA256(key outside the database, nonce): the database alone opens nothing.
    """

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    clinic: str = Field(foreign_key="clinic.slug")
    attempt_sha256: bytes | None = Field(default=None, index=True)
    """Hash of what the browser holds that asked for the code; none where a letter's link was the proof."""
    nonce: bytes
    """256 random bits."""
    token_sha256: bytes = Field(unique=True)
    made_at: datetime = moment()
    code_expires_at: datetime = moment()
    code_failures: int = 0
    signed_in_at: datetime | None = maybe_moment()
    expires_at: datetime | None = maybe_moment()
    """When the sign-in ends; none until there is one."""
    pin_at: datetime | None = maybe_moment()
    """When its person last proved themselves by the PIN; facts of cases are shown for a while after."""
    pin_failures: int = 0
    ended_at: datetime | None = maybe_moment()
