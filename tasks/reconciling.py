"""Holding Prefect against the record, both ways: what it has lost or changed, and runs that no cycle has."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from sqlmodel import Session, col, select

from models import clock
from models.duties import catalogue
from models.events import Event
from models.history import Copied, Kind, Objects
from models.history_copies import copied, copies
from models.history_differences import Difference, Problem, differences
from models.ledger_lookup import latest_entry
from models.people import clinic_named
from models.store import reading, transaction
from models.tables import Clinic, Cycle
from models.words import count_in_words
from tasks.engine_task import run_ids
from tasks.history import MOST_AT_ONCE, pages, read_histories
from tasks.wake import deployment_name

NOT_AGAIN_FOR = timedelta(minutes=10)
UNCLAIMED = "AlreadyUnderWay"
"""The state in which a run ends that found its cycle taken."""


@dataclass(frozen=True)
class Mismatch:
    """A difference, and whose flow run it concerns."""

    cycle: str | None
    """The cycle's key; None for a run that no cycle has."""
    difference: Difference

    def in_words(self) -> str:
        """Return it as a person reads it."""
        return f"{self.cycle}: {self.difference.words}" if self.cycle else self.difference.words


async def reconcile(clinic: str) -> list[str]:
    """Record in what Prefect differs from what was copied, each once; return a sentence if there is something new.

    Rounds that are made again within minutes do not ask Prefect for everything again.
    """
    if _compared_lately(clinic):
        return []
    async with get_client() as client:
        found = await compare_with_prefect(client, clinic)
    new = [each for each in found if not _told(clinic, each.difference)]
    with transaction() as tx:
        tx.session.get_one(Clinic, clinic).compared_at = clock.real_now()
        for each in new:
            facts = {"kind": each.difference.kind, "object": each.difference.id, "problem": each.difference.problem}
            tx.record(clinic, Event.HISTORY_DIFFERS, actor="rounds", cycle=each.cycle, run=run_ids(), **facts)
    if not new:
        return []
    told = count_in_words(len(new), "place")
    return [f"Prefect's history is not as it was copied, in {told}: `wellkept audit verify` tells where."]


def _compared_lately(clinic: str) -> bool:
    with reading() as session:
        at = clinic_named(session, clinic).compared_at
    return at is not None and clock.real_now() - at < NOT_AGAIN_FOR


async def compare_with_prefect(client: PrefectClient, clinic: str) -> list[Mismatch]:
    """Return in what Prefect differs from the record of a clinic's cycles. Raises httpx errors while it is away."""
    with reading() as session:
        cycles = list(session.exec(select(Cycle).where(Cycle.clinic == clinic).order_by(col(Cycle.began_at))))
    found: list[Mismatch] = []
    for first in range(0, len(cycles), MOST_AT_ONCE):
        found += await _of_some(client, cycles[first : first + MOST_AT_ONCE])
    runs = {cycle.flow_run_id for cycle in cycles}
    return found + await _unclaimed(client, clinic, runs)


async def _of_some(client: PrefectClient, cycles: list[Cycle]) -> list[Mismatch]:
    with reading() as session:
        known = {cycle.key: _known(session, cycle.key) for cycle in cycles}
    wanted = [cycle.flow_run_id for cycle in cycles if cycle.flow_run_id and known[cycle.key][0]]
    histories = await read_histories(client, wanted)
    found = []
    for cycle in cycles:
        objects, complete = known[cycle.key]
        if objects:
            seen = histories[cycle.flow_run_id].objects if cycle.flow_run_id in histories else []
            found += [Mismatch(cycle.key, each) for each in differences(objects, seen, complete=complete)]
    return found


def _known(session: Session, key: str) -> tuple[Objects, bool]:
    return copied(session, key), any(copy.last for copy in copies(session, key))


async def _unclaimed(client: PrefectClient, clinic: str, runs: set[UUID | None]) -> list[Mismatch]:
    """Return the runs of the clinic's duties that went on or ended well and that no cycle has."""
    names = [deployment_name(clinic, duty) for duty in catalogue()]
    states = {"type": {"any_": ["COMPLETED", "PAUSED"]}, "name": {"not_any_": [UNCLAIMED]}}
    wanted = {"deployments": {"name": {"any_": names}}, "flow_runs": {"state": states}, "sort": "ID_DESC"}
    found = []
    async for raw in pages(client, "/flow_runs/filter", wanted):
        if UUID(raw["id"]) not in runs:
            run = Copied.of(Kind.FLOW_RUN, raw)
            words = f"{run.in_words()} is one that no cycle has: it was put into Prefect"
            found.append(Mismatch(None, Difference(run.kind, run.id, Problem.ADDED, words)))
    return found


def _told(clinic: str, difference: Difference) -> bool:
    with reading() as session:
        facts = {"object": difference.id, "problem": difference.problem}
        return latest_entry(session, clinic, Event.HISTORY_DIFFERS, **facts) is not None
