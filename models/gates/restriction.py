"""The restriction nobody may refuse: what was paid for in full by somebody else stays from the insurer, 164.522(a)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from models.gates.defect import Defect


class SelfPaid(NamedTuple):
    """A service paid in full, of which the patient asked that the health plan be told nothing."""

    service: str
    """A label of the practice's; it is part of the case, not of the record in Prefect."""
    asked_on: date
    paid_on: date


def defects(restrictions: Iterable[SelfPaid], services: Iterable[str], today: date) -> Iterator[Defect]:
    """Yield what may not go to a health plan for payment or operations on a civil day: it blocks from the day on."""
    released = set(services)
    for each in restrictions:
        if each.service in released and max(each.asked_on, each.paid_on) <= today:
            words = f"{each.service} was paid in full, and the patient asked that the plan is not told."
            yield Defect("45 CFR 164.522(a)(1)(vi)", words)
