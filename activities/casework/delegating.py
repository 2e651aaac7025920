"""A task is handed down to a subordinate or to a named officer: whoever handed it down stays answerable."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal, outbox
from activities.casework.away import away_today, can_answer
from activities.casework.colleagues import unfit
from activities.casework.context import Office
from activities.casework.errors import ConflictError, FieldProblem, InvalidError
from activities.casework.locks import lock_task
from activities.casework.notices import notify
from activities.casework.pausing import resume
from activities.casework.permits import demand, in_full, of_task
from activities.casework.reasons import sealed
from activities.casework.requests import settle_open
from activities.casework.successors import successor
from activities.casework.winners import stands, still_answerable
from activities.domain.ids import new_id
from activities.domain.states import TaskState
from activities.plan.access import Actor, Verb
from activities.store.delegations import Delegation
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task

GIVEN_BACK_TOLD = "task-given-back"  # what the agency above reads
GIVEN_BACK = "given-back-"  # before the reason of a return, where it went to the agency above


async def delegate(
    session: AsyncSession,
    office: Office,
    actor: Actor,
    task_id: str,
    revision: int,
    reason: str,
    *,
    organisation: str = "",
    officer: str = "",
) -> Task:
    """Hand a task down to a subordinate organisation (a code), to a named officer (a username), or to both.

    Start and due stay; a pause ends and a return is taken back. InvalidError for a target that is not below the holder or could
    not answer; ConflictError for a task that was handed down to its holder: one link leads from the agency that answers for it.
    """
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.DELEGATE, of_task(journey, task))
    still_answerable(task, revision, told=in_full(actor, journey, task))
    if not reason.strip():
        raise InvalidError("reason-missing")
    if not organisation and not officer:
        raise InvalidError("delegate-missing")
    if organisation and task.answerable_id:
        raise ConflictError("task-handed-down", winner=stands(task))
    to = await _below(session, office, journey, task, organisation) if organisation else None
    named = await _named(session, office, to.id if to else task.organisation_id, officer) if officer else None
    holder = to.id if to else task.organisation_id
    link = Delegation(
        id=new_id("delegation"), task_id=task.id, from_id=task.organisation_id, to_id=holder,
        officer_id=named.id if named else None, reason=sealed(office, task.id, reason), by_id=actor.officer_id,
        at=office.now(),
    )  # fmt: skip
    session.add(link)
    task.answerable_id = task.organisation_id if to else task.answerable_id
    journal.write(
        session, office, journey, "task-delegated", officer=actor.officer_id, task=task.id, kind=task.kind,
        to=holder, named=named.id if named else "",
    )  # fmt: skip
    await _move(session, office, journey, task, actor, holder, named, "delegated")
    return task


async def recall(session: AsyncSession, office: Office, actor: Actor, task_id: str, revision: int, reason: str) -> Task:
    """Take a task back that one's agency handed down."""
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.RECALL, of_task(journey, task))
    still_answerable(task, revision, told=in_full(actor, journey, task))
    if not reason.strip():
        raise InvalidError("reason-missing")
    below = task.organisation_id
    for link in await chain(session, task.id):
        link.ended_reason = sealed(office, task.id, reason)
    await _take_back(session, office, journey, task, actor, "recalled")
    notify(session, office, journey, below, "task-recalled", task=task.id)
    return task


async def hand_back(
    session: AsyncSession, office: Office, actor: Actor, journey: Journey, task: Task, why: str, note: str
) -> None:
    """Whoever a task was handed down to gives it back up: to the agency above, which answers for it and reads the note."""
    code = f"{GIVEN_BACK}{why}"
    for link in await chain(session, task.id):
        if note and link.from_id != link.to_id:
            link.ended_reason = f"{code}: {sealed(office, task.id, note)}"
    await _take_back(session, office, journey, task, actor, code)


async def _take_back(
    session: AsyncSession, office: Office, journey: Journey, task: Task, actor: Actor, why: str
) -> None:
    """The task is with the agency that answers for it again."""
    above = task.answerable_id or task.organisation_id
    await end_chain(session, office, task, actor.officer_id, why)
    journal.write(
        session, office, journey, "task-recalled", officer=actor.officer_id, task=task.id, kind=task.kind,
        to=above, reason=why,
    )  # fmt: skip
    await _move(session, office, journey, task, actor, above, None, why)


async def chain(session: AsyncSession, task_id: str) -> list[Delegation]:
    """The links that hold, from the agency that stays answerable downwards."""
    links = select(Delegation).where(Delegation.task_id == task_id, Delegation.ended_at.is_(None))
    return list(await session.scalars(links.order_by(Delegation.at, Delegation.id)))


async def end_chain(session: AsyncSession, office: Office, task: Task, officer: str, why: str) -> None:
    """The task goes to somebody else altogether: nobody above or below answers for it any more."""
    for link in await chain(session, task.id):
        link.ended_at, link.ended_by, link.ended_reason = office.now(), officer, link.ended_reason or why
    task.answerable_id = None


async def _move(
    session: AsyncSession,
    office: Office,
    journey: Journey,
    task: Task,
    actor: Actor,
    to: str,
    named: Officer | None,
    why: str,
) -> None:
    """Give the locked task its holder: form and generation are new, start and due stay."""
    if to != task.organisation_id:
        await settle_open(session, office, journey, task, ("extend", "facts", "reassign"), "lapsed", actor.officer_id)
        task.draft = None  # it may hold what the next holder's part does not show
    held, generation = task.state, task.generation
    task.organisation_id = to
    task.officer_id, task.claimed_at = (named.id if named else None), None
    if held is TaskState.PAUSED:
        await resume(session, office, journey, task, actor.officer_id, reason=why)
    else:
        task.generation += 1
        if held is TaskState.RETURNED:
            await clocks.lapse_rungs(session, office, task, codes=["return-unanswered"])
            task.state, task.return_review_at, task.return_reason = TaskState.OPEN, None, ""
        await clocks.climb_again(session, office, await office.shelf.ensure(session, journey.plan_hash), task)
    task.revision += 1
    told = GIVEN_BACK_TOLD if why.startswith(GIVEN_BACK) else "task-opened"
    notify(session, office, journey, to, told, task=task.id, officer=named.id if named else None)
    await outbox.wake(session, task, held, generation)


async def _below(session: AsyncSession, office: Office, journey: Journey, task: Task, code: str) -> Organisation:
    """The organisation of this code, which must be under the one that holds the task."""
    found = await successor(session, office, journey, task, code)
    above = select(Organisation.id, Organisation.parent_id).where(Organisation.id == found.id).cte(recursive=True)
    step = select(Organisation.id, Organisation.parent_id).join(above, Organisation.id == above.c.parent_id)
    tree = above.union_all(step)
    if await session.scalar(select(tree.c.id).where(tree.c.id == task.organisation_id)) is None:
        problem = FieldProblem(
            ("organisation",), "organisation-not-below", "it is not under the one that holds the task"
        )
        raise InvalidError("organisation-unfit", (problem,))
    return found


async def _named(session: AsyncSession, office: Office, organisation: str, username: str) -> Officer:
    """The active officer of the organisation who is to do it, and is there today."""
    named = select(Officer).where(Officer.username == username, Officer.organisation_id == organisation, can_answer())
    found = await session.scalar(named)
    if found is None:
        raise unfit("officer", "officer-cannot-answer", "no officer of that organisation who can answer")
    if await away_today(session, office, [found.id]):
        raise unfit("officer", "officer-away", "away today")
    return found
