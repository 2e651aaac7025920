"""A sign-in at a page that was not used for its minutes is locked, whatever the browser can do of itself."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

LOCKED = """
CREATE FUNCTION screen_locked(one sign_in, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT one.locked_at IS NOT NULL
        OR coalesce(at >= coalesce(one.seen_at, one.created_at) + (one.idle_minutes + 1) * interval '1 minute', false)
$$
"""
DESK = """
CREATE OR REPLACE FUNCTION attend_desk(alone boolean, token text, at timestamptz, heads text[])
RETURNS TABLE (marks text, officer officer, organisation organisation, leads boolean, below text[]) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    edition text := attend_office(alone);
    known record;
    under text[] := '{}';
BEGIN
    SELECT who, own, sign_in.seen_at AS seen, who.roles @> '["supervisor"]' AS supervises, own.id AS top,
        EXISTS (SELECT FROM role_holder WHERE role_holder.organisation_id = own.id AND role_holder.role = ANY (heads)) AS leading
    INTO known
    FROM sign_in
    JOIN officer AS who ON who.id = sign_in.officer_id
    JOIN organisation AS own ON own.id = who.organisation_id
    WHERE sign_in.digest = token AND sign_in.revoked_at IS NULL AND NOT screen_locked(sign_in, at)
        AND sign_in.expires_at > at AND who.active;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF known.seen IS NULL OR known.seen < at - interval '1 minute' THEN
        UPDATE sign_in SET seen_at = at WHERE sign_in.digest = token;
    END IF;
    IF known.supervises THEN
        under := ARRAY(SELECT organisations_below(known.top));
    END IF;
    RETURN QUERY SELECT edition, known.who, known.own, known.leading, under;
END $$
"""


def upgrade() -> None:
    """Sign-ins of before keep to what their script does. Last use is kept to the minute, so a screen may lock a minute late."""
    op.execute("ALTER TABLE sign_in ADD COLUMN idle_minutes integer")
    op.execute(LOCKED)
    op.execute(DESK)
