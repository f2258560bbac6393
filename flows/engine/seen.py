"""What a look has seen of its cycle in the store: read once, at its beginning, and again where the look changed it.

Whoever answers meanwhile asks for another look, which sees the answer.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from sqlmodel import Session, and_, col, select

from models.cover import People
from models.people import people_of
from models.store import reading
from models.tables import Answer, Climb, Request, Step


@dataclass
class Seen:
    """A cycle's requests by key, what came of them, and the steps that are done."""

    cycle_key: str
    people: People
    """The clinic's active people."""
    steps: dict[str, Any]
    """The outcome of each step that is done."""
    requests: dict[str, Request]
    answers: dict[str, Answer]
    """By the request's id."""
    climbed: dict[str, set[int]]
    """The day offsets of the rungs climbed, by the request's id."""
    answered: list[str] = field(default_factory=list)
    """Who answered what this look is the first to see, each with the ledger entry."""
    days: list[date] = field(default_factory=list)
    """Civil days that the cycle waits for."""

    @classmethod
    def now(cls, clinic: str, cycle_key: str) -> Self:
        """Read everything; the requests first, so that one that is closed has its answer."""
        with reading() as session:
            steps = {each.key: each.outcome for each in session.exec(select(Step).where(Step.cycle_key == cycle_key))}
            seen = cls(cycle_key, people_of(session, clinic), steps, {}, {}, {})
            seen._read(session, Request.cycle_key == cycle_key)
            return seen

    def read_again(self, key: str) -> None:
        """Read the request of a key, or read it again, with all that has come of it."""
        with reading() as session:
            self._read(session, and_(col(Request.cycle_key) == self.cycle_key, col(Request.key) == key))

    def _read(self, session: Session, which: Any) -> None:  # noqa: ANN401 - SQLModel takes its conditions for bools
        for request in session.exec(select(Request).where(which)):
            self.requests[request.key] = request
            self.climbed[request.id] = set()
        of_them = select(Answer).join(Request).where(which)
        self.answers |= {answer.request_id: answer for answer in session.exec(of_them)}
        for climb in session.exec(select(Climb).join(Request).where(which)):
            self.climbed[climb.request_id].add(climb.rung)
