"""What a duty is made of."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from models.clocks.requests import FEDERAL, Right
from models.errors import WellkeptError
from models.ladders import Ladder
from models.roles import Role


class UnknownDutyError(WellkeptError):
    """There is no such duty."""


class Citation(BaseModel):
    """A paragraph of law, what it says about timing, and how well that was checked."""

    model_config = ConfigDict(frozen=True)

    cite: str
    says: str
    verified: str = Field(description="R: read in the regulation; P: primary source; S: secondary; M: from memory.")


class Asked(StrEnum):
    """Whom a phase asks."""

    DUTY_OWNER = "duty owner"
    POLICY_OWNERS = "policy owners"
    """Whoever owns a policy in force, about their own."""
    EVERYBODY = "everybody"


class Phase(BaseModel):
    """One kind of request of a duty: whom it asks, how long people have, and how they are chased."""

    model_config = ConfigDict(frozen=True)

    days: int | None = Field(description="Calendar days from asking to due; none: due with the cycle, whenever asked.")
    ladder: Ladder
    asked: Asked = Field(default=Asked.DUTY_OWNER, description="Whom it asks, for the preview of the ladder.")
    about: str = Field(default="", description="What it asks about, for the preview; without it the duty's title.")
    personal: bool = Field(default=False, description="Nobody can answer it for the person asked: no cover.")
    on_the_way: bool = Field(default=True, description="Whether the days count towards the cycle's due date.")


class Duty(BaseModel):
    """What must happen, as data: citation, cadence or case, owner role, phases, evidence."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="With dashes; the flow's file is the same with underscores.")
    title: str
    summary: str
    citations: tuple[Citation, ...]
    owner: Role
    starts_on: str | None = Field(
        default=None, description="MM-DD on which a yearly cycle begins, unless the clinic says otherwise."
    )
    case: str | None = Field(
        default=None, description="Of a duty that an event begins: what its cases' numbers begin with, such as ACC."
    )
    intake: str | None = Field(default=None, description="The sheet of models.sheets that opens a case of it.")
    right: Right | None = Field(default=None, description="The right of a patient's whose clock its cases run by.")
    due_days: int | None = Field(
        default=None, description="Calendar days from the event, where no right's clock says; else those of its phases."
    )
    phases: dict[str, Phase]
    asks: frozenset[str] = Field(description="First words of the keys its cycle asks under, such as `review`.")
    evidence: str = Field(description="What doing it leaves behind.")

    def days(self) -> int:
        """Return the calendar days from the beginning to the due date of the whole cycle."""
        if self.right is not None:
            return FEDERAL[self.right].days
        if self.due_days is not None:
            return self.due_days
        return sum(phase.days or 0 for phase in self.phases.values() if phase.on_the_way)

    def knows(self, key: str) -> bool:
        """Tell whether a request's key belongs to a step the code has; `exception` belongs to the engine."""
        return key.partition(":")[0] in self.asks | {"exception"}

    def period(self, day: date) -> str:
        """Return the period a cycle begun on a day belongs to: its calendar year."""
        return str(day.year)
