"""Checking cases: each fact against the commitment its entry holds, receipts and the disclosure log against theirs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.audit import Finding
from models.breach_told import BREACH
from models.case_keys import CaseKeyError
from models.cases import is_as_written
from models.events import Event
from models.ledger_lookup import entries_of
from models.sheets.third_party import REVOKED
from models.tables import Case, CaseFact, Disclosure

_TOLD = (
    Event.CASE_OPENED,
    Event.CASE_FACT_WRITTEN,
    Event.CASE_RECEIVED_EARLIER,
    Event.PAPER_REVOKED,
    Event.BREACH_COUNTED,
    Event.DISCLOSURE_LOGGED,
)
RECEIVED = "received_on"
_LINE = ("disclosed_on", "basis", "accountable", "part_2_consent")


def cases_not_as_told(session: Session, log: str) -> Iterator[Finding]:
    """Yield what is wrong with a clinic's cases: facts gone, changed or put in; receipts moved; the log not as written.

    Facts are opened where the keys are at hand, and shown to nobody.
    """
    committed: dict[tuple[str, str], list[str]] = defaultdict(list)
    told: dict[str, tuple[int, dict[str, Any]]] = {}
    lines: dict[tuple[str, str], tuple[int, Mapping[str, Any]]] = {}
    for seq, entry in entries_of(session, log, *_TOLD):
        with suppress(KeyError, TypeError, AttributeError):
            facts = entry["facts"]
            if entry["event"] == Event.DISCLOSURE_LOGGED:
                lines[facts["case"], facts["fact"]] = seq, facts
            for name, commitment in facts.get("facts_committed", {}).items():
                committed[facts["case"], name].append(commitment)
            _hear(told, seq, entry["event"], facts)
    yield from _cases(session, log, told)
    yield from _facts(session, log, committed)
    yield from _disclosures(session, log, lines)


def _hear(told: dict[str, tuple[int, dict[str, Any]]], seq: int, event: str, facts: Mapping[str, Any]) -> None:
    """Note what an entry tells of a case: its intake, an earlier receipt, the first revocation."""
    case = facts["case"]
    if event == Event.CASE_OPENED:
        told[case] = seq, {**facts.get("told", {}), RECEIVED: facts.get(RECEIVED)}
    elif event == Event.CASE_RECEIVED_EARLIER:
        told[case] = seq, told[case][1] | {RECEIVED: facts[RECEIVED]}
    elif event == Event.BREACH_COUNTED:
        told[case] = seq, told[case][1] | {BREACH: facts["told"]}
    elif event == Event.PAPER_REVOKED:
        known = told[case][1]
        first = min(filter(None, (known.get(REVOKED), facts[REVOKED])), key=datetime.fromisoformat)
        told[case] = seq, known | {REVOKED: first}


def _cases(session: Session, log: str, told: Mapping[str, tuple[int, dict[str, Any]]]) -> Iterator[Finding]:
    cases = {case.id: case for case in session.exec(select(Case).where(Case.clinic == log))}
    for case_id, (seq, facts) in told.items():
        case = cases.pop(case_id, None)
        if case is None:
            yield Finding(log, seq, f"the case {case_id}, of which this entry tells, is gone")
            continue
        received_on = str(case.received_on) if case.received_on else None
        if received_on != facts[RECEIVED]:
            yield Finding(log, seq, f"the day {case_id} was received is not the one this entry tells: it was changed")
        elif {**case.told, RECEIVED: received_on} != facts:
            yield Finding(log, seq, f"what {case_id} tells its cycle is not what this entry tells: it was changed")
    for case_id in cases:
        yield Finding(log, None, f"the case {case_id} is told of in no entry: it was put in")


def _facts(session: Session, log: str, committed: Mapping[tuple[str, str], list[str]]) -> Iterator[Finding]:
    statement = select(CaseFact, Case).join(Case).where(Case.clinic == log)
    kept: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row, case in session.exec(statement.order_by(CaseFact.case_id, CaseFact.name, col(CaseFact.version))):
        kept[row.case_id, row.name].append(row.commitment)
        with suppress(CaseKeyError):
            if not is_as_written(case, row):
                yield Finding(log, None, f"the {row.name} of {row.case_id} cannot be read as what was written: changed")
    for case_id, name in sorted(committed.keys() | kept.keys()):
        told, there = committed.get((case_id, name), []), kept.get((case_id, name), [])
        if len(there) < len(told):
            yield Finding(log, None, f"the {name} of {case_id} is there {len(there)} times and was written {len(told)}")
        elif len(there) > len(told):
            yield Finding(log, None, f"the {name} of {case_id} is told of in no entry: it was put in")
        elif there != told:
            yield Finding(log, None, f"the {name} of {case_id} is not what its entry is committed to: it was changed")


def _disclosures(
    session: Session, log: str, lines: Mapping[tuple[str, str], tuple[int, Mapping[str, Any]]]
) -> Iterator[Finding]:
    rows = session.exec(select(Disclosure).where(Disclosure.clinic == log))
    kept = {(row.case_id, row.fact): row.model_dump(mode="json") for row in rows}
    for key, (seq, facts) in lines.items():
        row = kept.pop(key, None)
        if row is None:
            yield Finding(log, seq, f"the disclosure of {key[0]}, of which this entry tells, is gone from the log")
        elif any(row[name] != facts[name] for name in _LINE):
            yield Finding(log, seq, f"the disclosure of {key[0]} is not as this entry tells: it was changed")
    for case_id, _ in kept:
        yield Finding(log, None, f"a disclosure of {case_id} is told of in no entry: it was put in")
