"""What people type as a reason stands sealed beside the chains, which keep its digest: it can be taken away."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column beside each chain. Entries written before stay as they are: what a chain holds cannot be changed."""
    for table in ("journal", "access_log"):
        op.add_column(table, sa.Column("words", sa.LargeBinary(), nullable=True))
