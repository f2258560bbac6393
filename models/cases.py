"""Cases: opened with a number that says nothing, their facts encrypted, every look at them in the ledger."""

import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from models import clock
from models.case_keys import CaseKey, key_named, load_case_keys
from models.documents import commitment
from models.envelopes import BrokenEnvelopeError, open_up, seal_up
from models.errors import WellkeptError
from models.events import Event
from models.people import clinic_named
from models.settings import load_settings
from models.store import Transaction
from models.tables import Case, CaseFact

_SALT_BYTES = 32


class Version(NamedTuple):
    """One version of a fact, as it was written."""

    name: str
    value: str
    written_by: str
    written_at: datetime


class UnknownCaseError(WellkeptError):
    """There is no such case."""

    remedy = "A case is named CLINIC/NUMBER, such as maple-grove/ACC-0012."


class ShreddedError(WellkeptError):
    """The facts of this case were destroyed after their retention. What was done in it stands in the record."""


class BrokenCaseError(WellkeptError):
    """A fact of this case is not what was written."""

    remedy = "Run `wellkept audit verify`; a backup may hold it as it was."


def open_case(
    tx: Transaction,
    clinic: str,
    prefix: str,
    facts: Mapping[str, str],
    by: str,
    *,
    received_on: date | None = None,
    told: Mapping[str, Any] | None = None,
    about: str | None = None,
) -> Case:
    """Open a case with the next number of its kind. Of its facts the ledger holds commitments. Raises CaseKeyError.

    `told` are codes and days, which its cycle may know. `about` is whom it is about, in words that name the same person
    the same way; only a keyed hash of it is kept.
    """
    clinic_named(tx.session, clinic)
    number = _next_number(tx.session, clinic, prefix)
    is_first = tx.session.exec(select(Case.id).limit(1)).first() is None
    keys = load_case_keys(load_settings().data_dir, make=is_first)
    newest = keys[-1]
    case = Case(
        id=f"{clinic}/{prefix}-{number:04}",
        clinic=clinic,
        prefix=prefix,
        number=number,
        opened_at=clock.now(),
        key_id=newest.id,
        received_on=received_on,
        told=dict(told or {}),
        subject=_subject(keys, clinic, about) if about else None,
    )
    own = secrets.token_bytes(32)
    case.wrapped_key = _wrap(case, newest, own)
    tx.session.add(case)
    tx.session.flush()
    committed = {name: _write(tx.session, case, own, name, value, by) for name, value in sorted(facts.items())}
    day = str(received_on) if received_on else None
    tx.record(
        clinic, Event.CASE_OPENED, actor=by, case=case.id, received_on=day, told=case.told, facts_committed=committed
    )
    return case


def cases_about(session: Session, clinic: str, about: str) -> list[Case]:
    """Return a clinic's cases about the same person, oldest first. Raises CaseKeyError."""
    if session.exec(select(Case.id).limit(1)).first() is None:
        return []
    subject = _subject(load_case_keys(load_settings().data_dir), clinic, about)
    same = select(Case).where(Case.clinic == clinic, Case.subject == subject)
    return list(session.exec(same.order_by(col(Case.opened_at), col(Case.id))))


def receive_earlier(tx: Transaction, case_id: str, received_on: date, by: str) -> bool:
    """Take an earlier day of receipt, as when a request came twice; False where it was received by then anyway."""
    case = case_named(tx.session, case_id, lock=True)
    if case.received_on is None or received_on >= case.received_on:
        return False
    before, case.received_on = str(case.received_on), received_on
    day = str(received_on)
    tx.record(case.clinic, Event.CASE_RECEIVED_EARLIER, actor=by, case=case.id, before=before, received_on=day)
    return True


def subject_of(clinic: str, about: str) -> str:
    """Return the keyed hash that cases and the disclosure log have of a person. Raises CaseKeyError."""
    return _subject(load_case_keys(load_settings().data_dir), clinic, about)


def _subject(keys: list[CaseKey], clinic: str, about: str) -> str:
    """Return the keyed hash of whom a case is about. The first key makes it: the later ones only encrypt."""
    return hmac.digest(
        keys[0].key, b"\0".join([b"wellkept subject 1", clinic.encode(), about.encode()]), "sha256"
    ).hex()


def write_fact(tx: Transaction, case_id: str, name: str, value: str, by: str) -> None:
    """Write a new version of a fact; the older ones stay. Raises UnknownCaseError, ShreddedError, CaseKeyError."""
    write_facts(tx, case_id, {name: value}, by)


def write_facts(tx: Transaction, case_id: str, values: Mapping[str, str], by: str) -> None:
    """Write new versions of several facts, with one ledger entry. Raises as `write_fact` does."""
    case = case_named(tx.session, case_id, lock=True)
    own = _own_key(case)
    told = {name: _write(tx.session, case, own, name, value, by) for name, value in values.items()}
    tx.record(case.clinic, Event.CASE_FACT_WRITTEN, actor=by, case=case.id, facts_committed=told)


def read_facts(tx: Transaction, case_id: str, by: str, why: str) -> dict[str, str]:
    """Return the newest version of every fact of a case; who looked and on what occasion goes into the ledger.

    Raises UnknownCaseError, ShreddedError, CaseKeyError, BrokenCaseError.
    """
    return {each.name: each.value for each in read_versions(tx, case_id, by, why)}


def read_fact(tx: Transaction, case_id: str, name: str, by: str, why: str) -> str | None:
    """Return the newest version of one fact of a case, or None; who looked and why goes into the ledger.

    Raises UnknownCaseError, ShreddedError, CaseKeyError, BrokenCaseError.
    """
    case = case_named(tx.session, case_id)
    newest = select(CaseFact).where(CaseFact.case_id == case.id, CaseFact.name == name)
    row = tx.session.exec(newest.order_by(col(CaseFact.version).desc()).limit(1)).first()
    tx.record(case.clinic, Event.CASE_VIEWED, actor=by, case=case.id, why=why)
    return _read(_own_key(case), row) if row else None


def read_versions(
    tx: Transaction, case_id: str, by: str, why: str, *, but: Collection[str] = (), only: str | None = None
) -> list[Version]:
    """Return every version of every fact of a case, oldest first; who looked and why goes into the ledger.

    Facts whose names begin with one of `but` are left out: they are many or large, and asked for by themselves, as by
    `only`.

    Raises UnknownCaseError, ShreddedError, CaseKeyError, BrokenCaseError.
    """
    case = case_named(tx.session, case_id)
    own = _own_key(case)
    statement = select(CaseFact).where(CaseFact.case_id == case.id)
    for beginning in but:
        statement = statement.where(~col(CaseFact.name).startswith(beginning))
    if only:
        statement = statement.where(col(CaseFact.name).startswith(only))
    rows = tx.session.exec(statement.order_by(col(CaseFact.written_at), col(CaseFact.version), CaseFact.name))
    versions = [Version(row.name, _read(own, row), row.written_by, row.written_at) for row in rows]
    tx.record(case.clinic, Event.CASE_VIEWED, actor=by, case=case.id, why=why)
    return versions


def is_as_written(case: Case, row: CaseFact) -> bool:
    """Tell whether a fact can be read as what its commitment says; of a shredded case nobody can tell, so it passes.

    Raises CaseKeyError where the key is not at hand.
    """
    if case.wrapped_key is None:
        return True
    try:
        content = open_up(_own_key(case), row.encrypted, "casefact", row.case_id, row.name, str(row.version))
    except (BrokenEnvelopeError, BrokenCaseError):
        return False
    return commitment(content[:_SALT_BYTES], content[_SALT_BYTES:].decode(errors="replace")) == row.commitment


def shred(tx: Transaction, case_id: str, by: str) -> None:
    """Destroy the key of a case: its facts can be read by nobody any more, and the record still verifies."""
    case = case_named(tx.session, case_id, lock=True)
    if case.shredded_at is None:
        case.wrapped_key, case.shredded_at = None, clock.now()
        tx.record(case.clinic, Event.CASE_SHREDDED, actor=by, case=case.id)


def wrap_anew(tx: Transaction, case_id: str, by: str) -> bool:
    """Encrypt the key of a case with the newest key; False where that is so already, or it was shredded."""
    case, keys = case_named(tx.session, case_id, lock=True), load_case_keys(load_settings().data_dir)
    if case.wrapped_key is None or case.key_id == keys[-1].id:
        return False
    own = _own_key(case)
    case.key_id = keys[-1].id
    case.wrapped_key = _wrap(case, keys[-1], own)
    tx.record(case.clinic, Event.CASE_KEY_WRAPPED, actor=by, case=case.id, key=case.key_id)
    return True


def case_named(session: Session, case_id: str, *, lock: bool = False) -> Case:
    """Return a case by its id, its row locked if that is wanted. Raises UnknownCaseError."""
    if case := session.get(Case, case_id, with_for_update={"key_share": True} if lock else None):
        return case
    raise UnknownCaseError(f"There is no case called “{case_id}”.")


def _next_number(session: Session, clinic: str, prefix: str) -> int:
    """Return the next number of a kind; two who open at once wait for each other."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"case:{clinic}:{prefix}", 0))))
    last = select(func.max(Case.number)).where(Case.clinic == clinic, Case.prefix == prefix)
    return (session.exec(last).one() or 0) + 1


def _write(session: Session, case: Case, own: bytes, name: str, value: str, by: str) -> str:
    """Write a version of a fact and return its commitment."""
    salt = secrets.token_bytes(_SALT_BYTES)
    last = select(func.max(CaseFact.version)).where(CaseFact.case_id == case.id, CaseFact.name == name)
    version = (session.exec(last).one() or 0) + 1
    row = CaseFact(
        case_id=case.id,
        name=name,
        version=version,
        encrypted=seal_up(own, salt + value.encode(), "casefact", case.id, name, str(version)),
        commitment=commitment(salt, value),
        written_by=by,
        written_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.commitment


def _read(own: bytes, row: CaseFact) -> str:
    try:
        content = open_up(own, row.encrypted, "casefact", row.case_id, row.name, str(row.version))
    except BrokenEnvelopeError as error:
        raise BrokenCaseError(f"The {row.name} of {row.case_id} is not what was written.") from error
    return content[_SALT_BYTES:].decode()


def _wrap(case: Case, key: CaseKey, own: bytes) -> bytes:
    return seal_up(key.key, own, "case", case.id, "wrapped_key", key.id)


def _own_key(case: Case) -> bytes:
    if case.wrapped_key is None:
        raise ShreddedError(f"The facts of {case.id} were destroyed.", remedy="")
    key = key_named(load_case_keys(load_settings().data_dir), case.key_id)
    try:
        return open_up(key.key, case.wrapped_key, "case", case.id, "wrapped_key", key.id)
    except BrokenEnvelopeError as error:
        raise BrokenCaseError(f"The key of {case.id} is not what was written.") from error
