"""Who is away today, and who stands in: read by date whenever somebody acts, so that nothing waits for a clock to ring."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, Select, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from activities.casework.context import Office
from activities.casework.hands import Held, give, lock_held
from activities.domain.states import Role
from activities.store.absences import Absence
from activities.store.organisations import Officer
from activities.store.tasks import Task


@dataclass(frozen=True)
class Away:
    """Somebody is away until a day (included). `substitute`: who stands in, if anybody can; `began`: case time."""

    officer_id: str
    until: date
    substitute: str | None
    began: datetime

    def left(self, task: Task) -> bool:
        """The officer held the task when they left; what they took on since is theirs all the same."""
        return task.claimed_at is None or task.claimed_at <= self.began


def running(day: date | BindParameter[date], absence: type[Absence] = Absence) -> ColumnElement[bool]:
    """Absences that run on a day."""
    return (absence.since <= day) & (absence.until >= day) & absence.ended_at.is_(None)


def can_answer(officer: type[Officer] = Officer) -> ColumnElement[bool]:
    """Officers who can sign in and answer their agency's tasks. An administrator sees none."""
    works = officer.roles.contains([Role.OFFICER.value])
    return officer.active.is_(True) & works & ~officer.roles.contains([Role.ADMINISTRATOR.value])


def able_in(
    organisation_id: InstrumentedAttribute[str] | str, day: date | BindParameter[date] | None = None
) -> ColumnElement[bool]:
    """Whether anybody of an organisation could answer a task; with a `day`, whether anybody is there who could."""
    there = [Officer.id.not_in(select(Absence.officer_id).where(running(day)))] if day is not None else []
    return exists().where(Officer.organisation_id == organisation_id, can_answer(), *there)


async def staffed(session: AsyncSession, organisation_id: str, day: date | None = None) -> bool:
    """The same, asked of one organisation."""
    return bool(await session.scalar(select(able_in(organisation_id, day))))


def stood_in_for(officer_id: str, day: date | BindParameter[date]) -> Select[str]:
    """Ids of the officers this one stands in for on a day."""
    return select(Absence.officer_id).where(Absence.substitute_id == officer_id, running(day))


def absences_on(day: date | BindParameter[date]) -> Select[Absence, Officer]:
    """Absences that run on a day, as they were recorded, each with who stands in: nobody, where they left or are away too."""
    stand_in = aliased(Officer)
    whose = select(Absence, stand_in).join(Officer, Officer.id == Absence.officer_id)
    return (
        whose.outerjoin(stand_in, stands_in_today(stand_in, day)).where(running(day)).order_by(Absence.at, Absence.id)
    )


def stands_in_today(stand_in: type[Officer], day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The officer who stands in for an `Officer` by their `Absence`: a colleague who can answer and is not away on the day."""
    others = aliased(Absence)
    gone = select(others.officer_id).where(running(day, others))
    near = and_(stand_in.id == Absence.substitute_id, stand_in.organisation_id == Officer.organisation_id)
    return and_(near, can_answer(stand_in), stand_in.id.not_in(gone))


async def away_today(session: AsyncSession, office: Office, officers: Collection[str]) -> dict[str, Away]:
    """Those of these officers who are away today, by id."""
    found = await session.execute(absences_on(office.today()).where(Absence.officer_id.in_(officers)))
    return {
        row.officer_id: Away(
            row.officer_id,
            row.until,
            stand_in.id if stand_in else None,
            max(office.calendar.start_of(row.since), row.at),
        )
        for row, stand_in in found
    }


async def may_take(session: AsyncSession, office: Office, task: Task, officer_id: str) -> bool:
    """Whether an officer may take on what a colleague holds: as the substitute, or where nobody stands in for them."""
    if task.officer_id is None:
        return True
    away = (await away_today(session, office, [task.officer_id])).get(task.officer_id)
    if away is None:
        return False
    return away.left(task) if away.substitute is None else away.substitute == officer_id


async def stands_in(session: AsyncSession, office: Office, task: Task, officer_id: str) -> bool:
    """Whether an officer acts today for the absent one who holds the task."""
    away = (await away_today(session, office, [task.officer_id])).get(task.officer_id) if task.officer_id else None
    return away is not None and away.substitute == officer_id


async def let_go(session: AsyncSession, office: Office, held: Held) -> None:
    """Give a locked task back to its agency where its holder is away and nobody stands in; nothing otherwise."""
    _, task = held
    if task.officer_id is None or task.state.final:
        return
    away = (await away_today(session, office, [task.officer_id])).get(task.officer_id)
    if away is not None and away.substitute is None and away.left(task):
        await give(session, office, held, None, "absence", by=None)


async def let_go_of_all(session: AsyncSession, office: Office, organisation_id: str) -> int:
    """The same for everything absent officers of an organisation hold; how many went to the queue."""
    ours = select(Officer.id).where(Officer.organisation_id == organisation_id)
    day = office.today()
    gone = list(
        await session.scalars(select(Absence.officer_id).where(running(day), Absence.officer_id.in_(ours)).distinct())
    )
    if not gone:
        return 0
    held = await lock_held(session, gone)
    before = [task.officer_id for _, task in held]
    for each in held:
        await let_go(session, office, each)
    return sum(task.officer_id != was for (_, task), was in zip(held, before, strict=True))
