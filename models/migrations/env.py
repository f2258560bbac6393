"""What alembic runs: migrations over the connection that `models.migrate` hands it."""

from typing import Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import models.tables

assert models.tables  # noqa: S101 - importing it makes the tables known


def plain_types(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Write sqlmodel's string type as SQLAlchemy's own, so that a migration imports nothing of ours."""
    return "sa.String()" if kind == "type" and isinstance(value, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    compare_type=True,
    render_item=plain_types,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
