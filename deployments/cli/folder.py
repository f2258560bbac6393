"""The data folder a command works on, and the way to the store that runs in it."""

import os
from pathlib import Path

from deployments.postgres import Postgres
from deployments.stack import running_settings
from models import clock
from models.errors import WellkeptError
from models.settings import Settings, load_settings
from models.store import URL_VARIABLE, HalfAStoreError, NoStoreError, reading
from models.store_kind import read_kind

HOME = Path(".wellkept")
DEMO = HOME / "demo"
_SERVER = "Look at the database server that WELLKEPT_DATABASE_URL and WELLKEPT_STORE_URL name, then try again."
_STARTING = "Where it has just been started, try again in a moment; logs/postgres.log in the data folder says more."


class DataFolderError(WellkeptError):
    """The data folder cannot be used."""

    remedy = "Name another with --data-dir, or give yourself the right to read and write it."


class NotRunningError(WellkeptError):
    """Nothing runs on this data folder."""

    remedy = "Start it in another terminal with `wellkept up`, or name another folder with --data-dir."


def use_folder(data_dir: Path | None) -> None:
    """Have this process work on a data folder; without one on `.wellkept`, or the demo where only that is there."""
    only_demo = data_dir is None and _only_demo()
    folder = _checked(data_dir or (DEMO if only_demo else HOME))
    if data_dir or only_demo:
        os.environ["WELLKEPT_DATA_DIR"] = str(folder.absolute())
    load_settings.cache_clear()


def use_folder_to_start(data_dir: Path | None, *, demo: bool) -> None:
    """Have this process start what is in a data folder; a demo and a practice never share the default one."""
    folder = _checked(data_dir or (DEMO if demo else HOME))
    os.environ["WELLKEPT_DATA_DIR"] = str(folder.absolute())
    if demo:
        os.environ["WELLKEPT_DEMO"] = "true"
    load_settings.cache_clear()


def make_folder(folder: Path) -> None:
    """Make the data folder, unless it is there. Raises DataFolderError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(f"{folder} cannot be made: {error.strerror}.") from error


def _only_demo() -> bool:
    return read_kind(_checked(HOME)) is None and read_kind(_checked(DEMO)) is not None


def _checked(folder: Path) -> Path:
    """Return a folder that is not there yet or can be used. Raises DataFolderError."""
    try:
        there, is_folder = folder.exists(), folder.is_dir()
    except OSError as error:
        raise DataFolderError(f"{folder} cannot be read: {error.strerror}.") from error
    if there and not is_folder:
        raise DataFolderError(f"{folder} is a file, not a folder.", remedy="Name a folder with --data-dir.")
    if there and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise DataFolderError(f"You may not read and write in {folder}.")
    return folder


def use_store() -> Settings:
    """Have this process work on the store of the installation that runs, and return its settings.

    Raises NotRunningError, and NoStoreError when a database server that the settings name does not answer.
    """
    given = load_settings()
    if given.database_url is None and Postgres.running_socket_folder(given.data_dir) is None:
        raise NotRunningError(f"Nothing runs on {given.data_dir}.")
    settings = running_settings(given)
    os.environ[URL_VARIABLE] = settings.store_url or settings.database_url or ""
    _try_store(settings)
    return settings


def _try_store(settings: Settings) -> None:
    """Open the store once, so that a stopped one is told as such, and stand the clock on its day."""
    try:
        with reading():
            clock.now()
    except NoStoreError as error:
        if settings.database_url:
            raise NoStoreError(error.args[0], remedy=_SERVER) from error
        words = f"The store of {settings.data_dir} does not answer."
        raise NotRunningError(words, remedy=_STARTING) from error
    except HalfAStoreError as error:
        words = "The database holds no store, or that of another version."
        raise NoStoreError(words, remedy="`wellkept up` makes the store and brings it up to date.") from error
