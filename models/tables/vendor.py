"""Vendors of a clinic and their business associate agreements."""

from datetime import date

from sqlmodel import Field, SQLModel


class Vendor(SQLModel, table=True):
    """A vendor, whether it handles patient data, and its agreement (45 CFR 164.504(e))."""

    id: int | None = Field(default=None, primary_key=True)
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    name: str
    service: str
    handles_phi: str
    baa_signed_on: date | None = None
    baa_expires_on: date | None = None
