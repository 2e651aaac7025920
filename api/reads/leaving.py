"""What the form of an absence needs: who leaves, who could stand in, and what is held meanwhile."""

from sqlalchemy import func, select

from activities.casework.away import can_answer
from activities.casework.errors import NotFoundError
from activities.casework.permits import demand
from activities.domain.states import LIVE, Role
from activities.plan.access import Subject, Verb
from activities.store.organisations import Officer, Organisation
from activities.store.scope import in_states
from activities.store.tasks import Task
from api.deps import Desk
from api.reads.absences import near


async def leaver(desk: Desk, officer_id: str) -> tuple[Officer, Organisation]:
    """The officer an absence is recorded for, by default the caller; refused where that is not the caller's to do."""
    wanted = (
        select(Officer, Organisation)
        .join(Organisation, Organisation.id == Officer.organisation_id)
        .where(Officer.id == (officer_id or desk.actor.officer_id), Officer.active.is_(True), near(desk))
    )
    found = (await desk.session.execute(wanted)).first()
    if found is None:
        raise NotFoundError("officer-unknown")
    officer, own = found[0], found[1]
    subject = Subject(organisation_id=own.id, officer_id=officer.id, territory=own.territory)
    demand(desk.actor, Verb.RECORD_ABSENCE, subject)
    return officer, own


async def staff(desk: Desk, language: str) -> dict[str, list[Officer]]:
    """Officers a head or an administrator may record an absence for, by agency; nobody for everybody else."""
    if not desk.actor.roles & {Role.SUPERVISOR, Role.ADMINISTRATOR}:
        return {}
    wanted = (
        select(Officer, Organisation.name_en if language == "en" else Organisation.name_vi)
        .join(Organisation, Organisation.id == Officer.organisation_id)
        .where(near(desk), Officer.active.is_(True))
    )
    found = dict[str, list[Officer]]()
    for officer, agency in (await desk.session.execute(wanted)).all():
        found.setdefault(agency, []).append(officer)
    return found


async def stand_ins(desk: Desk, leaver: Officer) -> list[Officer]:
    """Colleagues of the same agency who could answer its tasks."""
    wanted = select(Officer).where(
        Officer.organisation_id == leaver.organisation_id, Officer.id != leaver.id, can_answer()
    )
    return list(await desk.session.scalars(wanted))


async def held(desk: Desk, leaver: Officer) -> int:
    """How many live tasks they hold now."""
    mine = select(func.count()).where(Task.officer_id == leaver.id, in_states(*LIVE))
    return await desk.session.scalar(mine) or 0
