"""Requests: for time, for facts, for another holder; granted, refused, or asked no more."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.request_decisions import Answer, decide_request
from activities.casework.requests import Asked, ask, take_back
from activities.plan.access import Actor
from activities.store.requests import Request
from activities.store.tasks import Task
from tests.chaos.doings import COORDINATOR, DISTRICT, Do, Who

TIME = Asked(kind="extend", reason="lý do", budget="P2WD")
FACTS = Asked(kind="facts", reason="lý do")
ANOTHER = Asked(kind="reassign", reason="lý do", organisation="labour-division")
YES = Answer(grant=True, answer="sinh năm 1998")
NO = Answer(grant=False, reason="lý do")


async def _latest(session: AsyncSession, task: Task) -> Request | None:
    rows = select(Request).where(Request.task_id == task.id).order_by(Request.asked_at.desc(), Request.id)
    return (await session.scalars(rows.limit(1))).first()


def _asks(what: Asked) -> Do:
    async def act(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
        await ask(session, office, who, task.id, task.revision, what)

    return act


def _decides(given: Answer) -> Do:
    async def act(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
        if row := await _latest(session, task):
            await decide_request(session, office, who, row.id, given)

    return act


async def _asks_no_more(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    if row := await _latest(session, task):
        await take_back(session, office, who, row.id)


async def _decider(session: AsyncSession, task: Task) -> str:
    row = await _latest(session, task)
    return COORDINATOR if row is not None and row.kind == "facts" else DISTRICT


DOINGS: dict[str, Do] = {
    "asks for time": _asks(TIME),
    "asks for facts": _asks(FACTS),
    "asks for another holder": _asks(ANOTHER),
    "grants a request": _decides(YES),
    "refuses a request": _decides(NO),
    "asks no more": _asks_no_more,
}
BY = dict.fromkeys(("asks for time", "asks for facts", "asks for another holder", "asks no more"), "officer")
TURNS: dict[str, Who] = dict.fromkeys(("grants a request", "refuses a request"), _decider)
