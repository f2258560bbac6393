"""Copies of Prefect's history."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = (
    """
    CREATE TRIGGER copies_are_append_only BEFORE UPDATE OR DELETE ON history_copy
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER copies_are_never_emptied BEFORE TRUNCATE ON history_copy
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellkept_app') THEN
            REVOKE UPDATE ON history_copy FROM wellkept_app;
        END IF;
    END $$
    """,
)


def upgrade() -> None:
    op.create_table(
        "history_copy",
        sa.Column("cycle_key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("copied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_key"], ["cycle.key"]),
        sa.PrimaryKeyConstraint("cycle_key", "number"),
    )
    op.add_column("cycle", sa.Column("history_wanted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("clinic", sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_cycle_history_wanted_at", "cycle", ["history_wanted_at"])
    for statement in APPEND_ONLY:
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("clinic", "compared_at")
    op.drop_column("cycle", "history_wanted_at")
    op.drop_table("history_copy")
