"""The data folder a command works on, and the way to the store that runs in it."""

import os
from pathlib import Path

from deployments.postgres import Postgres
from deployments.stack import running_settings
from models import clock
from models.errors import WellkeptError
from models.settings import Settings, load_settings
from models.store import URL_VARIABLE, NoStoreError, reading
from models.store_kind import read_kind

HOME = Path(".wellkept")
DEMO = HOME / "demo"


class NotRunningError(WellkeptError):
    """Nothing runs on this data folder."""

    remedy = "Start it in another terminal with `wellkept up`, or name another folder with --data-dir."


def use_folder(data_dir: Path | None) -> None:
    """Have this process work on a data folder; without one on `.wellkept`, or the demo where only that is there."""
    only_demo = read_kind(HOME) is None and read_kind(DEMO) is not None
    folder = data_dir or (DEMO if only_demo else HOME)
    if data_dir or only_demo:
        os.environ["WELLKEPT_DATA_DIR"] = str(folder.absolute())
    load_settings.cache_clear()


def use_folder_to_start(data_dir: Path | None, *, demo: bool) -> None:
    """Have this process start what is in a data folder; a demo and a practice never share the default one."""
    folder = data_dir or (DEMO if demo else HOME)
    os.environ["WELLKEPT_DATA_DIR"] = str(folder.absolute())
    if demo:
        os.environ["WELLKEPT_DEMO"] = "true"
    load_settings.cache_clear()


def use_store() -> Settings:
    """Have this process work on the store of the installation that runs, and return its settings.

    Raises NotRunningError, and NoStoreError when the store does not answer.
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
            raise
        raise NotRunningError(f"The store of {settings.data_dir} does not answer.") from error
