"""A notice is spread over its channels by the notifier; morning digests; when an organisation was last heard of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Add `digest`, `notice.spread_at`, `organisation.heard_at`; a delivery is of a notice or of a digest, one a channel."""
    op.create_table(
        "digest",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_digest_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_digest_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
    )
    op.create_index(op.f("ix_digest_day_digest_recipient"), "digest", ["day", "recipient"], unique=True)
    op.add_column("notice", sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organisation", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    _deliveries()
    _kept()
    op.create_index("ix_notice_unspread", "notice", ["at"], postgresql_where=sa.text("spread_at IS NULL"))


def _deliveries() -> None:
    """The columns and indexes of `delivery`."""
    op.add_column("delivery", sa.Column("at_once", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("delivery", "at_once", server_default=None)
    op.add_column("delivery", sa.Column("digest_id", sa.String(), nullable=True))
    op.create_foreign_key(op.f("fk_delivery_digest_id_digest"), "delivery", "digest", ["digest_id"], ["id"])
    op.alter_column("delivery", "notice_id", nullable=True)
    content = "(notice_id IS NULL) <> (digest_id IS NULL)"
    op.create_check_constraint(op.f("ck_delivery_one_content"), "delivery", content)
    op.drop_index(op.f("ix_delivery_notice_id"), "delivery")
    for content in ("notice_id", "digest_id"):
        name = op.f(f"ix_delivery_{content}_delivery_channel")
        op.create_index(name, "delivery", [content, "channel"], unique=True)
    op.drop_index("ix_delivery_pending", "delivery")
    op.create_index("ix_delivery_pending", "delivery", ["channel", "next_at"], postgresql_where=PENDING)


def _kept() -> None:
    """What is kept: notices nobody tried to deliver are spread anew, the others have arrived in the application too."""
    op.execute("DELETE FROM delivery WHERE state = 'pending' AND tries = 0")
    op.execute("UPDATE notice SET spread_at = delivery.next_at FROM delivery WHERE delivery.notice_id = notice.id")
    op.execute(
        "INSERT INTO delivery (id, notice_id, channel, state, at_once, tries, error, reached, next_at, delivered_at)"
        " SELECT 'delivery-' || gen_random_uuid(), id, 'in_app', 'delivered', false, 0, '', '[]', spread_at, spread_at"
        " FROM notice WHERE spread_at IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM delivery WHERE delivery.notice_id = notice.id AND channel = 'in_app')"
    )
    op.execute(
        "UPDATE organisation SET heard_at = clock.anchor + (last.at - clock.real0) * clock.scale FROM clock,"
        " (SELECT officer.organisation_id, max(sign_in.created_at) AS at FROM sign_in"
        " JOIN officer ON officer.id = sign_in.officer_id GROUP BY officer.organisation_id) AS last"
        " WHERE last.organisation_id = organisation.id"
    )
