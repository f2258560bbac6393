"""Ledger entries: everything that happened, in order."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class LedgerEntry(SQLModel, table=True):
    """One entry of a clinic's log. The database refuses UPDATE, DELETE and TRUNCATE on it."""

    __tablename__ = "ledger_entry"

    log: str = Field(primary_key=True)
    """The clinic's slug."""
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    """From 0, without gaps."""
    body: bytes
    """RFC 8785 canonical JSON, stored as hashed and never serialised again."""
    leaf: bytes
    """SHA-256(0x00 || body), the leaf hash of RFC 6962."""
