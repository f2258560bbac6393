"""Bringing a store's tables up to date."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel

import models.tables

assert models.tables  # noqa: S101 - importing it makes the tables known


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.attributes["connection"] = connection
    return config


def migrate(owner_url: str) -> None:
    """Bring the store at a URL, connected to as its owner, to the newest revision. Safe to repeat."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")
    engine.dispose()


def write_revision(owner_url: str, message: str) -> None:
    """Write a new migration from what the tables in the code have and the store has not; for developers."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
    engine.dispose()


def differences(owner_url: str) -> list[object]:
    """Return how a store differs from the tables in the code; nothing when migrations are complete."""
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        found: list[object] = list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))
    engine.dispose()
    return found
