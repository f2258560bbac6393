"""Prefect's side of a command: its settings, set before Prefect is imported."""

import asyncio
import os
from collections.abc import Iterator, Sequence
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


def differences_in_prefect(settings: Settings, clinics: Sequence[str]) -> dict[str, list[str]]:
    """Return in what Prefect's history differs from the record of each clinic, in words. Raises EngineAwayError."""
    need_prefect(settings)
    use_engine(settings)
    from prefect import get_client  # noqa: PLC0415 - Prefect reads its settings when imported

    from tasks.reconciling import compare_with_prefect  # noqa: PLC0415 - the same

    async def compare() -> dict[str, list[str]]:
        async with get_client() as client:
            return {
                clinic: [each.in_words() for each in await compare_with_prefect(client, clinic)] for clinic in clinics
            }

    with engine_errors():
        return asyncio.run(compare())
