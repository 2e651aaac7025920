"""Asking the policy: a refusal becomes the error its caller gets."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.errors import ConflictError, ForbiddenError, NotFoundError
from activities.domain.states import LIVE, DecisionKind, TaskState
from activities.plan.access import Actor, RefusedError, Subject, Verb, may, scope
from activities.plan.model import Kind
from activities.store.journeys import Journey
from activities.store.tasks import Task


def of_task(journey: Journey, task: Task) -> Subject:
    """A task as the policy sees it."""
    return Subject(
        lead_id=journey.lead_id,
        territory=journey.territory,
        organisation_id=task.organisation_id,
        answerable_id=task.answerable_id or "",
        officer_id=task.officer_id or "",
        returned_by=(task.returned_by or "") if task.state is TaskState.RETURNED else "",
        state=task.state,
        stage=task.stage,
    )


def in_full(actor: Actor, journey: Journey, task: Task) -> bool:
    """Whether the actor may read how a task was answered, and not only that it was."""
    return scope(actor).in_full(of_task(journey, task))


PARTS = select(Task.organisation_id, Task.answerable_id, Task.state)  # of the tasks of a journey


async def of_journey(session: AsyncSession, journey: Journey) -> Subject:
    """A journey as the policy sees it, with the organisations that have or had a part."""
    return of_parts(journey, (await session.execute(PARTS.where(Task.journey_id == journey.id))).all())


def of_parts(journey: Journey, rows: Sequence[Any]) -> Subject:
    """The same out of its rows of `PARTS`."""
    live = [row for row in rows if row[2] in LIVE]
    return Subject(
        lead_id=journey.lead_id,
        territory=journey.territory,
        holding=frozenset(each for row in live for each in row[:2] if each),
        took_part=frozenset(each for row in rows for each in row[:2] if each) | {journey.reporter_id},
    )


def as_seen(kind: Kind, task: Task, actor: Actor) -> Kind:
    """The kind as this actor's agency sees it: whole, or only the part that was handed down to it."""
    down = task.answerable_id is not None and task.organisation_id == actor.organisation_id
    return kind.handed_down() if down else kind


def _as_of_none(subject: Subject) -> str:
    """The code of an id nobody has: ids of tasks follow from the journey's, and a refusal must not tell which there are."""
    if subject.lead_id:
        return "task-unknown" if subject.organisation_id else "journey-unknown"
    return "officer-unknown" if subject.officer_id else "organisation-unknown"


def demand(
    actor: Actor, verb: Verb, subject: Subject | None = None, *, decision: DecisionKind | None = None, reason: str = "", unknown: str = "",
) -> None:  # fmt: skip
    """Return where the policy allows; NotFoundError, ConflictError or ForbiddenError where it does not.

    `unknown`: the code of an id nobody has, where it is not the subject's own that was asked for.
    """
    answer = may(actor, verb, subject, decision=decision, reason=reason)
    if isinstance(answer, RefusedError):
        if not answer.known:
            raise NotFoundError(unknown or _as_of_none(subject or Subject()))
        if answer.code == "task-not-returned" and subject and subject.state:
            raise ConflictError(answer.code, winner={"state": subject.state.value})
        raise ForbiddenError(answer.code)
