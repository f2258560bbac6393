"""What alembic runs: migrations over the connection that `models.migrate` hands it."""

from alembic import context
from sqlmodel import SQLModel

import models.tables

assert models.tables  # noqa: S101 - importing it makes the tables known

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
