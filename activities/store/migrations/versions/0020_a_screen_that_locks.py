"""A sign-in knows when it was last used, and whether its screen is locked: nothing is shown to a locked one."""

from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

DESK = """
CREATE OR REPLACE FUNCTION attend_desk(alone boolean, token text, at timestamptz, heads text[])
RETURNS TABLE (marks text, officer officer, organisation organisation, leads boolean) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    edition text := attend_office(alone);
    known record;
BEGIN
    SELECT who, own, sign_in.seen_at AS seen,
        EXISTS (SELECT FROM role_holder WHERE role_holder.organisation_id = own.id AND role_holder.role = ANY (heads)) AS leading
    INTO known
    FROM sign_in
    JOIN officer AS who ON who.id = sign_in.officer_id
    JOIN organisation AS own ON own.id = who.organisation_id
    WHERE sign_in.digest = token AND sign_in.revoked_at IS NULL AND sign_in.locked_at IS NULL
        AND sign_in.expires_at > at AND who.active;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF known.seen IS NULL OR known.seen < at - interval '5 minutes' THEN
        UPDATE sign_in SET seen_at = at WHERE sign_in.digest = token;
    END IF;
    RETURN QUERY SELECT edition, known.who, known.own, known.leading;
END $$
"""


def upgrade() -> None:
    """Last use is kept to five minutes, so that hardly a request writes."""
    op.execute("ALTER TABLE sign_in ADD COLUMN seen_at timestamptz, ADD COLUMN locked_at timestamptz")
    op.execute(DESK)
