"""What foresight stands on: a journey's tasks and their clocks, what its story heard, and what the person refused; asked as one."""

from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.clocks import Ledger, ledger_of
from activities.casework.context import Office
from activities.casework.facts import refused_by
from activities.domain.messages import NewsItem
from activities.plan.model import Plan
from activities.store.journeys import Journey, NewsRow
from activities.store.tasks import Extension, PauseRow, Task
from activities.store.together import Answers, Together

THIS: BindParameter[str] = bindparam("journey")
QUESTIONS = {
    "tasks": select(Task).where(Task.journey_id == THIS),
    "pauses": select(PauseRow).join(Task, Task.id == PauseRow.task_id).where(Task.journey_id == THIS).order_by(PauseRow.since),
    "extensions": select(Extension).join(Task, Task.id == Extension.task_id).where(Task.journey_id == THIS).order_by(Extension.at),
    "news": select(NewsRow).where(NewsRow.journey_id == THIS).order_by(NewsRow.seq),
    "refused": refused_by(THIS),
}  # fmt: skip
TOGETHER = Together(**QUESTIONS)


@dataclass(frozen=True)
class Basis:
    """How a journey stands at one moment. `news`: since the story began anew; `ledgers`: pauses and extensions by task."""

    journey: Journey
    plan: Plan
    tasks: list[Task]
    news: tuple[NewsItem, ...]
    refused: frozenset[str]
    ledgers: dict[str, Ledger]


async def basis_of(session: AsyncSession, office: Office, journey: Journey) -> Basis:
    """How the journey stands; while it is locked that stays so."""
    plan = await office.shelf.ensure(session, journey.plan_hash)
    return basis_from(journey, plan, await TOGETHER.ask(session, {"journey": journey.id}))


def basis_from(journey: Journey, plan: Plan, found: Answers) -> Basis:
    """The same out of the answers to QUESTIONS."""
    heard = (row for row in found["news"] if row.seq > journey.news_from)
    ledgers = {
        task.id: ledger_of(
            (each for each in found["pauses"] if each.task_id == task.id),
            (each for each in found["extensions"] if each.task_id == task.id),
        )
        for task in found["tasks"]
    }
    news = tuple(NewsItem(code=row.code, kind=row.kind, round=row.round) for row in heard)
    return Basis(journey, plan, found["tasks"], news, frozenset(found["refused"]), ledgers)
