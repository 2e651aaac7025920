"""Asking the policy: a refusal becomes the error its caller gets."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.errors import Conflict, Forbidden, NotFound
from activities.domain.states import LIVE, DecisionKind
from activities.plan.access import Actor, Refused, Subject, Verb, may
from activities.store.journeys import Journey
from activities.store.tasks import Task


def of_task(journey: Journey, task: Task) -> Subject:
    """A task as the policy sees it."""
    return Subject(
        lead_id=journey.lead_id,
        territory=journey.territory,
        organisation_id=task.organisation_id,
        officer_id=task.officer_id or "",
        state=task.state,
    )


async def of_journey(session: AsyncSession, journey: Journey) -> Subject:
    """A journey as the policy sees it, with the organisations that have or had a part."""
    rows = (await session.execute(select(Task.organisation_id, Task.state).where(Task.journey_id == journey.id))).all()
    return Subject(
        lead_id=journey.lead_id,
        territory=journey.territory,
        holding=frozenset(row.organisation_id for row in rows if row.state in LIVE),
        took_part=frozenset(row.organisation_id for row in rows) | {journey.reporter_id},
    )


def demand(
    actor: Actor, verb: Verb, subject: Subject | None = None, *, decision: DecisionKind | None = None, reason: str = ""
) -> None:
    """Return where the policy allows; NotFound, Conflict or Forbidden where it does not."""
    answer = may(actor, verb, subject, decision=decision, reason=reason)
    if isinstance(answer, Refused):
        if not answer.known:
            raise NotFound(answer.code)
        if answer.code == "task-not-returned" and subject and subject.state:
            raise Conflict(answer.code, winner={"state": subject.state.value})
        raise Forbidden(answer.code)
