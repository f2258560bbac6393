"""Policies and their versions."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import json_column


class Policy(SQLModel, table=True):
    """A policy of a clinic. `id` is `clinic/slug`."""

    id: str = Field(primary_key=True)
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    slug: str
    title: str
    owner_id: str = Field(foreign_key="person.id")
    citations: list[str] = json_column(list)


class PolicyVersion(SQLModel, table=True):
    """One version of a policy and the days it was in force; 45 CFR 164.316(b)(2)(i) keeps it six years longer."""

    __table_args__ = (UniqueConstraint("policy_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    policy_id: str = Field(foreign_key="policy.id", index=True)
    number: int
    sha256: str = Field(foreign_key="document.sha256")
    effective_on: date
    replaced_on: date | None = None
    """First day it was no longer in force; none while it is."""
    author_id: str | None = None
    approved_by_id: str | None = None
