"""People of a clinic, and when they are away."""

from datetime import date

from sqlmodel import Field, SQLModel

from models.tables.columns import json_column


class Person(SQLModel, table=True):
    """Someone who works for a clinic. `id` is `clinic/slug`."""

    id: str = Field(primary_key=True)
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    slug: str
    name: str
    email: str
    roles: list[str] = json_column(list)
    deputy_id: str | None = None
    active: bool = True
    pin_hash: str | None = None
    """Argon2 hash of the PIN enrolled in person; none until then."""
    pin_enrolled_on: date | None = None


class Leave(SQLModel, table=True):
    """Days on which a person is away, both included, as civil dates of the clinic."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    first_day: date
    last_day: date
