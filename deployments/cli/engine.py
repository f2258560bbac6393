"""Prefect's side of a command: its settings, set before Prefect is imported."""

import os

from deployments.stack import service_environment
from models.secret_file import load_secrets
from models.settings import Settings, load_settings


def use_engine(settings: Settings) -> None:
    """Have this process talk to the Prefect server of the installation. Call it before anything imports Prefect."""
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]  # somebody's other Prefect
    secrets = load_secrets(settings.data_dir)
    os.environ.update(service_environment(settings, secrets))
    load_settings.cache_clear()
