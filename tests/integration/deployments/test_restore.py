"""The restore drill: last night's backup in an empty folder; what is missing since is told, and the cycles go on."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio
import psycopg
import pytest
from prefect import get_client
from sqlalchemy import make_url

from deployments.backup import KEYS, STORE, Backup, BackupError, RestoreError, make_backup, restored
from deployments.postgres import OWNER, PREFECT, Postgres
from deployments.testing.clinic import SmallClinic, small_clinic
from deployments.testing.stack import running_stack
from models.migrate import differences, migrate
from models.sealing import newest_seal
from models.settings import Settings
from models.store import reading
from models.tables import Cycle

SECONDS = 120
CLINIC = "drill"


@pytest.fixture
def outside(store: str, postgres: Postgres, tmp_path: Path) -> Callable[[str], Settings]:
    """Return the settings of an installation whose two databases somebody else runs, by a name for these."""

    def of(name: str) -> Settings:
        for database, owner in ((f"ours_{name}", OWNER), (f"prefects_{name}", PREFECT)):
            postgres.ensure_database(database, owner)
        ours = make_url(store).set(database=f"ours_{name}").render_as_string(hide_password=False)
        prefects = make_url(postgres.prefect_url()).set(database=f"prefects_{name}")
        about = {"database_url": ours, "prefect_database_url": prefects.render_as_string(hide_password=False)}
        return Settings(_env_file=None, data_dir=tmp_path / name, **about)

    return of


def as_owner(url: str, statement: str) -> list[tuple[object, ...]]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        found = connection.execute(statement)  # type: ignore[call-overload]
        return found.fetchall() if found.description else []


def test_databases_that_somebody_else_runs_come_back_too(outside: Callable[[str], Settings], tmp_path: Path):
    before, after = outside("before"), outside("after")
    assert before.database_url is not None
    assert before.prefect_database_url is not None
    assert after.database_url is not None
    migrate(before.database_url)
    as_owner(before.database_url, "INSERT INTO demo_clock VALUES (7, 5)")
    as_owner(before.prefect_database_url, "CREATE TABLE flow_run (id int)")
    made = make_backup(before, tmp_path / "backup", "2027-01-15T03:00:00.000000Z", "0.1.0")
    assert Backup.read(tmp_path / "backup") == made
    with restored(after, tmp_path / "backup") as settings:
        assert settings == after
    assert as_owner(after.database_url, "SELECT * FROM demo_clock") == [(7, 5)]
    assert differences(after.database_url) == []
    with pytest.raises(RestoreError, match="holds tables already"), restored(after, tmp_path / "backup"):
        pass


def test_without_prefects_database_there_is_no_backup(outside: Callable[[str], Settings], tmp_path: Path):
    settings = outside("half").replaced(prefect_database_url=None)
    with pytest.raises(BackupError, match="do not say where Prefect's database is"):
        make_backup(settings, tmp_path / "backup", "2027-01-15T03:00:00.000000Z", "0.1.0")
    assert list(tmp_path.glob("*backup*")) == []


def wellkept(data_dir: Path, *arguments: str) -> tuple[int, str]:
    """Call the command line on a data folder; return its exit code and all it said."""
    command = [sys.executable, "-c", "from deployments.cli import main; main()", "--data-dir", str(data_dir)]
    done = subprocess.run([*command, *arguments], check=False, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, f"not within {SECONDS} s: {what}"
        time.sleep(0.2)


def asleep(clinic: SmallClinic) -> bool:
    cycle = clinic.cycle()
    return cycle.wake_wanted_at is None and cycle.closed_at is None and any(map(clinic.link, clinic.requests()))


def seal_of() -> str:
    with reading() as session:
        seal = newest_seal(session, CLINIC)
    assert seal is not None
    return seal.note


def state_of(cycle: Cycle) -> str | None:
    async def ask() -> str | None:
        async with get_client() as client:
            assert cycle.flow_run_id is not None
            return (await client.read_flow_run(cycle.flow_run_id)).state_name

    return anyio.run(ask)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Leave a folder with last night's `backup`, the keys in `keys`, and the seal `after.seal` of what came since."""
    root = tmp_path_factory.mktemp("nights")
    (root / "keys").mkdir()
    with running_stack(root / "lost"):
        clinic = anyio.run(small_clinic, CLINIC, root / "clinic")
        until(lambda: asleep(clinic), "the cycle waits")
        code, said = wellkept(root / "lost", "backup", str(root / "backup"))
        assert (code, said.startswith("The backup of ")) == (0, True), said
        clinic.answer(clinic.requests()[0], "no_change")
        until(lambda: clinic.cycle().closed_at is not None, "the cycle closes")
        (root / "after.seal").write_text(seal_of())
    for name in KEYS:
        if (root / "lost" / name).exists():
            shutil.copy2(root / "lost" / name, root / "keys")
    shutil.rmtree(root / "lost")
    return root


def test_cycles_go_on_and_what_is_missing_is_told(nights: Path, tmp_path: Path):
    data = tmp_path / "new"
    shutil.copytree(nights / "keys", data)
    data.chmod(0o700)
    code, said = wellkept(data, "restore", str(nights / "backup"))
    assert (code, "is brought back: drill." in said) == (0, True), said
    with running_stack(data):
        clinic = SmallClinic(CLINIC)
        code, said = wellkept(data, "audit", "missing", str(nights / "after.seal"))
        assert code == 1
        assert "drill: the record was brought back at " in said
        assert " entries are missing, written between " in said
        assert "What was answered in that time is asked again." in said
        code, said = wellkept(data, "audit", "compare", str(nights / "after.seal"))
        assert (code, "were lost: the record was brought back at " in said) == (1, True), said
        until(lambda: asleep(clinic), "the cycle waits again")
        clinic.answer(clinic.requests()[0], "no_change")
        until(lambda: clinic.cycle().closed_at is not None, "the cycle closes")
        until(lambda: state_of(clinic.cycle()) == "Done", "Prefect shows its end")
        code, said = wellkept(data, "audit", "verify", "--without-prefect")
        assert (code, "but for what the restore of" in said) == (0, True), said
        code, said = wellkept(data, "audit", "missing", "--json", "--without-prefect")
        assert (code, '"entries": 0' in said) == (0, True), said


def test_without_the_keys_nothing_is_brought_back(nights: Path, tmp_path: Path):
    code, said = wellkept(tmp_path / "new", "restore", str(nights / "backup"))
    assert code == 1
    assert "secrets.json and seal-key.pem are not in" in said
    assert not (tmp_path / "new" / "postgres").exists()


def cut(folder: Path) -> None:
    content = (folder / STORE).read_bytes()
    (folder / STORE).write_bytes(content[: len(content) // 2])


def empty_about(folder: Path) -> None:
    (folder / "backup.json").write_text("{}")


def take_away(folder: Path) -> None:
    (folder / STORE).unlink()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (cut, "store.dump is not what was written: it was cut off or changed."),
        (empty_about, "cannot be read as a backup."),
        (take_away, "is no backup: store.dump is missing."),
        (shutil.rmtree, "is no backup: backup.json is missing."),
    ],
)
def test_half_a_backup_is_refused(nights: Path, tmp_path: Path, spoil: Callable[[Path], None], says: str):
    shutil.copytree(nights / "backup", tmp_path / "backup")
    shutil.copytree(nights / "keys", tmp_path / "new")
    spoil(tmp_path / "backup")
    code, said = wellkept(tmp_path / "new", "restore", str(tmp_path / "backup"))
    assert (code, says in said, "Traceback" in said) == (1, True, False), said
    assert not (tmp_path / "new" / "postgres").exists()


def test_what_is_there_is_never_written_over(nights: Path, tmp_path: Path):
    shutil.copytree(nights / "keys", tmp_path / "new")
    (tmp_path / "new" / "postgres").mkdir()
    code, said = wellkept(tmp_path / "new", "restore", str(nights / "backup"))
    assert (code, "holds a database already." in said) == (1, True), said
    assert [*(tmp_path / "new" / "postgres").iterdir()] == []
