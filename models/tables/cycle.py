"""Cycles, their steps, and the rungs their requests have climbed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.tables.columns import json_column, maybe_moment, moment


class Cycle(SQLModel, table=True):
    """One occurrence of a duty at one clinic; one flow run. `key` is `clinic/duty/period`."""

    key: str = Field(primary_key=True)
    clinic: str = Field(foreign_key="clinic.slug", index=True)
    duty: str
    period: str
    due_on: date
    code_version: str
    """Version of Wellkept that began it."""
    began_at: datetime = moment()
    flow_run_id: UUID | None = Field(default=None, unique=True)
    """None until Prefect has a run for it."""
    look_on: date | None = None
    """The next civil day of the clinic that it waits for, if it waits for one."""
    looked_at: datetime | None = maybe_moment()
    """When the cycle's function last showed that it lives."""
    wake_wanted_at: datetime | None = maybe_moment(index=True)
    """Set with an answer or a due rung; cleared when the cycle has looked."""
    wake_tries: int = 0
    wake_not_before: datetime | None = maybe_moment()
    history_wanted_at: datetime | None = maybe_moment(index=True)
    """Set while Prefect may have something of it that was not copied; when to copy it (real time)."""
    closed_at: datetime | None = maybe_moment(index=True)
    outcome: dict[str, Any] = json_column(dict)

    @property
    def case_id(self) -> str:
        """Return the id of the case it is about, where its duty has cases."""
        return f"{self.clinic}/{self.period}"


class Step(SQLModel, table=True):
    """A step a cycle has done, and what came of it. It is never done again."""

    cycle_key: str = Field(foreign_key="cycle.key", primary_key=True)
    key: str = Field(primary_key=True)
    outcome: Any = json_column(dict)
    done_at: datetime = moment()


class Climb(SQLModel, table=True):
    """A rung of a request's ladder that has been climbed."""

    request_id: str = Field(foreign_key="request.id", primary_key=True)
    rung: int = Field(primary_key=True)
    """Day offset of the rung from the due date."""
    climbed_at: datetime = moment()
