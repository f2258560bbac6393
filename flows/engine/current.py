"""The cycle that this process is working on."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from flows.engine.seen import Seen
from models import clock
from models.cover import People
from models.duties import Duty
from models.people import name_of
from models.store import reading


@dataclass
class Running:
    """What every part of the engine needs to know of the cycle it works for."""

    key: str
    clinic: str
    time_zone: str
    duty: Duty
    period: str
    due_on: date
    """It moves when the cycle is extended."""
    flow_run_id: UUID
    woken_for: datetime | None
    """The wish to be woken that this look answers; a later one means: look again."""

    def today(self) -> date:
        """Return the civil date at the clinic."""
        return clock.today(self.time_zone)

    @cached_property
    def seen(self) -> Seen:
        """Return what this look has seen in the store."""
        return Seen.now(self.clinic, self.key)

    def people(self) -> People:
        """Return the clinic's active people, as they were when the look began."""
        return self.seen.people

    def name_of(self, person_id: str) -> str:
        """Return a person's name, active or not. Raises UnknownPersonError."""
        if person := self.people().get(person_id):
            return person.name
        with reading() as session:
            return name_of(session, person_id)


_current: ContextVar[Running] = ContextVar("current cycle")


def current() -> Running:
    """Return the cycle this code runs in."""
    return _current.get()


def set_current(running: Running) -> None:
    """Say which cycle this process works on."""
    _current.set(running)
