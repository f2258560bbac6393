"""Checking a ledger: hashes, order, gaps, format, seals. The comparison with Prefect stands on top of this."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import rfc8785

from models.ledger import FIELDS, FIRST_PREV, FORMAT, Entry
from models.merkle import Frontier, leaf_hash
from models.seals_seen import SealsSeen


@dataclass
class Finding:
    """Something that is not as it was written."""

    log: str
    seq: int | None
    """The number of the entry it was found at; None when it is at none."""
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
    restored_at: list[str] = field(default_factory=list)
    """When it was brought back from a backup: what was written between the backup and then is lost."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """True when nothing was found."""
        return not self.findings


def verify(log: str, rows: Iterable[Entry], seals: SealsSeen | None = None) -> Verdict:
    """Check the entries of one log, in order of their sequence numbers, and its seals if given; memory stays flat.

    What only follows from another finding is not told: after an entry that is gone, that the next one does not follow.
    """
    verdict, frontier, reader = Verdict(log), Frontier(), _Reader(log)
    for row in rows:
        leaf = leaf_hash(row.body)
        verdict.findings += [Finding(log, row.seq, problem) for problem in reader.problems(row, leaf)]
        frontier.add(leaf)
        if seals:
            verdict.findings += [Finding(log, row.seq, problem) for problem in seals.compare(frontier, row.body)]
    verdict.size, verdict.root = frontier.size, frontier.root().hex()
    verdict.first_at, verdict.last_at = reader.first_at, reader.last_at
    if seals:
        verdict.findings += [Finding(log, None, problem) for problem in seals.left_over(verdict.size, reader.end)]
        verdict.seals, verdict.sealed_at = seals.good, seals.last_at
    return verdict


class _Reader:
    """What is to come, from what was read so far."""

    def __init__(self, log: str) -> None:
        """Begin before the first entry."""
        self.log = log
        self.first_at: str | None = None
        self.last_at: str | None = None
        self._seq, self._prev = 0, FIRST_PREV

    @property
    def end(self) -> int:
        """Return the number after the last entry's."""
        return self._seq

    def problems(self, row: Entry, leaf: bytes) -> list[str]:
        """Return what is wrong with the next entry."""
        found, gap = [], row.seq != self._seq
        if gap:
            missing = f"{self._seq} is" if row.seq == self._seq + 1 else f"{self._seq} to {row.seq - 1} are"
            found.append(f"entry {missing} missing before this one")
        if row.leaf != leaf:
            found.append("the body does not match its hash: it was edited")
        body = _read(row.body)
        if isinstance(body, str):
            found.append(body)
        else:
            if not _is_canonical(row.body, body):
                found.append("the body is not canonical JSON: it was written again by something else")
            found += self._wrong_fields(row, body, follows=not gap)
        self._seq, self._prev = row.seq + 1, row.leaf.hex()
        return found

    def _wrong_fields(self, row: Entry, body: dict[str, Any], *, follows: bool) -> Iterator[str]:
        if body.keys() != FIELDS:
            yield "its fields are not those of an entry"
        for name, value in (("v", FORMAT), ("log", self.log), ("seq", row.seq)):
            if body.get(name) != value:
                yield f"its {name} is {body.get(name)!r} where {value!r} belongs"
        if follows and body.get("prev") != self._prev:
            yield "it does not follow the entry before it: that one, or this one, is not what was written there"
        at = body.get("at")
        if not isinstance(at, str):
            yield "it has no date"
        elif self.last_at is not None and at < self.last_at:
            yield f"it is dated {at}, before the entry it follows ({self.last_at})"
        else:
            self.first_at, self.last_at = self.first_at or at, at


def _read(body: bytes) -> dict[str, Any] | str:
    """Return an entry, or what is wrong with it."""
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "the body cannot be read: it was overwritten"
    return read if isinstance(read, dict) else "the body is not an entry: it was overwritten"


def _is_canonical(body: bytes, read: dict[str, Any]) -> bool:
    """Tell whether a body is RFC 8785's form. orjson's sorted form is the same but for rare keys; it is asked first."""
    if orjson.dumps(read, option=orjson.OPT_SORT_KEYS) == body:
        return True
    try:
        return rfc8785.dumps(read) == body
    except rfc8785.CanonicalizationError:
        return False
