"""The store: connections and transactions. Every change goes through `transaction`, with its ledger entry."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg.errors import DeadlockDetected, UndefinedColumn, UndefinedTable
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.event import listen
from sqlalchemy.exc import DisconnectionError, OperationalError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlmodel import Session

from models import clock, ledger
from models.bell import Bell
from models.errors import WellkeptError
from models.events import Event
from models.key_change import KeyChange
from models.seal_key import LostKeyError, key_changes, load_seal_key
from models.sealing import write_seal
from models.settings import load_settings
from models.tables import Seal

URL_VARIABLE = "WELLKEPT_STORE_URL"
CONNECT_SECONDS = 10
"""How long a database may take to let us in, unless its URL says otherwise; the driver would wait over two minutes."""
TRUSTED_SECONDS = 1.0
"""A pooled connection that was used so short a time ago is taken to live."""
_USED_AT = "used_at"
_stage: Connection | None = None
"""Where a rehearsal plays."""
_ADVICE = "Is the server running on that host and accepting TCP/IP connections?"


class NoStoreError(WellkeptError):
    """The store cannot be reached."""

    remedy = "Is it running? `wellkept up` starts it; `wellkept status` tells what runs."


class HalfAStoreError(WellkeptError):
    """The store lacks a table or a column."""

    remedy = (
        "Start `wellkept up` anew, which brings an older store up to date. If that does not help, bring a backup back: "
        "`wellkept restore FOLDER` into another data folder."
    )


class CollisionError(WellkeptError):
    """Two changes were in each other's way, and this one was taken back. Nothing was changed."""

    remedy = "Try it again."


class NotADemoStoreError(WellkeptError):
    """Only a demo store can stand on another day."""

    remedy = "Leave out --as-of, or try it in the demo: `make demo`."


@lru_cache(maxsize=4)
def engine_for(url: str) -> Engine:
    """Return the connection pool for a database URL."""
    patience = {} if "connect_timeout" in make_url(url).query else {"connect_timeout": CONNECT_SECONDS}
    made = create_engine(url, hide_parameters=True, pool_size=5, max_overflow=15, connect_args=patience)
    listen(made, "checkin", _note_use)
    listen(made, "checkout", _ask_whether_it_lives)
    return made


def _note_use(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[_USED_AT] = monotonic()


def _ask_whether_it_lives(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """Ask a connection that has lain idle; SQLAlchemy's own check asks every time, which costs more than most reads."""
    if monotonic() - record.info.get(_USED_AT, monotonic()) > TRUSTED_SECONDS:
        try:
            connection.cursor().execute("SELECT 1")
            connection.rollback()
        except psycopg.Error as error:
            raise DisconnectionError from error  # the pool tries another


def store_url() -> str:
    """Return the URL of the store this process was started with."""
    if url := os.environ.get(URL_VARIABLE):
        return url
    raise NoStoreError


def engine() -> Engine:
    """Return the connection pool of this process's store."""
    return engine_for(store_url())


@dataclass
class Transaction:
    """A session whose ledger entries are appended together, last, just before the commit."""

    session: Session
    sealed: dict[str, Seal] = field(default_factory=dict)
    """The seals it has written by its end, by their logs."""
    _entries: list[tuple[str, Event, dict[str, Any]]] = field(default_factory=list)
    _to_seal: dict[str, dict[str, Any]] = field(default_factory=dict)
    _bells: set[Bell] = field(default_factory=set)

    def record(  # the fields of an entry
        self,
        clinic: str,
        event: Event,
        *,
        actor: str,
        cycle: str | None = None,
        run: dict[str, str] | None = None,
        **facts: Any,  # noqa: ANN401 - facts are JSON
    ) -> None:
        """Note an entry for the ledger: `actor` is a person's id or the part of the system that acted."""
        entry = {"actor": actor, "cycle": cycle, "run": run or {}, "facts": facts}
        self._entries.append((clinic, event, entry))

    def seal(
        self,
        clinic: str,
        *,
        actor: str,
        run: dict[str, str] | None = None,
        key: Ed25519PrivateKey | None = None,
        lost: bool = False,
    ) -> None:
        """Let the clinic's log be sealed at the commit, with this installation's key or another.

        Where our key cannot be used nothing is sealed, which the log of the program, rounds and the doctor tell: an
        answer is not lost for it. Where a key is given, the commit raises SealKeyError instead. `lost` says that the
        key before is gone.
        """
        if found := _seal_key(key):
            about = {"key": found[0], "changes": found[1], "actor": actor, "run": run, "lost": lost}
            self._to_seal[clinic] = {**about, "insist": key is not None or lost}

    def tell_relay(self) -> None:
        """Let the relay know, at the commit, that there is something to carry."""
        self._bells.add(Bell.RELAY)

    def tell_worker(self) -> None:
        """Let the worker know, at the commit, that Prefect has a run for it."""
        self._bells.add(Bell.WORKER)

    def finish(self) -> None:
        """Write everything and commit."""
        self.session.flush()
        for log in sorted({*self._to_seal, *(log for log, _, _ in self._entries)}):
            self._write_down(log)
        for bell in sorted(self._bells):
            self.session.execute(text("SELECT pg_notify(:bell, '')"), {"bell": bell})
        self.session.commit()

    def _write_down(self, log: str) -> None:
        """Append a log's entries, and seal it if that is wanted."""
        for of, event, entry in self._entries:
            if of == log:
                ledger.append(self.session, log, event, self._moment, entry)
        if wanted := self._to_seal.get(log):
            insist = wanted.pop("insist")
            try:
                made = write_seal(self.session, log, moment=self._moment, **wanted)
            except LostKeyError as error:
                if insist:
                    raise
                _tell(error)
                return
            self.sealed |= {log: made} if made else {}

    def _moment(self) -> datetime:
        """Return the time by the store's clock as it stands now, which may have been moved since we began."""
        _stand_on_the_stores_day(self.session)
        return clock.now()


def _seal_key(wanted: Ed25519PrivateKey | None) -> tuple[Ed25519PrivateKey, list[KeyChange]] | None:
    """Return the key to seal with, and the changes that led to it; None when ours is wanted and of no use."""
    folder = load_settings().data_dir
    try:
        return wanted or load_seal_key(folder), key_changes(folder)
    except WellkeptError as error:
        if wanted:
            raise
        _tell(error)
        return None


def _tell(error: WellkeptError) -> None:
    logging.getLogger("wellkept.store").error("The record was not sealed: %s", error)


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Open a transaction; commit it with its ledger entries, or roll all of it back.

    Lock rows with FOR NO KEY UPDATE (`key_share`): a plain FOR UPDATE waits for everybody who writes a row that points
    at them. Several rows of a table are locked in the order of their ids. Raises NoStoreError when the database does
    not answer, CollisionError for the victim of a deadlock.
    """
    with _session(_stage or engine()) as session:
        unit = Transaction(session)
        yield unit
        unit.finish()


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session to read with. Stands the clock on the store's day first.

    Each statement is a transaction of its own, which saves two questions to the database; under PostgreSQL's READ
    COMMITTED each sees what was committed when it began in any case.
    """
    with _session(_stage or engine().execution_options(isolation_level="AUTOCOMMIT")) as session:
        yield session


@contextmanager
def snapshot() -> Iterator[Session]:
    """Open a session that sees the store as it was at one moment, however long it reads."""
    with _session(_stage or engine().execution_options(isolation_level="REPEATABLE READ")) as session:
        yield session


@contextmanager
def _session(bind: Engine | Connection) -> Iterator[Session]:
    try:
        with Session(bind, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            _stand_on_the_stores_day(session)
            yield session
    except OperationalError as error:
        if isinstance(error.orig, DeadlockDetected):
            raise CollisionError from error
        raise NoStoreError(f"The store cannot be reached: {driver_words(error.orig)}.") from error
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable | UndefinedColumn):
            raise HalfAStoreError(f"The store is not whole: {str(error.orig).partition(chr(10))[0]}.") from error
        raise


@contextmanager
def rehearsal() -> Iterator[None]:
    """Let everything inside read and write as ever, and take all of it back at the end; nobody else sees any of it.

    Only for a process with one thread. Its connections are closed afterwards. Raises NoStoreError.
    """
    global _stage  # noqa: PLW0603 - one thread
    try:
        with engine().connect() as connection, connection.begin() as all_of_it:
            _stage = connection
            try:
                yield
            finally:
                _stage = None
                all_of_it.rollback()
    except OperationalError as error:
        raise NoStoreError(f"The store cannot be reached: {driver_words(error.orig)}.") from error
    finally:
        engine().dispose()


def driver_words(error: BaseException | None) -> str:
    """Return what the database driver says in one line, without its advice and the full stop."""
    words = " ".join(str(error).replace(_ADVICE, "").split())
    return words.removeprefix("connection failed: ").rstrip(".")


def _stand_on_the_stores_day(session: Session) -> None:
    seconds = session.connection().exec_driver_sql("SELECT offset_seconds FROM demo_clock").scalar()
    clock.stand(timedelta(seconds=seconds or 0))
