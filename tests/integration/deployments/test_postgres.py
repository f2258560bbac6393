"""The embedded PostgreSQL starts as whoever we are, keeps to its folder, and survives being killed."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text

from deployments.identity import Identity, NoIdentityError, find_identity
from deployments.postgres import APPLICATION, OWNER, Postgres, PostgresError, program

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root lends PostgreSQL another identity; others need none")

HOLDER = """
import sys, time
from pathlib import Path
from deployments.postgres import Postgres
with Postgres(Path(sys.argv[1])).running():
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that only we may enter, as a clone under mkdtemp would be."""
    made = Path(tempfile.mkdtemp(prefix="wk-"))
    yield made / "data"
    shutil.rmtree(made)


def ask(url: str, question: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            *before, last = question.split("; ")
            for statement in before:
                connection.execute(text(statement))
            return connection.execute(text(last)).scalar()
    finally:
        engine.dispose()


def postgres_processes(folder: Path) -> list[psutil.Process]:
    return list(Postgres(folder)._processes())  # noqa: SLF001 - the one way to see what runs in a folder


def test_it_starts_with_both_databases_and_the_extension_prefect_needs(folder: Path) -> None:
    with Postgres(folder).running() as server:
        version = str(ask(server.store_url(OWNER), "SELECT version()"))
        assert version.startswith("PostgreSQL 18")
        prefect = server.prefect_url().replace("asyncpg", "psycopg")
        assert ask(prefect, "CREATE EXTENSION pg_trgm; SELECT current_user") == "prefect"
        assert ask(server.store_url(), "SELECT current_setting('TimeZone')") == "UTC"
        assert ask(server.store_url(), "SELECT current_setting('fsync')") == "on"
    assert postgres_processes(folder) == []


def test_roles_have_no_right_beyond_their_own_database(folder: Path) -> None:
    with Postgres(folder).running() as server:
        wrong = server.store_url("prefect")
        with pytest.raises(Exception, match="permission denied for database"):
            ask(wrong, "SELECT 1")
        with pytest.raises(Exception, match="permission denied for schema"):
            ask(server.store_url(APPLICATION), "CREATE TABLE t (n int)")
        assert (
            ask(server.store_url(OWNER), "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname <> 'postgres'") == 0
        )


def test_what_was_written_is_there_at_the_next_start(folder: Path) -> None:
    with Postgres(folder).running() as server:
        ask(server.store_url(OWNER), "CREATE TABLE t AS SELECT 7 AS n; SELECT 1")
    with Postgres(folder).running() as server:
        assert ask(server.store_url(OWNER), "SELECT n FROM t") == 7


def test_it_listens_on_no_port_and_its_socket_is_private(folder: Path) -> None:
    with Postgres(folder).running() as server:
        for process in postgres_processes(folder):
            assert [each for each in process.net_connections("inet") if each.family == socket.AF_INET] == []
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


def test_nothing_outside_the_data_folder_changes(folder: Path) -> None:
    before = folder.parent.stat()
    with Postgres(folder).running() as server:
        assert server.socket_folder.is_relative_to(folder)
    after = folder.parent.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)
    assert {each.name for each in folder.parent.iterdir()} == {"data"}
    assert {each.owner() for each in folder.rglob("*")} == {folder.owner()}


def test_a_folder_with_a_long_name_gets_a_private_socket_elsewhere_and_takes_it_away(folder: Path) -> None:
    with Postgres(folder / ("long " * 20).strip()).running() as server:
        place = server.socket_folder
        assert not place.is_relative_to(folder)
        assert ask(server.store_url(OWNER), "SELECT 1") == 1
        assert Postgres(server.data_dir).socket_folder == place
    assert not place.exists()


@as_root
@pytest.mark.parametrize("identity", [Identity.NAMESPACE, Identity.NOBODY])
def test_root_can_lend_it_either_identity(identity: Identity, folder: Path) -> None:
    if identity is Identity.NOBODY:
        folder.parent.chmod(0o755)
    if not identity.can_run(program("postgres")):
        assert find_identity(program("postgres")) is not identity  # a clone in a private folder: the other one serves
        return
    with Postgres(folder, identity).running() as server:
        assert ask(server.store_url(OWNER), "SELECT 1") == 1


@as_root
def test_programs_that_no_lent_identity_reaches_are_an_error_with_a_remedy() -> None:
    with pytest.raises(NoIdentityError, match="ordinary user"):
        find_identity(Path("/nowhere/postgres"))


@as_root
def test_nobody_is_known_not_to_reach_a_program_in_a_private_folder_and_the_namespace_to_reach_it(folder: Path) -> None:
    binary = Path(shutil.copy("/bin/true", folder.parent))
    assert Identity.NAMESPACE.can_run(binary) or not Identity.NAMESPACE.can_run(Path("/bin/true"))
    assert Identity.NOBODY.can_run(Path("/bin/true"))
    assert not Identity.NOBODY.can_run(binary)


def test_a_server_whose_holder_is_killed_ends_and_starts_again(folder: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    ask(Postgres(folder).store_url(OWNER), "CREATE TABLE t AS SELECT 7 AS n; SELECT 1")
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with Postgres(folder).running() as server:
        assert ask(server.store_url(OWNER), "SELECT n FROM t") == 7


def test_a_killed_server_starts_again_even_when_its_process_id_is_anothers_by_now(folder: Path) -> None:
    with Postgres(folder).running() as server:
        ask(server.store_url(OWNER), "CREATE TABLE t AS SELECT 7 AS n; SELECT 1")
        lock = server.folder / "postmaster.pid"
        os.kill(int(lock.read_text().split()[0]), signal.SIGKILL)
    other = [str(os.getpid()), *lock.read_text().splitlines()[1:]]
    lock.write_text("\n".join(other) + "\n")
    with Postgres(folder).running() as server:
        assert ask(server.store_url(OWNER), "SELECT n FROM t") == 7


def test_a_first_start_that_was_broken_off_leaves_no_half_of_a_database(folder: Path) -> None:
    (folder / "postgres.new" / "base").mkdir(parents=True)
    with Postgres(folder).running() as server:
        assert ask(server.store_url(OWNER), "SELECT 1") == 1


def test_files_of_something_else_are_an_error_that_says_so(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "letter.txt").write_text("mine")
    with pytest.raises((PostgresError, OSError)):
        Postgres(folder).prepare()
    assert (folder / "postgres" / "letter.txt").read_text() == "mine"
