"""What a clinic folder says, as types; a field's description is what the checker tells people to write."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from models.clinic_folder.kinds import (
    CivilDate,
    ClockTime,
    DayOfYear,
    Email,
    Line,
    Slug,
    State,
    TimeZone,
    refuse,
)
from models.roles import Role


class Entry(BaseModel):
    """Anything a clinic folder says; unknown keys are refused and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HandlesPhi(StrEnum):
    """Whether a vendor sees patient data."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SiteEntry(Entry):
    """A place where the practice sees patients."""

    name: Line = Field(description="the site's name")
    address: Line = Field(description="the site's address on one line")


class LeaveEntry(Entry):
    """Days on which a person is away, both included, as civil dates of the clinic."""

    first_day: CivilDate = Field(description="the first day away, e.g. 2026-12-21")
    last_day: CivilDate = Field(description="the last day away, e.g. 2027-01-02")

    @field_validator("last_day")
    @classmethod
    def _ends_after_it_begins(cls, last_day: date, info: ValidationInfo) -> date:
        first_day = info.data.get("first_day")
        if first_day is not None and last_day < first_day:
            refuse(f"The leave ends on {last_day}, before it begins on {first_day}.", "Swap or mend the dates.")
        return last_day


class PersonEntry(Entry):
    """Someone who works for the practice."""

    id: Slug = Field(description="a short name nobody else has, e.g. dana-whitfield")
    name: Line = Field(description="the person's name")
    email: Email = Field(description="the person's own e-mail address")
    roles: Annotated[list[Role], Field(min_length=1)] = Field(
        description="at least one role, e.g. [clinician]",
    )
    deputy: Slug | None = Field(default=None, description="the id of who acts for them when they are away")
    leave: list[LeaveEntry] = Field(default=[], description="a list of first_day and last_day")


class BaaEntry(Entry):
    """A business associate agreement (45 CFR 164.504(e))."""

    signed_on: CivilDate = Field(description="the day both had signed, e.g. 2025-03-01")
    expires_on: CivilDate | None = Field(default=None, description="the last day it holds, or nothing if it runs on")

    @field_validator("expires_on")
    @classmethod
    def _expires_after_it_is_signed(cls, expires_on: date | None, info: ValidationInfo) -> date | None:
        signed_on = info.data.get("signed_on")
        if expires_on is not None and signed_on is not None and expires_on < signed_on:
            problem = f"The agreement expires on {expires_on}, before it was signed on {signed_on}."
            refuse(problem, "Swap or mend the dates.")
        return expires_on


class VendorEntry(Entry):
    """A company the practice buys a service from."""

    name: Line = Field(description="the vendor's name")
    service: Line = Field(description="what it does for the practice")
    handles_phi: HandlesPhi = Field(description="yes, no or unknown: whether it sees patient data")
    baa: BaaEntry | None = Field(default=None, description="signed_on and expires_on of the agreement")


class DutyEntry(Entry):
    """What the practice says of one duty."""

    starts_on: DayOfYear | None = Field(default=None, description='the day of each year it starts, e.g. "01-15"')


class ClinicFile(Entry):
    """All of clinic.yaml."""

    slug: Slug = Field(description="the clinic's short name, e.g. maple-grove")
    name: Line = Field(description="the clinic's name")
    time_zone: TimeZone = Field(description="the clinic's time zone, e.g. America/New_York")
    states: Annotated[list[State], Field(min_length=1)] = Field(description="the states it practices in, e.g. [NY]")
    rounds_at: ClockTime = Field(default="07:00", description='local time of the daily rounds, e.g. "07:00"')
    sites: list[SiteEntry] = Field(default=[], description="a list of sites, each with name and address")
    people: Annotated[list[PersonEntry], Field(min_length=1)] = Field(
        description="everybody who works for the practice",
    )
    vendors: list[VendorEntry] = Field(default=[], description="a list of vendors")
    duties: dict[Slug, DutyEntry] = Field(default={}, description="duty names, each with its starts_on")
    phone: Line | None = Field(default=None, description="the number people call about their records")
    witness: Email | None = Field(default=None, description="the address of somebody outside who keeps the seals")


class PolicyFront(Entry):
    """The front matter of a policy."""

    title: Line = Field(description="the policy's title")
    owner: Slug = Field(description="the id of the person who looks after it")
    version: int = Field(ge=1, le=99_999, description="a whole number from 1 up")
    effective_on: CivilDate = Field(description="the day this version came into force, e.g. 2026-01-15")
    citations: Annotated[list[Line], Field(min_length=1)] = Field(
        description="a list of what it answers to, e.g. [45 CFR 164.524]",
    )


class PolicyFile(PolicyFront):
    """A policy: its front matter and its text."""

    slug: Slug = Field(description="the file's name without .md")
    text: str = Field(description="the Markdown below the front matter, exactly as it stands in the file")
    sha256: str = Field(description="SHA-256 of the text's bytes (UTF-8), in hex")
