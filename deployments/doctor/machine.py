"""Checks of the machine and of what is installed: versions, settings, secrets, disk."""

import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import requires, version

from packaging.requirements import Requirement

from deployments.doctor.result import Result
from deployments.prefect_server import refuse_wrong_settings, server_environment
from models.errors import WellkeptError
from models.secret_file import FILE_NAME as SECRETS_FILE
from models.secret_file import Secrets, load_secrets
from models.settings import FILE_NAME as SETTINGS_FILE
from models.settings import Settings

OLDEST_PYTHON = (3, 11)
SHOWN = ("prefect", "fastapi")
"""Named even when they are well: Prefect 3.8.8 dies at import with a FastAPI that is too new."""
LEAST_FREE_BYTES = 2_000_000_000


def check_machine(settings: Settings) -> Iterator[Result]:
    """Yield what is found without any server: Python, Prefect, FastAPI, Prefect's settings, secrets, disk."""
    yield _python()
    yield from _requirements()
    yield from _prefect_settings(settings)
    yield from _file_modes(settings)
    yield _disk(settings)


def _python() -> Result:
    well = sys.version_info >= OLDEST_PYTHON
    return Result("Python", platform.python_version(), "" if well else "Install Python 3.11 or newer; `make setup`.")


def _requirements() -> Iterator[Result]:
    """Yield Prefect's and FastAPI's versions, and whatever else is not what our own metadata asks for."""
    for line in requires("wellkept") or []:
        wanted = Requirement(line)
        found = version(wanted.name)
        well = wanted.specifier.contains(found, prereleases=True)
        if well and wanted.name in SHOWN:
            yield Result(wanted.name, found)
        elif not well:
            remedy = f"Wellkept wants {wanted.name}{wanted.specifier}. `make setup` installs what the lock names."
            yield Result(wanted.name, found, remedy)


def _prefect_settings(settings: Settings) -> Iterator[Result]:
    """Yield what is wrong with the settings Prefect's server would run with: retention above all."""
    try:
        environment = server_environment(settings, _secrets(settings))
    except WellkeptError as error:
        yield Result("secrets", str(error.args[0]), error.help)
        return
    # Without a database yet there is no address, which is not what is asked here.
    environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = settings.prefect_database_url or "postgresql+asyncpg://"
    findings = refuse_wrong_settings(environment, settings.retention_days)
    yield from (Result("Prefect's settings", finding.what, finding.remedy) for finding in findings)
    if not findings:
        words = f"history is kept {settings.retention_days} days, the API is on loopback behind a login"
        yield Result("Prefect's settings", words)


def _secrets(settings: Settings) -> Secrets:
    """Return the secrets; before the first start, what they would be, without writing them."""
    there = (settings.data_dir / SECRETS_FILE).exists()
    return load_secrets(settings.data_dir) if there else Secrets.fresh()


def _file_modes(settings: Settings) -> Iterator[Result]:
    for name in (SECRETS_FILE, SETTINGS_FILE):
        path = settings.data_dir / name
        if path.is_file():
            mode = stat.S_IMODE(path.stat().st_mode)
            remedy = f"Run `chmod 600 {path}`." if mode & 0o077 else ""
            yield Result(name, f"mode {mode:o}", remedy)


def _disk(settings: Settings) -> Result:
    free = shutil.disk_usage(
        next(each for each in (settings.data_dir, *settings.data_dir.parents) if each.exists())
    ).free
    remedy = (
        "" if free >= LEAST_FREE_BYTES else f"Make room where {settings.data_dir} is: the record needs 2 GB or more."
    )
    return Result("disk", f"{free / 1e9:.1f} GB free", remedy)
