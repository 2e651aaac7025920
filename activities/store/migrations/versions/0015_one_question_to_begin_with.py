"""What every transaction begins with, asked once: the office's edition with who is asking, or with the row that is locked."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DESK = """
CREATE FUNCTION attend_desk(alone boolean, token text, at timestamptz, heads text[])
RETURNS TABLE (marks text, officer officer, organisation organisation, leads boolean) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    found text := attend_office(alone);
BEGIN
    RETURN QUERY
    SELECT found, who, own,
        EXISTS (SELECT FROM role_holder WHERE role_holder.organisation_id = own.id AND role_holder.role = ANY (heads))
    FROM sign_in
    JOIN officer AS who ON who.id = sign_in.officer_id
    JOIN organisation AS own ON own.id = who.organisation_id
    WHERE sign_in.digest = token AND sign_in.revoked_at IS NULL AND sign_in.expires_at > at AND who.active;
END $$
"""
TASK = """
CREATE FUNCTION attend_task(of_journey text, of_task text, OUT marks text, OUT journey journey, OUT task task)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    marks := attend_office(false);
    SELECT * INTO journey FROM journey AS known WHERE known.id = of_journey FOR UPDATE;
    SELECT * INTO task FROM task AS known WHERE known.id = of_task FOR UPDATE;
END $$
"""


def upgrade() -> None:
    """Each statement of a function sees what was committed before it, so the rows are read after the office was had."""
    op.execute(DESK)
    op.execute(TASK)
