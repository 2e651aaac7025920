"""The outbox wakes the relay itself: one question over the wire less for every command."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A trigger that notifies once a statement."""
    op.execute(
        "CREATE FUNCTION outbox_wakes_relay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NOTIFY homeward_outbox; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER outbox_wakes_relay AFTER INSERT ON outbox "
        "FOR EACH STATEMENT EXECUTE FUNCTION outbox_wakes_relay()"
    )
