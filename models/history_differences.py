"""What Prefect has now, held against what was copied of it: what is gone, what was changed, what was put in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.history import Copied, Kind, Objects, by_key

_DISORDER = timedelta(seconds=5)
"""Two states of a run may be written down in another order than they are dated by so much."""

_LONGEST = 60
"""So many characters of a fact a finding shows."""


class Problem(StrEnum):
    """In which way an object is not as it was copied."""

    GONE = "gone"
    CHANGED = "changed"
    ADDED = "added"


@dataclass(frozen=True)
class Difference:
    """Something in which Prefect is not as the record has it."""

    kind: Kind
    id: str
    problem: Problem
    words: str


def differences(known: Objects, seen: Iterable[Copied], *, complete: bool) -> Iterator[Difference]:
    """Yield in what Prefect differs from what was copied of one flow run.

    `complete` says that the cycle's last copy was made: whatever else Prefect has was put in afterwards. Before that
    only a state that is older than one that was copied before it came.
    """
    now = by_key(seen)
    run = next((each for each in known.values() if each.kind is Kind.FLOW_RUN), None)
    if run and run.key not in now:
        yield _told(run, Problem.GONE, f"is gone from Prefect, and with it {len(known) - 1} objects")
        return
    newest = max((_moment(each) for each in known.values() if each.kind is Kind.STATE), default=None)
    for each in known.values():
        if each.key not in now:
            yield _told(each, Problem.GONE, "is gone from Prefect")
        elif now[each.key] != each and not each.may_change:
            yield _told(each, Problem.CHANGED, f"was changed in Prefect: {_change(each, now[each.key])}")
    for each in now.values():
        if each.key in known:
            continue
        if complete:
            yield _told(each, Problem.ADDED, "was put into Prefect after the cycle's last copy")
        elif each.kind is Kind.STATE and newest and _moment(each) < newest - _DISORDER:
            yield _told(each, Problem.ADDED, "was put into Prefect later than it is dated")


def _told(of: Copied, problem: Problem, words: str) -> Difference:
    return Difference(of.kind, of.id, problem, f"{of.in_words()} {words}")


def _moment(state: Copied) -> datetime:
    return datetime.fromisoformat(state.facts["timestamp"])


def _change(copied: Copied, now: Copied) -> str:
    """Return which facts differ, and how where that is short."""
    names = [name for name, value in copied.facts.items() if now.facts.get(name) != value]
    return "; ".join(
        f"{name} is {_short(now.facts.get(name))} where {_short(copied.facts[name])} was" for name in names
    )


def _short(value: object) -> str:
    told = repr(value)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"
