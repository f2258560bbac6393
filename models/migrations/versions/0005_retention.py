"""Retention: legal holds, tombstones, and documents that only a tombstone lets go."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GUARDS = (
    """
    CREATE TRIGGER tombstones_are_append_only BEFORE UPDATE OR DELETE ON tombstone
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER tombstones_are_never_emptied BEFORE TRUNCATE ON tombstone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE FUNCTION refuse_change_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.sha256 = OLD.sha256 AND NEW.stored_at = OLD.stored_at THEN
            IF encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') = OLD.sha256 THEN
                RETURN NEW;
            END IF;
            IF NEW.text = '' AND EXISTS (SELECT FROM tombstone WHERE tombstone.sha256 = OLD.sha256) THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'documents are never changed: % is refused on document', TG_OP
            USING HINT = 'A text that is past its retention goes by an approved purge, which leaves a tombstone.';
    END $$
    """,
    """
    CREATE TRIGGER documents_are_never_changed BEFORE UPDATE OR DELETE ON document
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_document()
    """,
    """
    CREATE TRIGGER documents_are_never_emptied BEFORE TRUNCATE ON document
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellkept_app') THEN
            REVOKE UPDATE ON tombstone FROM wellkept_app;
            GRANT UPDATE (text) ON document TO wellkept_app;
        END IF;
    END $$
    """,
)
"""A document's text may go where a tombstone stands, and may come back as what it was."""


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("clinic", sa.String(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reason_salt", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.slug"]),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_hold_clinic"), "hold", ["clinic"])
    op.create_table(
        "tombstone",
        sa.Column("clinic", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("list_sha256", sa.String(), nullable=False),
        sa.Column("retain_until", sa.Date(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.slug"]),
        sa.ForeignKeyConstraint(["sha256"], ["document.sha256"]),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.PrimaryKeyConstraint("clinic", "sha256", "request_id"),
    )
    for statement in GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER documents_are_never_emptied ON document")
    op.execute("DROP TRIGGER documents_are_never_changed ON document")
    op.execute("DROP FUNCTION refuse_change_of_document()")
    op.drop_table("tombstone")
    op.drop_table("hold")
