"""The demo clinic's policy review, lived through fast: people who answer by the store, while others use a browser."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from deployments.cli.demo import Demo
from deployments.testing.clinic import PIN, SmallClinic
from models import cycles
from models.documents import text_of
from models.duties.policy_review import POLICY_REVIEW
from models.people import people_of
from models.pins import enrol_pin
from models.store import reading, transaction
from models.tables import Cycle, Person, Request

OLD_PARAGRAPH = "- The clinician asks **where the patient is now** and notes it."
NEW_PARAGRAPH = "- The clinician asks for **the address the patient is at now** and writes it down."
REASONS = {
    "review Business Associates": "All six agreements are signed; Larkspur's runs out on 3 March and is being renewed.",
    "review Patient Access to Records": "It matches the log: every request was answered within 30 days.",
}
"""What people write beside “No change needed”; the others write the last line of `_reason`."""


@dataclass(frozen=True)
class DemoReview(SmallClinic):
    """Maple Grove's policy review; everybody has the same PIN."""

    period: str = ""

    @classmethod
    def of(cls, demo: Demo) -> "DemoReview":
        """Take the demo's review and give everybody the PIN."""
        with transaction() as tx:
            for person in people_of(tx.session, demo.clinic):
                enrol_pin(tx, tx.session.get_one(Person, person), PIN, "test")
        with reading() as session:
            (cycle,) = cycles.open_cycles(session, demo.clinic)
            return cls(demo.clinic, cycle.period)

    @property
    def cycle_key(self) -> str:
        """Return the key of the review."""
        return cycles.cycle_key(self.slug, POLICY_REVIEW.name, self.period)

    @property
    def slug_of_run(self) -> str:
        """Return how the keys of its artifacts begin."""
        return f"{self.slug}-{POLICY_REVIEW.name}-{self.period}"

    def owners(self) -> int:
        """Return how many people are asked at the beginning."""
        self.until(lambda cycle: cycle.wake_wanted_at is None and bool(self.requests()))
        return len({request.holder_id for request in self.requests()})

    def text_of(self, policy: str) -> str:
        """Return the text of a policy that somebody is asked to review, by its slug."""
        with reading() as session:
            return text_of(session, self._review(policy).document_sha256)

    def say_no_change(self, *policies: str) -> None:
        """Have the owners of these policies say that no change is needed."""
        for policy in policies:
            request = self._review(policy)
            self.answer(request, "no_change", _reason(request))

    def live_to_the_end(self) -> None:
        """Let everybody answer whatever they are asked until the cycle is closed."""
        self.until(lambda cycle: cycle.closed_at is not None or self._everybody_answers(), seconds=300)

    def _everybody_answers(self) -> bool:
        """Let everybody answer who has a letter; return False, for the cycle has to look at that first."""
        for request in self.requests():
            if self.link(request) is not None:
                self.answer(request, _choice(request), _reason(request))
        return False

    def until_it_sleeps(self) -> None:
        """Wait until the cycle has looked at everything that was answered."""
        self.until(lambda cycle: cycle.wake_wanted_at is None)

    def until(self, true: Callable[[Cycle], bool], seconds: float = 180) -> None:
        """Wait, bounded, until something is true of the cycle."""
        end = time.monotonic() + seconds
        while not true(self.cycle()):
            if time.monotonic() > end:
                raise TimeoutError(f"{self.cycle_key} did not come so far within {seconds:g} s")
            time.sleep(0.5)

    def _review(self, policy: str) -> Request:
        return next(request for request in self.requests() if request.key.startswith(f"review:{policy}:"))


def _choice(request: Request) -> str:
    kinds = {"review": "no_change", "approve": "approve", "attest": "attest"}
    return kinds[request.key.partition(":")[0]]


def _reason(request: Request) -> str:
    if not request.key.startswith("review:"):
        return ""
    return REASONS.get(request.title, "Read against the rules it cites; it still says what we do.")
