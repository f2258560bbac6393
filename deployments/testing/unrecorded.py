"""Finding transactions that change the record and leave no ledger entry: every test that writes is held to it."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Delete, Insert, Update
from sqlalchemy import inspect as state_of
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlmodel import Session

from models import store
from models.tables import LedgerEntry

BOOKKEEPING = {
    "clinic": {"compared_at"},
    "cycle": {"looked_at", "look_on", "wake_wanted_at", "wake_tries", "wake_not_before", "history_wanted_at"},
    "letter": {"tries", "next_try_at", "last_error"},
    "notice": {"letter_id"},
    "request": {"next_rung_at"},
}
"""Columns that say what is to be done next, and nothing of what was."""
_ROOT = Path(store.__file__).parent.parent
_STAGE = {"tests", "testing", "rehearsal.py"}
_CHANGED, _RECORDED = "changed", "recorded"


@contextmanager
def every_change_recorded() -> Iterator[list[str]]:
    """Watch all sessions of this process; yields a list of who changed which tables and columns unrecorded.

    What tests write to set the stage does not count.
    """
    found: list[str] = []

    def judge(session: Session) -> None:
        changed, recorded = session.info.pop(_CHANGED, set()), session.info.pop(_RECORDED, False)
        if changed and not recorded and (who := _whose_transaction()):
            found.append(f"{who} changes {', '.join(sorted(changed))} and records nothing")

    def forget(session: Session) -> None:
        session.info.clear()

    watched: list[tuple[str, Callable[..., Any]]] = [
        ("after_flush", _note_flush),
        ("do_orm_execute", _note_statement),
        ("before_commit", _flush),
    ]
    watched += [("after_commit", judge), ("after_rollback", forget)]
    for name, listener in watched:
        listen(Session, name, listener)
    try:
        yield found
    finally:
        for name, listener in watched:
            remove(Session, name, listener)


def _whose_transaction() -> str | None:
    """Return which function of ours opened the transaction that is being committed; None when a test did."""
    frame, passed_store = inspect.currentframe(), False
    while frame := frame.f_back if frame else None:
        name = frame.f_code.co_filename
        passed_store |= name == store.__file__
        if passed_store and name != store.__file__ and name.startswith(f"{_ROOT}/") and "/.venv/" not in name:
            where = Path(name).relative_to(_ROOT)
            return None if _STAGE & set(where.parts) else f"{where}:{frame.f_code.co_name}"
    return None


def _flush(session: Session) -> None:
    session.flush()


def _note_flush(session: Session, _: UOWTransaction) -> None:
    for row in [*session.new, *session.deleted]:
        if isinstance(row, LedgerEntry):
            session.info[_RECORDED] = True
        else:
            _note(session, row.__tablename__, {"*"})
    for row in session.dirty:
        names = {each.key for each in state_of(row).attrs if each.history.has_changes()}
        _note(session, row.__tablename__, names)


def _note_statement(state: ORMExecuteState) -> None:
    """Note what a statement changes; one that only inserts what is not there yet may change nothing."""
    statement: Any = state.statement
    only_if_missing = getattr(statement, "_post_values_clause", None) is not None
    if isinstance(statement, Insert | Update | Delete) and not only_if_missing:
        values = getattr(statement, "_values", None) or {}
        names = {column.name for column in values} if isinstance(statement, Update) else {"*"}
        table: Any = statement.table
        session: Any = state.session
        _note(session, table.name, names)


def _note(session: Session, table: str, names: set[str]) -> None:
    beyond = names - BOOKKEEPING.get(table, set())
    session.info.setdefault(_CHANGED, set()).update(f"{table}.{name}" for name in beyond)
