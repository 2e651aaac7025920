"""The person's choice answers the task that asks for it, at once or as soon as the task opens."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import answers
from activities.casework.context import Office
from activities.casework.ending import finish
from activities.store.journeys import Journey, Wish
from activities.store.tasks import Task

CHOICE = "record_choice"


async def apply_wish(session: AsyncSession, office: Office, journey: Journey, task: Task) -> None:
    """Answer the open choice with the wish that waits on the journey; nothing where none waits."""
    if task.kind != CHOICE or not journey.wish:
        return
    choice, *flags = journey.wish.split("+")
    body: dict[str, object] = {"choice": choice} | dict.fromkeys(flags, True)
    outcome = office.registry[CHOICE].outcome.model_validate(body)
    answers.keep(session, office, journey, task, outcome)
    journey.wish = ""
    said = select(Wish.officer_id).where(Wish.journey_id == journey.id, Wish.wish == "choice").order_by(Wish.at.desc())
    author = await session.scalar(said.limit(1))  # whoever wrote the wish down answered the task with it
    await finish(session, office, journey, task, outcome, office.now(), author)
