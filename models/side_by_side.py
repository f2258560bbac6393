"""What the ledger tells and what the tables hold, side by side by their keys: two streams, so memory stays flat."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

import orjson
from sqlalchemy import LargeBinary, func, literal
from sqlmodel import Session, col, select

from models.events import Event
from models.ledger_lookup import tells_of
from models.tables import LedgerEntry

Row = TypeVar("Row")
Told = tuple[int, dict[str, Any]]
"""Number and content of an entry."""
_LONGEST = 300
"""Bytes of a key."""


def told_by_key(session: Session, log: str, event: Event, name: str, batch: int = 500) -> Iterator[tuple[str, Told]]:
    """Yield a log's entries of a kind in order of a field; the session must be in a transaction.

    The database sorts them, by bytes: canonical JSON has one spelling, so it need not read it. What cannot be read is
    left out: whoever checks the ledger finds it.
    """
    body, marker = col(LedgerEntry.body), f'"{name}":"'.encode()
    after = func.position(literal(marker, LargeBinary).op("IN")(body)) + len(marker)
    key = func.substr(body, after, _LONGEST, type_=LargeBinary)
    statement = select(key, LedgerEntry.seq, body).where(LedgerEntry.log == log, tells_of(event))
    statement = statement.order_by(key).execution_options(yield_per=batch)
    for found, seq, content in session.exec(statement):
        try:
            entry = orjson.loads(content)
        except orjson.JSONDecodeError:
            continue
        if isinstance(entry, dict) and entry.get("event") == event and isinstance(entry.get("facts"), dict):
            yield bytes(found).partition(b'"')[0].decode(errors="replace"), (seq, entry)


def side_by_side(
    told: Iterable[tuple[str, Told]], rows: Iterable[tuple[str, Row]]
) -> Iterator[tuple[str, list[Told], list[Row]]]:
    """Yield each key with what is told of it, by number, and the rows that have it; both must come in order of keys."""
    both = merge(((key, True, each) for key, each in told), ((key, False, row) for key, row in rows), key=itemgetter(0))
    for key, group in groupby(both, key=itemgetter(0)):
        found: tuple[list[Any], list[Any]] = ([], [])
        for _, is_told, each in group:
            found[0 if is_told else 1].append(each)
        yield key, sorted(found[0], key=itemgetter(0)), found[1]
