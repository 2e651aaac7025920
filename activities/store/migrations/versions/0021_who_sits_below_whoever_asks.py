"""Who is asking comes with the organisations below theirs: a supervisor's request asks no more than an officer's."""

from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

BELOW = """
CREATE FUNCTION organisations_below(top text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE tree AS (
        SELECT id FROM organisation WHERE parent_id = top
        UNION ALL SELECT organisation.id FROM organisation JOIN tree ON organisation.parent_id = tree.id
    )
    SELECT id FROM tree
$$
"""
DESK = """
CREATE FUNCTION attend_desk(alone boolean, token text, at timestamptz, heads text[])
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
    WHERE sign_in.digest = token AND sign_in.revoked_at IS NULL AND sign_in.locked_at IS NULL
        AND sign_in.expires_at > at AND who.active;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF known.seen IS NULL OR known.seen < at - interval '5 minutes' THEN
        UPDATE sign_in SET seen_at = at WHERE sign_in.digest = token;
    END IF;
    IF known.supervises THEN
        under := ARRAY(SELECT organisations_below(known.top));
    END IF;
    RETURN QUERY SELECT edition, known.who, known.own, known.leading, under;
END $$
"""


def upgrade() -> None:
    """Processes of before read the columns they know."""
    op.execute("DROP FUNCTION attend_desk(boolean, text, timestamptz, text[])")
    op.execute(BELOW)
    op.execute(DESK)
