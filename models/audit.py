"""Checking a ledger: hashes, order, gaps, format. Seals and the comparison with Prefect stand on top of this."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import rfc8785

from models.ledger import FIRST_PREV, FORMAT
from models.merkle import Frontier, leaf_hash
from models.seals_seen import SealsSeen
from models.tables import LedgerEntry


@dataclass
class Finding:
    """Something that is not as it was written."""

    log: str
    seq: int
    problem: str


@dataclass
class Verdict:
    """What checking one log came to."""

    log: str
    size: int = 0
    root: str = ""
    seals: int = 0
    sealed_at: str | None = None
    """When the last seal was made that holds."""
    first_at: str | None = None
    last_at: str | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """True when nothing was found."""
        return not self.findings


def verify(log: str, rows: Iterable[LedgerEntry], seals: SealsSeen | None = None) -> Verdict:
    """Check the entries of one log, in order of their sequence numbers, and its seals if given; memory stays flat.

    The seals are to be read before the entries: what is sealed meanwhile is not there yet.
    """
    verdict, frontier, prev, expected = Verdict(log), Frontier(), FIRST_PREV, 0
    for row in rows:
        if row.seq != expected:
            missing = f"{expected}" if row.seq == expected + 1 else f"{expected} to {row.seq - 1}"
            verdict.findings.append(Finding(log, row.seq, f"entry {missing} is missing before this one"))
        verdict.findings += [Finding(log, row.seq, problem) for problem in _problems(row, prev, verdict)]
        frontier.add(leaf_hash(row.body))
        if seals:
            verdict.findings += [Finding(log, row.seq, problem) for problem in seals.compare(frontier, row.body)]
        prev, expected = row.leaf.hex(), row.seq + 1
    verdict.size, verdict.root = frontier.size, frontier.root().hex()
    if seals:
        verdict.findings += [Finding(log, verdict.size, problem) for problem in seals.left_over(verdict.size)]
        verdict.seals, verdict.sealed_at = seals.good, seals.last_at
    return verdict


def _problems(row: LedgerEntry, prev: str, verdict: Verdict) -> Iterable[str]:
    if leaf_hash(row.body) != row.leaf:
        yield "the body does not match its hash: it was edited"
    try:
        body = json.loads(row.body)
        canonical = rfc8785.dumps(body)
    except (ValueError, rfc8785.CanonicalizationError):
        yield "the body cannot be read: it was overwritten"
        return
    if canonical != row.body:
        yield "the body is not canonical JSON: it was written again by something else"
    if not isinstance(body, dict):
        yield "the body is not an entry"
        return
    yield from _wrong_fields(body, row, prev)
    at = str(body.get("at", ""))
    if verdict.last_at is not None and at < verdict.last_at:
        yield f"it is dated {at}, before the entry it follows ({verdict.last_at})"
    verdict.first_at, verdict.last_at = verdict.first_at or at, max(at, verdict.last_at or at)


def _wrong_fields(body: dict[str, object], row: LedgerEntry, prev: str) -> Iterable[str]:
    expected = {"v": FORMAT, "log": row.log, "seq": row.seq, "prev": prev}
    for name, value in expected.items():
        if body.get(name) != value:
            yield f"its {name} is {body.get(name)!r} where {value!r} belongs"
