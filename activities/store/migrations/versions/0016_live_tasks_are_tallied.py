"""Live tasks are tallied in the change that moves them; a task's row says that a message about it came to nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STANDING = """
CASE WHEN state IN ('open', 'paused', 'returned') THEN state
    || CASE WHEN state = 'open' AND officer_id IS NOT NULL THEN '+claimed' ELSE '' END
    || CASE WHEN overdue_at IS NOT NULL THEN '+overdue' ELSE '' END
    || CASE WHEN undelivered THEN '+undelivered' ELSE '' END
END
"""
DUE_WEEK = """
CASE WHEN state IN ('open', 'returned') AND overdue_at IS NULL
    THEN date_trunc('week', due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date END
"""
OPENED_ON = "(opened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
COUNTED = """
CREATE VIEW task_counted AS
SELECT task.journey_id, journey.territory, journey.lead_id, task.organisation_id, task.answerable_id, task.kind,
    task.standing, task.due_week, NULL::date AS opened_on
FROM task JOIN journey ON journey.id = task.journey_id WHERE task.standing IS NOT NULL
UNION ALL
SELECT task.journey_id, journey.territory, journey.lead_id, task.organisation_id, task.answerable_id, task.kind,
    NULL, NULL, task.opened_on
FROM task JOIN journey ON journey.id = task.journey_id WHERE task.standing IS NOT NULL
"""
OF_TASK = """
CREATE FUNCTION tally_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own record;
    moved boolean := (OLD.standing IS NULL, OLD.organisation_id, OLD.answerable_id, OLD.kind, OLD.opened_on)
        IS DISTINCT FROM (NEW.standing IS NULL, NEW.organisation_id, NEW.answerable_id, NEW.kind, NEW.opened_on);
BEGIN
    SELECT territory, lead_id INTO own FROM journey WHERE id = coalesce(NEW.journey_id, OLD.journey_id);
    IF OLD.standing IS NOT NULL THEN
        INSERT INTO task_tally (territory, lead_id, organisation_id, answerable_id, kind, standing, due_week, n) VALUES
        (own.territory, own.lead_id, OLD.organisation_id, OLD.answerable_id, OLD.kind, OLD.standing, OLD.due_week, -1);
        IF moved THEN
            INSERT INTO task_tally (territory, lead_id, organisation_id, answerable_id, kind, opened_on, n) VALUES
            (own.territory, own.lead_id, OLD.organisation_id, OLD.answerable_id, OLD.kind, OLD.opened_on, -1);
        END IF;
    END IF;
    IF NEW.standing IS NOT NULL THEN
        INSERT INTO task_tally (territory, lead_id, organisation_id, answerable_id, kind, standing, due_week, n) VALUES
        (own.territory, own.lead_id, NEW.organisation_id, NEW.answerable_id, NEW.kind, NEW.standing, NEW.due_week, 1);
        IF moved THEN
            INSERT INTO task_tally (territory, lead_id, organisation_id, answerable_id, kind, opened_on, n) VALUES
            (own.territory, own.lead_id, NEW.organisation_id, NEW.answerable_id, NEW.kind, NEW.opened_on, 1);
        END IF;
    END IF;
    RETURN NULL;
END $$
"""
OF_JOURNEY = """
CREATE FUNCTION tally_journey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO task_tally (territory, lead_id, organisation_id, answerable_id, kind, standing, due_week, opened_on, n)
    SELECT whose.territory, whose.lead_id, organisation_id, answerable_id, kind, standing, due_week, opened_on, whose.n
    FROM (VALUES (OLD.territory, OLD.lead_id, -1), (NEW.territory, NEW.lead_id, 1)) AS whose (territory, lead_id, n),
        task_counted
    WHERE task_counted.journey_id = NEW.id;
    RETURN NULL;
END $$
"""
OF_DELIVERY = """
CREATE FUNCTION tally_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told notice;
BEGIN
    SELECT * INTO told FROM notice WHERE notice.id = coalesce(NEW.notice_id, OLD.notice_id);
    IF told.task_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM journey WHERE journey.id = told.journey_id FOR NO KEY UPDATE;
    UPDATE task SET undelivered = lost.anything
    FROM (
        SELECT EXISTS (
            SELECT FROM notice JOIN delivery ON delivery.notice_id = notice.id
            WHERE notice.task_id = told.task_id AND delivery.state = 'undelivered'
        ) AS anything
    ) AS lost
    WHERE task.id = told.task_id AND task.undelivered <> lost.anything;
    RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER tally_new_task AFTER INSERT OR DELETE ON task FOR EACH ROW EXECUTE FUNCTION tally_task()",
    (
        "CREATE TRIGGER tally_task AFTER UPDATE ON task FOR EACH ROW WHEN ("
        "(OLD.standing, OLD.organisation_id, OLD.answerable_id, OLD.kind, OLD.due_week, OLD.opened_on) IS DISTINCT FROM"
        " (NEW.standing, NEW.organisation_id, NEW.answerable_id, NEW.kind, NEW.due_week, NEW.opened_on)"
        ") EXECUTE FUNCTION tally_task()"
    ),
    (
        "CREATE TRIGGER tally_journey AFTER UPDATE ON journey FOR EACH ROW WHEN ("
        "(OLD.territory, OLD.lead_id) IS DISTINCT FROM (NEW.territory, NEW.lead_id)) EXECUTE FUNCTION tally_journey()"
    ),
    (
        "CREATE TRIGGER tally_new_delivery AFTER INSERT ON delivery FOR EACH ROW"
        " WHEN (NEW.state = 'undelivered') EXECUTE FUNCTION tally_delivery()"
    ),
    (
        "CREATE TRIGGER tally_delivery AFTER UPDATE ON delivery FOR EACH ROW"
        " WHEN (OLD.state <> NEW.state AND 'undelivered' IN (OLD.state, NEW.state)) EXECUTE FUNCTION tally_delivery()"
    ),
    (
        "CREATE TRIGGER tally_lost_delivery AFTER DELETE ON delivery FOR EACH ROW"
        " WHEN (OLD.state = 'undelivered') EXECUTE FUNCTION tally_delivery()"
    ),
)
NOW = """
INSERT INTO task_tally (territory, lead_id, organisation_id, answerable_id, kind, standing, due_week, opened_on, n)
SELECT territory, lead_id, organisation_id, answerable_id, kind, standing, due_week, opened_on, count(*)
FROM task_counted
GROUP BY territory, lead_id, organisation_id, answerable_id, kind, standing, due_week, opened_on
"""
INDEXES = {
    "ix_task_standing": (["organisation_id", "kind", "standing", "opened_at"], "standing IS NOT NULL"),
    "ix_task_overdue": (
        ["organisation_id", "kind", "standing", "overdue_at"],
        "standing IS NOT NULL AND overdue_at IS NOT NULL",
    ),
    "ix_task_returned": (["organisation_id", "kind", "standing", "returned_at"], "state = 'returned'"),
    "ix_task_claimed": (["organisation_id", "claimed_at"], "standing IS NOT NULL AND claimed_at IS NOT NULL"),
    "ix_task_final": (["organisation_id", "due_at", "id"], "state IN ('done','waived','declined','withdrawn')"),
    "ix_task_undelivered": (["due_at", "id"], "undelivered AND standing IS NOT NULL"),
    "ix_task_unmarked": (["due_at", "id"], "overdue_at IS NULL AND state IN ('open','returned')"),
}


def upgrade() -> None:
    """The tally with what it is kept by, and where the oldest of each number is found."""
    op.add_column("task", sa.Column("undelivered", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("task", "undelivered", server_default=None)
    op.execute(
        "UPDATE task SET undelivered = true WHERE id IN (SELECT notice.task_id FROM notice"
        " JOIN delivery ON delivery.notice_id = notice.id WHERE delivery.state = 'undelivered')"
    )
    op.add_column("task", sa.Column("standing", sa.String(), sa.Computed(STANDING, persisted=True), nullable=True))
    op.add_column("task", sa.Column("due_week", sa.Date(), sa.Computed(DUE_WEEK, persisted=True), nullable=True))
    op.add_column("task", sa.Column("opened_on", sa.Date(), sa.Computed(OPENED_ON, persisted=True), nullable=True))
    op.create_table(
        "task_tally",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("answerable_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=True),
        sa.Column("due_week", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_tally")),
    )
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "task", columns, postgresql_where=sa.text(where))
    op.create_index(op.f("ix_journey_opened_at_journey_id"), "journey", ["opened_at", "id"])
    op.create_index(op.f("ix_notice_organisation_id_notice_at_notice_id"), "notice", ["organisation_id", "at", "id"])
    of_district = sa.text("audience = 'district'")
    op.create_index("ix_notice_district", "notice", ["at", "id"], postgresql_where=of_district)
    for made in (COUNTED, OF_TASK, OF_JOURNEY, OF_DELIVERY, *TRIGGERS, NOW):
        op.execute(made)
