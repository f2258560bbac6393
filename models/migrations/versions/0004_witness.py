"""The witness: letters to somebody who is no person of the clinic, with a seal."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("clinic", sa.Column("witness", sa.String(), nullable=True))
    op.add_column("letter", sa.Column("seal", sa.String(), nullable=True))
    op.alter_column("letter", "person_id", nullable=True)


def downgrade() -> None:
    op.alter_column("letter", "person_id", nullable=False)
    op.drop_column("letter", "seal")
    op.drop_column("clinic", "witness")
