"""A small clinic in a running store, and people in it who answer."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from deployments.deploying import deploy_clinic
from deployments.relay import WAKINGS_AT_ONCE, Lines, carry_wakings
from models import clock, cycles
from models.answering import Already, Recorded, record_answer
from models.applying import apply_clinic
from models.clinic_folder.testing import CLINIC, folder_of, write_folder
from models.duties import duty_named
from models.pins import enrol_pin
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Cycle, Link, Person, Request, RequestState
from notifications.outbox import deliver_due

PIN = "730482"


@dataclass(frozen=True)
class SmallClinic:
    """Elm Street Therapy under another slug: two people, Ana (everything) and Ben, and one policy, which is Ana's."""

    slug: str

    @property
    def duty(self) -> str:
        """Return which duty's cycle it has."""
        return "policy-review"

    @property
    def cycle_key(self) -> str:
        """Return the key of the cycle of 2026."""
        return cycles.cycle_key(self.slug, self.duty, "2026")

    def cycle(self) -> Cycle:
        """Return its row as it is now."""
        with reading() as session:
            return cycles.cycle_named(session, self.cycle_key)

    def requests(self, state: RequestState | None = RequestState.OPEN) -> list[Request]:
        """Return its requests in a state, or all, in the order they were asked."""
        statement = select(Request).where(Request.cycle_key == self.cycle_key).order_by(col(Request.asked_at))
        with reading() as session:
            return list(session.exec(statement.where(Request.state == state) if state else statement))

    def link(self, request: Request) -> str | None:
        """Return the id of the newest link for whoever has a request; None while no letter was written."""
        with reading() as session:
            newest = select(Link.id).where(Link.request_id == request.id, Link.person_id == request.holder_id)
            return session.exec(newest.order_by(col(Link.made_at).desc())).first()

    def answer(self, request: Request, choice: str, reason: str = "Because.", text: str = "") -> Recorded | Already:
        """Answer a request as whoever has it."""
        with reading() as session:
            name = session.get_one(Person, request.holder_id).name
        link = self.link(request)
        assert link is not None  # noqa: S101 - a letter was written first
        return record_answer(link, Submission(choice, name, reason, text, None, PIN, request.document_sha256))


async def small_clinic(slug: str, folder: Path, clinic_yaml: str = CLINIC) -> SmallClinic:
    """Apply, deploy and begin: a cycle that the relay starts next."""
    written = _written(folder, clinic_yaml.replace("elm-street", slug))
    with transaction() as tx:
        apply_clinic(tx, folder_of(written), "test")
    with transaction() as tx:
        for person in tx.session.exec(select(Person).where(Person.clinic == slug)):
            enrol_pin(tx, person, PIN, "test")
    await deploy_clinic(slug)
    with transaction() as tx:
        today = clock.today("America/New_York")
        cycles.begin(tx, duty_named("policy-review"), slug, "2026", today, actor="test")
    return SmallClinic(slug)


def _written(folder: Path, clinic_yaml: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return write_folder(folder, clinic_yaml)


async def carry() -> None:
    """Do the relay's work once: letters and wakings."""
    await deliver_due()
    await carry_wakings_once()


async def carry_wakings_once() -> int:
    """Wake what wants it, once, as the relay does; return how many Prefect took."""
    async with Lines(WAKINGS_AT_ONCE) as lines:
        return await carry_wakings(lines)
