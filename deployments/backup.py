"""Backups: both databases written out while everything runs, and brought back into a data folder that has none.

The keys that `KEYS` names are never in a backup: whoever has both could rewrite the record, seal it anew, and read
what is encrypted.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Self

import psycopg
from psycopg.errors import Error
from sqlalchemy import make_url

from deployments.postgres import Postgres, program
from deployments.stack import owner_url, running_settings
from models.case_keys import FILE_NAME as CASE_KEYS
from models.errors import WellkeptError
from models.seal_key import CHAIN_NAME as SEAL_KEYS
from models.seal_key import FILE_NAME as SEAL_KEY
from models.secret_file import FILE_NAME as SECRETS
from models.settings import PREFIX, Settings
from models.store import driver_words
from models.store_kind import read_kind
from models.words import list_in_words

ABOUT = "backup.json"
STORE, PREFECT = "store.dump", "prefect.dump"
KEYS = (SECRETS, SEAL_KEY, SEAL_KEYS, CASE_KEYS)
"""Files of the data folder that are in no backup."""


class BackupError(WellkeptError):
    """The backup was not made. What was written of it is gone again."""

    remedy = "See that the place has room and that you may write there."


class NotABackupError(WellkeptError):
    """This is no whole backup. Nothing was brought back."""

    remedy = "Name a folder that `wellkept backup` made, with all of its files."


class RestoreError(WellkeptError):
    """The backup cannot be brought back here."""

    remedy = "Name an empty data folder with --data-dir, or move away what is in this one; nothing is written over."


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself."""

    made_at: str
    """When it was begun: UTC, as the ledger writes moments. The store is as it was then or a little later."""
    version: str
    """Of Wellkept."""
    demo: bool
    sha256: Mapping[str, str]
    """Of each of its files."""
    keys: Sequence[str]
    """Which files of keys the installation had, and wants back."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a backup's folder and check its files. Raises NotABackupError."""
        try:
            found = cls(**json.loads((folder / ABOUT).read_text(encoding="utf-8")))
            sums = {name: _sha256(folder / name) for name in (STORE, PREFECT)}
        except FileNotFoundError as error:
            raise NotABackupError(f"{folder} is no backup: {Path(error.filename).name} is missing.") from error
        except (OSError, ValueError, TypeError) as error:
            raise NotABackupError(f"{folder} cannot be read as a backup.") from error
        if changed := [name for name, sha256 in sums.items() if found.sha256.get(name) != sha256]:
            raise NotABackupError(f"{folder}: {', '.join(changed)} is not what was written: it was cut off or changed.")
        return found


def make_backup(settings: Settings, folder: Path, made_at: str, version: str) -> Backup:
    """Write both databases of the stack that runs into a new folder: our store first, so that Prefect's knows no less.

    Raises BackupError, also where the folder is there already.
    """
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        if folder.exists():
            raise BackupError(f"{folder} is there already.", remedy="Name a folder that is not there yet.")
        draft.mkdir(mode=0o700, parents=True)
        for name, url in _places(settings, BackupError).items():
            _run("pg_dump", url, "--format=custom", f"--file={draft / name}", trouble=BackupError)
        sums = {name: _sha256(draft / name) for name in (STORE, PREFECT)}
        keys = [each for each in KEYS if (settings.data_dir / each).exists()]
        backup = Backup(made_at, version, bool(read_kind(settings.data_dir)), sums, keys)
        (draft / ABOUT).write_text(json.dumps(asdict(backup), indent=1) + "\n", encoding="utf-8")
        draft.rename(folder)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return backup


def need_keys(data_dir: Path, backup: Backup) -> None:
    """Raise RestoreError where the keys that the installation had are not in the data folder."""
    if missing := [name for name in backup.keys if not (data_dir / name).exists()]:
        words = f"{list_in_words(missing, len(missing))} {'is' if len(missing) == 1 else 'are'} not in {data_dir}."
        remedy = "Copy them there from where you keep them; no backup holds them. If they are lost: --without-keys."
        raise RestoreError(words, remedy=remedy)


@contextmanager
def restored(given: Settings, folder: Path) -> Iterator[Settings]:
    """Bring a backup's databases back; while the block lasts they run, and its settings say where.

    `given` are the settings as they were read. Raises RestoreError where there are databases already.
    """
    if given.database_url:
        _bring_back(given, folder)
        yield given
        return
    server = Postgres(given.data_dir)
    if server.folder.exists():
        raise RestoreError(f"{given.data_dir} holds a database already.")
    try:
        with server.running():
            settings = running_settings(given)
            _bring_back(settings, folder)
            yield settings
    except BaseException:
        shutil.rmtree(server.folder, ignore_errors=True)  # half of a store is worse than none
        raise


def _bring_back(settings: Settings, folder: Path) -> None:
    places = _places(settings, RestoreError)
    for name, table in ((STORE, "clinic"), (PREFECT, "flow_run")):
        _refuse_full(places[name], table)
    for name, url in places.items():
        _run(
            "pg_restore",
            url,
            "--no-owner",
            "--no-comments",
            "--single-transaction",
            "--exit-on-error",
            str(folder / name),
            trouble=RestoreError,
        )


def _places(settings: Settings, trouble: type[WellkeptError]) -> dict[str, str]:
    """Return the address of each database by the name of its file, our store first."""
    if not settings.prefect_database_url:
        remedy = f"Set {PREFIX}PREFECT_DATABASE_URL to the address of its database."
        raise trouble("The settings do not say where Prefect's database is.", remedy=remedy)
    return {STORE: owner_url(settings), PREFECT: settings.prefect_database_url}


def _refuse_full(url: str, table: str) -> None:
    address, password = _plain(url)
    try:
        with psycopg.connect(address, password=password, connect_timeout=10) as connection:
            there = connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone()
    except Error as error:
        raise RestoreError(f"The database cannot be reached: {driver_words(error)}.") from error
    if there and there[0] is not None:
        raise RestoreError("The database holds tables already.", remedy="Name an empty one; nothing is written over.")


def _run(name: str, url: str, *arguments: str, trouble: type[WellkeptError]) -> None:
    """Run one of PostgreSQL's programs on a database; the password goes by its environment, where nobody sees it."""
    address, password = _plain(url)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {}), "PGCONNECT_TIMEOUT": "10"}
    command = [str(program(name)), f"--dbname={address}", "--no-password", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603 - own words
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise trouble(f"{name} says: {lines[0] if lines else done.returncode}.")


def _plain(url: str) -> tuple[str, str | None]:
    """Return an address as PostgreSQL's programs take it, without its password, and the password."""
    read = make_url(url)
    plain = read.set(drivername="postgresql")._replace(password=None)
    return plain.render_as_string(hide_password=False), read.password


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
