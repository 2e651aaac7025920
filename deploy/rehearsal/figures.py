"""What became of the journeys and tasks of a rehearsal, counted from the rows."""

from dataclasses import dataclass

from sqlalchemy import case, func, select

from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.organisations import Organisation
from activities.store.tasks import Decision, Rung, Task


@dataclass(frozen=True)
class AgencyFigures:
    """The tasks of one agency. On time and late are of those answered; escalated: a rung beyond the holder fired."""

    agency: str
    tasks: int
    on_time: int
    late: int
    overdue: int
    escalated: int
    waived: int
    withdrawn: int
    decisions: int


async def journeys_by_outcome(sessions: Sessions) -> dict[str, int]:
    """Closing reason -> journeys; `open` for those that have none yet."""
    reason = case((Journey.closed_at.is_(None), "open"), else_=Journey.closing_reason)
    async with sessions() as session:
        found = await session.execute(select(reason, func.count()).group_by(reason).order_by(reason))
        return {str(name): int(count) for name, count in found}


async def tasks_by_state(sessions: Sessions) -> dict[str, int]:
    """State -> tasks, and among them `late` and `overdue`."""
    async with sessions() as session:
        states = {
            str(state): int(count)
            for state, count in await session.execute(select(Task.state, func.count()).group_by(Task.state))
        }
        late = await session.scalar(select(func.count()).where(Task.late.is_(True))) or 0
        overdue = await session.scalar(select(func.count()).where(Task.overdue_at.is_not(None))) or 0
    return {"total": sum(states.values())} | states | {"late": late, "overdue": overdue}


async def by_agency(sessions: Sessions) -> list[AgencyFigures]:
    """One row an agency that had a task, most tasks first."""
    climbed = select(Rung.id).where(Rung.task_id == Task.id, Rung.fired_at.is_not(None), Rung.to != "holder").exists()
    decided = select(func.count()).where(Decision.task_id == Task.id).correlate(Task).scalar_subquery()

    answered = Task.state == "done"
    wanted = (
        select(
            Organisation.code,
            func.count(),
            func.count().filter(answered, Task.late.is_(False)),
            func.count().filter(answered, Task.late.is_(True)),
            func.count().filter(Task.overdue_at.is_not(None)),
            func.count().filter(climbed),
            func.count().filter(Task.state == "waived"),
            func.count().filter(Task.state.in_(("withdrawn", "declined"))),
            func.coalesce(func.sum(decided), 0),
        )
        .join(Organisation, Organisation.id == Task.organisation_id)
        .group_by(Organisation.code)
        .order_by(func.count().desc(), Organisation.code)
    )
    async with sessions() as session:
        return [AgencyFigures(str(row[0]), *(int(each) for each in row[1:])) for row in await session.execute(wanted)]
