"""The cycles a benchmark begins and answers."""

from sqlmodel import Session, col, func, select

from deployments.testing.clinic import SmallClinic
from models import clock, cycles
from models.answering import record_answer
from models.duties import duty_named
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Link, Person, Request, Step


def begin(clinic: SmallClinic, number: int, first: int = 0) -> list[str]:
    """Begin so many cycles of the clinic at once and return their keys; the relay starts their runs."""
    with transaction() as tx:
        today = clock.today("America/New_York")
        duty, periods = duty_named("policy-review"), range(first, first + number)
        return [cycles.begin(tx, duty, clinic.slug, f"bench-{each:04}", today, "bench").key for each in periods]


def answer(request: Request) -> None:
    """Answer a request, of which a letter has been written, over the same function as the portal."""
    with reading() as session:
        name = session.get_one(Person, request.holder_id).name
    link = link_of(request)
    assert link is not None  # noqa: S101 - a letter was written
    record_answer(link, Submission("no_change", name, "It still holds.", "", None, "", request.document_sha256))


def link_of(request: Request) -> str | None:
    """Return the newest link to a request, or None while no letter was written."""
    with reading() as session:
        newest = select(Link.id).where(Link.request_id == request.id).order_by(col(Link.made_at).desc())
        return session.exec(newest).first()


def steps_of(session: Session, key: str) -> int:
    """Return how many steps a cycle has done."""
    return session.exec(select(func.count()).where(Step.cycle_key == key)).one()
