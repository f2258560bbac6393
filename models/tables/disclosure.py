"""The disclosure log: a line for everything that was given out of a record."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Disclosure(SQLModel, table=True):
    """One disclosure; to whom, what and why are a fact of its case. The database refuses UPDATE, DELETE, TRUNCATE."""

    case_id: str = Field(foreign_key="case.id", primary_key=True)
    fact: str = Field(primary_key=True)
    """The fact of the case that tells the rest."""
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    subject: str | None = Field(default=None, index=True)
    """Whom it is about, as its case has it."""
    disclosed_on: date
    """Civil day of the clinic on which it went out."""
    basis: str
    """The paragraph that allows it, such as 45 CFR 164.524."""
    accountable: bool
    """Whether an accounting under 45 CFR 164.528 has to list it."""
    part_2_consent: bool = False
    """Whether it rests on a consent under 42 CFR part 2, for an accounting under 2.25."""
    written_at: datetime = moment()
