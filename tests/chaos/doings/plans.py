"""What no source gave is found by a lawyer and set: journeys that run keep the rule they began under."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.marks import changed
from activities.casework.plan_versions import set_unknown
from activities.plan.access import Actor
from activities.plan.checks import unknown_rules
from activities.plan.edits import Edit
from activities.store.plans import PlanVersion
from activities.store.tasks import Task
from tests.chaos.doings import Do


async def _sets(session: AsyncSession, office: Office, who: Actor, _: Task) -> None:
    plan = office.shelf.current[0]
    for path in unknown_rules(plan)[:1]:
        budget = "P7WD" if path.endswith(".clock") else ""
        await set_unknown(
            session, office, who, plan.hash, Edit(path=path, cites="Thông tư 35/2013, Điều 9", budget=budget)
        )
        await session.flush()
        await office.shelf.restock(session)


async def forget_rules(session: AsyncSession, office: Office) -> None:
    """The plans are the shipped ones again; no journey may run by another."""
    gone = delete(PlanVersion).where(PlanVersion.base != "").returning(PlanVersion.hash)
    if list(await session.scalars(gone)):
        await office.shelf.restock(session)
        await changed(session, "plans")


DOINGS: dict[str, Do] = {"sets a rule": _sets}
BY = {"sets a rule": "keeper"}
