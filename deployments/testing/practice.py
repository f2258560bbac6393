"""A practice of any shape in an empty store, and looks of its cycle without a Prefect server: its tasks run unseen."""

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import anyio
from prefect.events.clients import AssertingEventsClient
from prefect.events.worker import EventsWorker
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED,
    PREFECT_LOGGING_TO_API_ENABLED,
    temporary_settings,
)
from sqlmodel import col, select

from deployments.testing.clinic import PIN, SmallClinic
from flows.engine.current import Running, set_current
from flows.engine.waiting import Waiting
from models import clock, cycles
from models.applying import apply_clinic
from models.clinic_folder.testing import folder_of, write_folder
from models.due import why_due
from models.duties import duty_named
from models.events import Event
from models.ledger import entries
from models.pins import enrol_pin
from models.store import reading, transaction
from models.tables import DemoClock, Letter, LetterState, Person
from notifications.undelivered import mark_not_delivered
from tasks.post import post_what_is_written

Result = TypeVar("Result")
ZONE = ZoneInfo("America/New_York")
NOWHERE = "http://127.0.0.1:9/api"


@contextmanager
def without_prefect() -> Iterator[None]:
    """Let tasks run with no server to report to; `tasks_run` tells their names."""
    quiet = {
        PREFECT_API_URL: NOWHERE,
        PREFECT_LOGGING_TO_API_ENABLED: False,
        PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED: False,
    }
    AssertingEventsClient.reset()
    EventsWorker.set_client_override(AssertingEventsClient)
    try:
        with temporary_settings(quiet):
            yield
    finally:
        EventsWorker.drain_all(timeout=5, at_exit=False)
        EventsWorker.set_client_override(None)


def tasks_run() -> list[str]:
    """Return the names of the task runs that have completed, in order, as an administrator reads them in Prefect."""
    EventsWorker.drain_all(timeout=5, at_exit=False)
    events = [event for client in AssertingEventsClient.all for event in client.events]
    done = [event for event in events if event.event == "prefect.task-run.Completed"]
    return [event.resource.name or "" for event in sorted(done, key=lambda event: event.occurred)]


@dataclass(frozen=True)
class Colleague:
    """Somebody of a practice, by the slug of their first and last name."""

    slug: str
    roles: str = "clinician"
    """As clinic.yaml writes them, with commas between."""
    deputy: str = ""
    leave: tuple[date, date] | None = None

    @property
    def name(self) -> str:
        """Return the name."""
        return self.slug.replace("-", " ").title()

    def entry(self) -> str:
        """Return the entry in clinic.yaml."""
        lines = [f"  - id: {self.slug}", f"    name: {self.name}", f"    email: {self.slug}@oak-lane.example"]
        lines += [f"    roles: [{self.roles}]", *([f"    deputy: {self.deputy}"] if self.deputy else [])]
        if self.leave:
            first, last = self.leave
            lines += ["    leave:", f"      - first_day: {first}", f"        last_day: {last}"]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Practice(SmallClinic):
    """A practice with one policy, Telehealth, and an open cycle that looks when a test says so."""

    folder: Path = Path()
    state: str = "NY"

    @classmethod
    def of(cls, folder: Path, *people: Colleague, state: str = "NY", today: date = date(2026, 1, 15)) -> "Practice":
        """Plant a practice on the morning of a day; the policy belongs to whoever comes first."""
        practice = cls("oak-lane", folder, state)
        practice.stand_on(today)
        practice.staffed_by(*people)
        practice.enrol()
        practice.begin(today)
        return practice

    def enrol(self) -> None:
        """Give everybody the PIN of all tests."""
        with transaction() as tx:
            for person in tx.session.exec(select(Person)):
                enrol_pin(tx, person, PIN, "test")

    def begin(self, today: date) -> None:
        """Begin its cycle, as if Prefect had a flow run for it."""
        with transaction() as tx:
            cycle = cycles.begin(tx, duty_named(self.duty), self.slug, "2026", today, actor="test")
            cycles.claim_run(tx, cycle, uuid4())

    def staffed_by(self, *people: Colleague) -> None:
        """Apply the practice's folder with these people; who is not among them any more has left."""
        head = f'slug: {self.slug}\nname: Oak Lane\ntime_zone: {ZONE}\nstates: [{self.state}]\nrounds_at: "07:00"\n'
        policy = f"---\ntitle: Telehealth\nowner: {people[0].slug}\nversion: 1\neffective_on: 2025-01-05\n"
        policy += "citations: [45 CFR 164.530(c)]\n---\n# Doors\n"
        written = write_folder(self.folder, head + "people:\n" + "".join(each.entry() for each in people), policy)
        with transaction() as tx:
            apply_clinic(tx, folder_of(written), "test")

    def person(self, slug: str) -> str:
        """Return a person's id."""
        return f"{self.slug}/{slug}"

    def stand_on(self, day: date, hour: int = 7) -> None:
        """Move the store's clock to a local hour of a day."""
        moment = datetime.combine(day, time(hour), ZONE).astimezone(UTC)
        with transaction() as tx:
            tx.session.merge(DemoClock(id=1, offset_seconds=int((moment - clock.real_now()).total_seconds()) + 1))

    def why_due(self) -> str | None:
        """Return why rounds would wake the cycle now."""
        with reading() as session:
            return why_due(session, cycles.cycle_named(session, self.cycle_key))

    def look(self, path: Callable[[], Awaitable[Result]]) -> Result | None:
        """Let the cycle look at a path of its procedure, and post what it wrote; None when it has to wait."""

        async def look() -> Result | None:
            running = self._running()
            set_current(running)
            try:
                return await path()
            except Waiting:
                with transaction() as tx:
                    cycles.look_on(tx, running.key, min(running.seen.days, default=None))
                return None

        result = anyio.run(look)
        with transaction() as tx:
            cycles.cycle_named(tx.session, self.cycle_key).wake_wanted_at = None
        post_what_is_written(self.slug, self.cycle_key)
        return result

    def make_rounds(self, day: date, path: Callable[[], Awaitable[Result]]) -> str | None:
        """Let a day's rounds come: the cycle looks if there is a reason, which is returned, and the digest goes out."""
        self.stand_on(day)
        why = self.why_due()
        if why is not None:
            self.look(path)
        post_what_is_written(self.slug)
        return why

    def _running(self) -> Running:
        cycle = self.cycle()
        run = cycle.flow_run_id or uuid4()
        return Running(cycle.key, self.slug, str(ZONE), duty_named(self.duty), cycle.period, cycle.due_on, run, None)

    def letters(self) -> list[Letter]:
        """Return every letter, oldest first."""
        with reading() as session:
            return list(session.exec(select(Letter).order_by(col(Letter.written_at))))

    def bounce(self) -> int:
        """Let every letter under way come back as not delivered; return how many did."""
        under_way = [letter for letter in self.letters() if letter.state == LetterState.QUEUED]
        return sum(mark_not_delivered(letter.id, "550 no such user") for letter in under_way)

    def events(self, *kinds: Event) -> list[dict[str, Any]]:
        """Return the facts of the ledger's entries of some kinds, oldest first."""
        with reading() as session:
            bodies = [json.loads(entry.body) for entry in entries(session, self.slug)]
        return [body["facts"] | {"event": body["event"]} for body in bodies if body["event"] in kinds]
