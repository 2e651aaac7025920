"""Comments on a task or a journey, to named roles: sealed, and told of without their words."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, String, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal, outbox
from activities.casework.context import Office
from activities.casework.errors import FieldProblem, InvalidError, NotFoundError
from activities.casework.locks import lock_journey, lock_task
from activities.casework.news import still_open
from activities.casework.notices import notify
from activities.casework.permits import demand, of_journey, of_task
from activities.domain.ids import new_id
from activities.plan.access import Actor, Subject, Verb, scope
from activities.plan.addressees import AGENCY, Addressee, reads_as
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.comments import Comment
from activities.store.journeys import Journey
from activities.store.scope import journeys_within
from activities.store.tasks import Task

_OWN, _INSIDE, _OUTSIDE = (
    bindparam("reader", type_=String),
    *(bindparam(name, type_=ARRAY(String)) for name in ("inside", "outside")),
)
READABLE = or_(
    Comment.organisation_id == _OWN,
    and_(Comment.to.has_any(_INSIDE), Comment.agencies.has_key(_OWN)),
    Comment.to.has_any(_OUTSIDE),
)  # the comments somebody reads: their agency's own, and those addressed to them; asked with their `reader`
AUDIENCES = {Addressee.HOLDER: "officer", Addressee.HEAD: "supervisor"}  # of notices to an agency


async def comment_on_task(
    session: AsyncSession, office: Office, actor: Actor, task_id: str, text: str, to: Collection[Addressee]
) -> Comment:
    """Write to those who work on a task; the agencies meant are those that hold it now and answer for it."""
    journey, task = await lock_task(session, task_id)
    demand(actor, Verb.COMMENT, of_task(journey, task))
    agencies = [each for each in (task.organisation_id, task.answerable_id) if each]
    return await _write(session, office, actor, journey, task, agencies, text, to)


async def comment_on_journey(
    session: AsyncSession, office: Office, actor: Actor, journey_id: str, text: str, to: Collection[Addressee]
) -> Comment:
    """Write of a journey as a whole, which has no one holder; its head is the lead's. NotFoundError where no part is theirs."""
    journey = await lock_journey(session, journey_id)
    seen = select(Journey.id).where(Journey.id == journey_id, journeys_within(scope(actor)))
    if await session.scalar(seen) is None:
        raise NotFoundError("journey-unknown")
    demand(actor, Verb.COMMENT, await of_journey(session, journey))
    if Addressee.HOLDER in to:
        raise InvalidError(
            "addressee-unfit", (FieldProblem(("to",), "addressee-unfit", "a journey has no one holder"),)
        )
    return await _write(session, office, actor, journey, None, [journey.lead_id], text, to)


async def _write(
    session: AsyncSession, office: Office, actor: Actor, journey: Journey, task: Task | None, agencies: list[str],
    text: str, to: Collection[Addressee],
) -> Comment:  # fmt: skip
    still_open(journey)
    if not text.strip():
        raise InvalidError("comment-empty", (FieldProblem(("text",), "comment-empty", "nothing is written"),))
    if not to:
        raise InvalidError("addressee-missing", (FieldProblem(("to",), "addressee-missing", "nobody is addressed"),))
    roles, id_ = [each for each in Addressee if each in to], new_id("comment")
    row = Comment(
        id=id_, journey_id=journey.id, task_id=task.id if task else None, organisation_id=actor.organisation_id,
        officer_id=actor.officer_id, to=[each.value for each in roles], agencies=agencies, at=office.now(),
        sealed=seal_with_ring(office.keyring, f"{id_}/text", text.encode()),
    )  # fmt: skip
    session.add(row)
    journal.write(
        session, office, journey, "comment-written", officer=actor.officer_id, task=row.task_id, comment=row.id
    )
    told = {each for role in roles for each in _tell(session, office, journey, row, role)}
    await outbox.stir(session, *told)
    return row


def _tell(session: AsyncSession, office: Office, journey: Journey, row: Comment, role: Addressee) -> list[str]:
    """Put it before those it is addressed to; their organisations."""
    whom = {Addressee.COORDINATOR: "coordinator", Addressee.SUPERVISOR: "district"}.get(role)
    told = [journey.lead_id] if whom else row.agencies
    for each in told:
        notify(session, office, journey, each, "comment-written", task=row.task_id, audience=whom or AUDIENCES[role])
    return told


def reader(actor: Actor, subject: Subject) -> dict[str, Any]:
    """Who reads the comments of a case, as `READABLE` is told of them."""
    roles = reads_as(actor, subject)
    inside, outside = ([each.value for each in group] for group in (roles & AGENCY, roles - AGENCY))
    return {"reader": actor.organisation_id, "inside": inside, "outside": outside}


def words_of(office: Office, row: Comment) -> str:
    """What was written."""
    return open_with_ring(office.keyring, f"{row.id}/text", row.sealed).decode()
