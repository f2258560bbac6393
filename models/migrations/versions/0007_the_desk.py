"""The desk: sign-ins, what answers tell their cycle, days that cycles wait for, whom cases are about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GUARDS = (
    """
    CREATE TRIGGER disclosures_are_append_only BEFORE UPDATE OR DELETE ON disclosure
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER disclosures_are_never_emptied BEFORE TRUNCATE ON disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellkept_app') THEN
            REVOKE UPDATE ON disclosure FROM wellkept_app;
            GRANT DELETE ON climb TO wellkept_app;  -- the ladder of a due date that moves
        END IF;
    END $$
    """,
)


def upgrade() -> None:
    op.add_column("cycle", sa.Column("look_on", sa.Date(), nullable=True))
    op.add_column("clinic", sa.Column("phone", sa.String(), nullable=True))
    letters = sa.Column("letters", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb"))
    op.add_column("clinic", letters)
    op.alter_column("clinic", "letters", server_default=None)
    op.add_column("answer", sa.Column("told", postgresql.JSONB(), nullable=True))
    op.add_column("case", sa.Column("received_on", sa.Date(), nullable=True))
    told = sa.Column("told", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb"))
    op.add_column("case", told)
    op.alter_column("case", "told", server_default=None)
    op.add_column("case", sa.Column("subject", sa.String(), nullable=True))
    op.create_index(op.f("ix_case_subject"), "case", ["subject"])
    op.create_table(
        "signin",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("clinic", sa.String(), nullable=False),
        sa.Column("attempt_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_failures", sa.Integer(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pin_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.slug"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_sha256"),
    )
    op.create_index(op.f("ix_signin_person_id"), "signin", ["person_id"])
    op.create_index(op.f("ix_signin_attempt_sha256"), "signin", ["attempt_sha256"])

    op.create_table(
        "disclosure",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("clinic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("accountable", sa.Boolean(), nullable=False),
        sa.Column("part_2_consent", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.slug"]),
        sa.PrimaryKeyConstraint("case_id", "fact"),
    )
    op.create_index(op.f("ix_disclosure_clinic"), "disclosure", ["clinic"])
    op.create_index(op.f("ix_disclosure_subject"), "disclosure", ["subject"])
    for statement in GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("disclosure")
    op.drop_table("signin")
    op.drop_index(op.f("ix_case_subject"), "case")
    op.drop_column("case", "subject")
    op.drop_column("case", "told")
    op.drop_column("case", "received_on")
    op.drop_column("answer", "told")
    op.drop_column("clinic", "letters")
    op.drop_column("clinic", "phone")
    op.drop_column("cycle", "look_on")
