"""Prefect's side of a command: its settings, set before Prefect is imported."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from deployments.prefect_answer import EngineAwayError, need_prefect, words_for
from deployments.stack import service_environment
from models.secret_file import load_secrets
from models.settings import Settings, load_settings


def use_engine(settings: Settings) -> None:
    """Have this process talk to the Prefect server of the installation. Call it before anything imports Prefect."""
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]  # somebody's other Prefect
    os.environ.update(service_environment(settings, load_secrets(settings.data_dir)))
    load_settings.cache_clear()


@contextmanager
def engine_errors() -> Iterator[None]:
    """Tell what goes wrong between us and Prefect as EngineAwayError."""
    from prefect.exceptions import PrefectException  # noqa: PLC0415 - Prefect reads its settings when imported

    try:
        yield
    except (httpx.HTTPError, PrefectException) as error:
        raise EngineAwayError(f"Prefect does not answer as it should: {words_for(error)}.") from error


def deploy(settings: Settings, clinic: str) -> list[str]:
    """Deploy a clinic's duties and rounds at the Prefect server that runs; return the deployments' names.

    Raises EngineAwayError.
    """
    need_prefect(settings)
    use_engine(settings)
    from deployments.deploying import deploy_clinic  # noqa: PLC0415 - Prefect reads its settings when imported

    with engine_errors():
        return asyncio.run(deploy_clinic(clinic))


def make_work_pool(settings: Settings) -> None:
    """Make the work pool at the Prefect server that runs, unless it is there."""
    use_engine(settings)
    from deployments.deploying import ensure_work_pool  # noqa: PLC0415 - Prefect reads its settings when imported

    with engine_errors():
        asyncio.run(ensure_work_pool())
