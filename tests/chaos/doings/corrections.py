"""Corrections: asked for by the agency, agreed to by coordinator and district in turn, or refused by one of them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.correction_decisions import decide_correction
from activities.casework.corrections import Corrected, correct
from activities.plan.access import Actor
from activities.store.corrections import Correction
from activities.store.tasks import Task
from tests.build.outcomes import VALID
from tests.chaos.doings import COORDINATOR, DISTRICT, Do, Who
from workflows.foresight import foresee

OTHER = {"identify_victim": {"result": "not_identified", "number": "1/CV", "signed_on": "2024-03-11"}}


async def _proposed(session: AsyncSession, task: Task) -> Correction | None:
    waits = select(Correction).where(Correction.journey_id == task.journey_id, Correction.state == "proposed")
    return (await session.scalars(waits.order_by(Correction.id).limit(1))).first()


async def _corrects(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    asked = Corrected(outcome=OTHER.get(task.kind, dict(VALID[task.kind])), happened_at=office.now(), reason="nhầm")
    await correct(session, office, who, task.id, asked, foresee)


def _decides(*, grant: bool) -> Do:
    async def act(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
        if row := await _proposed(session, task):
            await decide_correction(
                session, office, who, row.id, grant=grant, reason="lý do", digest=row.digest, foresee=foresee
            )

    return act


async def _next(session: AsyncSession, task: Task) -> str:
    row = await _proposed(session, task)
    return DISTRICT if row is not None and row.coordinator_id else COORDINATOR


DOINGS: dict[str, Do] = {"corrects": _corrects, "agrees": _decides(grant=True), "disagrees": _decides(grant=False)}
BY = {"corrects": "officer"}
TURNS: dict[str, Who] = {"agrees": _next, "disagrees": _next}
