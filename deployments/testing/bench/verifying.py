"""How fast a record is checked, and with how much memory: a scratch store with a long log and many seals."""

import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, insert, make_url, text
from sqlmodel import Session, SQLModel

from deployments.postgres import OWNER, Postgres
from models import ledger
from models.answer_facts import facts_of
from models.audit import Verdict
from models.audit_record import check_record
from models.checkpoints import Checkpoint, known
from models.clock import real_now
from models.events import Event
from models.merkle import Frontier, leaf_hash
from models.migrate import migrate
from models.tables import Answer, Clinic, LedgerEntry, Request, Seal

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
        engine = create_engine(make_url(server.store_url("postgres")))
        with Session(engine) as session:
            made = []
            for number, size in enumerate(sizes):
                log = f"{LOG}-{number}"
                _fill(session, log, size, key)
                made.append(_check(session, log, key))
        engine.dispose()
    return made


def _fill(session: Session, log: str, size: int, key: Ed25519PrivateKey) -> None:
    """Write entries like those of a waking, and an answer and a seal after each so many."""
    session.execute(text("SET session_replication_role = replica"))  # there are no people and no cycles to point at
    session.add(Clinic(slug=log, name=log, time_zone="UTC"))
    session.commit()
    frontier, prev = Frontier(), ledger.FIRST_PREV
    for first in range(0, size, _BATCH):
        rows: dict[type[SQLModel], list[dict[str, Any]]] = {LedgerEntry: [], Seal: [], Request: [], Answer: []}
        for seq in range(first, min(first + _BATCH, size)):
            event, facts = _happened(log, seq, rows)
            at = ledger.stamp(real_now())
            told = {"v": ledger.FORMAT, "log": log, "seq": seq, "prev": prev, "at": at, "event": str(event)}
            about = {"actor": "engine", "cycle": f"{log}/policy-review/2027", "run": {}, "facts": facts}
            body = ledger.canonical({**told, **about})
            leaf = leaf_hash(body)
            rows[LedgerEntry].append({"log": log, "seq": seq, "body": body, "leaf": leaf})
            frontier.add(leaf)
            prev = leaf.hex()
            if frontier.size % ENTRIES_A_SEAL == 0 and frontier.size < size:
                note = Checkpoint(log, frontier.size, frontier.root(), at).signed(key)
                peaks, sealed_at = frontier.peaks(), real_now()
                rows[Seal].append(Seal(log=log, size=seq + 1, note=note, peaks=peaks, sealed_at=sealed_at).model_dump())
        for table, found in rows.items():
            session.execute(insert(table), found)
        session.commit()


def _happened(log: str, seq: int, rows: dict[type[SQLModel], list[dict[str, Any]]]) -> tuple[Event, dict[str, Any]]:
    """Return what an entry tells; of an answer with the rows of the tables that it tells of."""
    id_, who = f"{log}-{seq:020x}", f"{log}/ana-ruiz"
    if seq % ENTRIES_A_SEAL != ENTRIES_A_SEAL - 2:
        return Event.REQUEST_ASKED, {"request": id_, "asked": who, "holder": who, "due_on": "2027-03-10"}
    at, due_on, cycle = real_now(), real_now().date(), f"{log}/policy-review/2027"
    people: dict[str, Any] = {"asked_id": who, "holder_id": who, "clinic": log}
    moments: dict[str, Any] = {"asked_at": at, "asked_on": due_on, "due_on": due_on}
    request = Request(id=id_, cycle_key=cycle, key=id_, title="review", ladder="L-CAL", **people, **moments)
    said: dict[str, Any] = {"choice": "keep", "by_id": who, "for_id": who, "answered_at": at, "tier": "attest"}
    answer = Answer(request_id=id_, reason_salt=bytes(32), **said)
    rows[Request].append(request.model_dump())
    rows[Answer].append(answer.model_dump())
    return Event.ANSWER_RECORDED, facts_of(answer)


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
    return check_record(session, log, known([key.public_key()]))
