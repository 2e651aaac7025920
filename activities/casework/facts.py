"""What the story may know of a journey: codes from rows, and which services need and eligibility allow."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from activities.casework.context import Office
from activities.casework.learning import Learnt
from activities.casework.opening import not_entitled
from activities.domain.messages import Facts
from activities.domain.states import JourneyState, TaskState
from activities.plan.model import Plan
from activities.store.journeys import Journey, Wish
from activities.store.tasks import Task

SERVICES = {  # a need, as `assess_needs` names it -> the kind that begins to meet it
    "schooling": "confirm_application",
    "vocational": "confirm_application",
    "hardship": "confirm_application",
    "job": "find_job",
    "loan": "arrange_loan",
    "social": "support_socially",
    "programmes": "open_programmes",
}


ASSESSMENT = "assess_needs"


def refused_by(journey: ColumnElement[str] | InstrumentedAttribute[str] | str) -> Select[str]:
    """The kinds of service the person of a journey does not want."""
    return select(Wish.value).where(Wish.journey_id == journey, Wish.wish == "refuse_service")


async def read(session: AsyncSession, office: Office, journey_id: str) -> Facts:
    """The facts of now."""
    journey = await session.get_one(Journey, journey_id)
    plan = await office.shelf.ensure(session, journey.plan_hash)
    asked = select(Task).where(Task.journey_id == journey_id, Task.kind == ASSESSMENT)
    refused = await session.scalars(refused_by(journey_id))
    return of(journey, plan, list(await session.scalars(asked)), frozenset(refused))


def of(
    journey: Journey,
    plan: Plan,
    tasks: Iterable[Task],
    refused: Collection[str],
    *,
    instead: Mapping[str, list[str]] | None = None,
    learnt: Learnt | Journey | None = None,
) -> Facts:
    """The facts by these rows; services in the order of the plan, each once.

    As corrected: `instead`, needs by task id; `learnt`, what is known of the person.
    """
    done = (each for each in tasks if each.kind == ASSESSMENT and each.state is TaskState.DONE)
    assessed = max(done, key=lambda each: each.round, default=None)
    needs = (instead or {}).get(assessed.id, assessed.flags) if assessed else []
    wanted = {SERVICES[need] for need in needs if need in SERVICES}.difference(refused)
    person = learnt or journey
    allowed = [kind.code for kind in plan.kinds if kind.code in wanted and not not_entitled(person, kind)]
    return Facts(
        child=person.child,
        foreigner=person.foreigner,
        withdrawn=journey.state is not JourneyState.OPEN,
        follow_up_rounds=plan.follow_up_rounds,
        services=tuple(allowed),
    )
