"""The post: notices become letters, one a person, in the transaction that marks them posted."""

from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.requests import Run
from models.settings import Settings, load_settings
from models.store import Transaction, reading, transaction
from models.tables import Notice, NoticeKind, Person, Request, RequestState
from notifications.writing import Posted, write_letter

Row = TypeVar("Row")
Which = ColumnElement[bool] | bool


def post_letters(clinic: str, cycle_key: str | None = None, run: Run | None = None) -> list[Posted]:
    """Write the letters of a clinic's unposted notices; each person gets one, each in its own transaction.

    With a cycle only its notices that go at once; without, everything that waits: the day's digest. Notices of requests
    that are no longer open, and of people who have left, stay unposted for ever: nobody needs to be told. Safe to call
    from several processes at once, and again after a crash.
    """
    return _post(_which(clinic, cycle_key), run or {})


def recipients(clinic: str, cycle_key: str | None = None) -> list[str]:
    """Return the names of the people `post_letters` would write to now, in order."""
    statement = _waiting(select(Person.name).select_from(Notice).distinct(), _which(clinic, cycle_key))
    with reading() as session:
        return sorted(session.exec(statement))


def post_fresh_links() -> list[Posted]:
    """Write the letters that bring a link in place of one that decides nothing any more; they wait for no cycle."""
    return _post([col(Notice.kind).in_([NoticeKind.FRESH_LINK, NoticeKind.CHANGED]), col(Notice.at_once).is_(True)], {})


def _which(clinic: str, cycle_key: str | None) -> list[Which]:
    of_the_cycle: list[Which] = [Notice.cycle_key == cycle_key, col(Notice.at_once).is_(True)] if cycle_key else []
    return [Notice.clinic == clinic, *of_the_cycle]


def _post(which: list[Which], run: Run) -> list[Posted]:
    settings = load_settings()
    with reading() as session:
        people = session.exec(_waiting(select(Notice.person_id).distinct(), which)).all()
    posted = (_post_to(person_id, which, run, settings) for person_id in sorted(people))
    return [each for each in posted if each]


def _post_to(person_id: str, which: list[Which], run: Run, settings: Settings) -> Posted | None:
    """Write one person's letter, unless another process has just taken the notices."""
    with transaction() as tx:
        notices = _take(tx, person_id, which)
        return write_letter(tx, person_id, notices, run, settings) if notices else None


def _take(tx: Transaction, person_id: str, which: list[Which]) -> list[Notice]:
    """Lock a person's waiting notices; those that another process holds are left to it."""
    statement = _waiting(select(Notice), which).where(Notice.person_id == person_id)
    statement = statement.order_by(col(Notice.id)).with_for_update(of=Notice, skip_locked=True)
    return list(tx.session.exec(statement))


def _waiting(statement: SelectOfScalar[Row], which: list[Which]) -> SelectOfScalar[Row]:
    """Narrow a selection of notices to those that wait."""
    return (
        statement.join(Request, col(Request.id) == Notice.request_id)
        .join(Person, col(Person.id) == Notice.person_id)
        .where(col(Notice.letter_id).is_(None), Request.state == RequestState.OPEN, col(Person.active), *which)
    )
