"""How fast a record is checked, and with how much memory: a scratch store with a long log and many seals."""

import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, make_url
from sqlmodel import Session

from deployments.postgres import OWNER, Postgres
from models import ledger
from models.audit import Verdict, verify
from models.checkpoints import Checkpoint, known
from models.clock import real_now
from models.events import Event
from models.merkle import Frontier, leaf_hash
from models.migrate import migrate
from models.sealing import seals
from models.seals_seen import SealsSeen
from models.tables import LedgerEntry, Seal

LOG = "bench"
ENTRIES_A_SEAL = 20
"""About as many as there are to one answer."""
_BATCH = 5000


@dataclass(frozen=True)
class Checked:
    """What checking a log of a length came to."""

    entries: int
    seals: int
    seconds: float
    """From the first question to the database to the verdict."""
    cpu_seconds: float
    """Of that, computing by the process that checks."""
    peak_mib: float
    """The most memory that Python objects took meanwhile."""


def check_logs(folder: Path, sizes: list[int]) -> list[Checked]:
    """Fill a store with a log of each length and check it."""
    key = Ed25519PrivateKey.generate()
    with Postgres(folder).running() as server:
        migrate(server.store_url(OWNER))
        engine = create_engine(make_url(server.store_url(OWNER)))
        with Session(engine) as session:
            made = []
            for number, size in enumerate(sizes):
                log = f"{LOG}-{number}"
                _fill(session, log, size, key)
                made.append(_check(session, log, key))
        engine.dispose()
    return made


def _fill(session: Session, log: str, size: int, key: Ed25519PrivateKey) -> None:
    """Write entries like those of a waking, and a seal after each so many."""
    frontier, prev, rows, made = Frontier(), ledger.FIRST_PREV, [], []
    for seq in range(size):
        facts = {
            "request": f"{seq:032x}",
            "asked": f"{log}/ana-ruiz",
            "holder": f"{log}/ana-ruiz",
            "due_on": "2027-03-10",
        }
        at = ledger.stamp(real_now())
        told = {"v": ledger.FORMAT, "log": log, "seq": seq, "prev": prev, "at": at, "event": str(Event.REQUEST_ASKED)}
        body = ledger.canonical(
            {**told, "actor": "engine", "cycle": f"{log}/policy-review/2027", "run": {}, "facts": facts}
        )
        leaf = leaf_hash(body)
        rows.append({"log": log, "seq": seq, "body": body, "leaf": leaf})
        frontier.add(leaf)
        prev = leaf.hex()
        if frontier.size % ENTRIES_A_SEAL == 0 and frontier.size < size:
            note = Checkpoint(log, frontier.size, frontier.root(), at).signed(key)
            seal = {"log": log, "size": frontier.size, "note": note, "peaks": frontier.peaks(), "sealed_at": real_now()}
            made.append(seal)
        if len(rows) == _BATCH or seq == size - 1:
            session.execute(LedgerEntry.__table__.insert(), rows)  # type: ignore[attr-defined]
            session.execute(Seal.__table__.insert(), made)  # type: ignore[attr-defined]
            session.commit()
            rows, made = [], []


def _check(session: Session, log: str, key: Ed25519PrivateKey) -> Checked:
    """Check a log twice: for the time, and for the memory, which is slower to watch."""
    began, cpu = time.perf_counter(), time.process_time()
    verdict = _verdict(session, log, key)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    assert verdict.whole, verdict.findings[:3]  # noqa: S101 - a benchmark of a wrong check is worth nothing
    tracemalloc.start()
    _verdict(session, log, key)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Checked(verdict.size, verdict.seals, seconds, cpu_seconds, peak / (1 << 20))


def _verdict(session: Session, log: str, key: Ed25519PrivateKey) -> Verdict:
    seen = SealsSeen(log, seals(session, log), known([key.public_key()]))
    return verify(log, ledger.entries(session, log), seen)
