"""What an answer adds to the yearly figures (plan, II.6): sealed, beside the person's data, and corrected with the answer."""

import json
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.domain.outcomes import Outcome
from activities.security.columns import open_with_ring, seal_with_ring
from activities.store.journeys import StatisticsFact
from activities.store.tasks import Task


def write_down(session: AsyncSession, office: Office, task: Task, outcome: Outcome) -> None:
    """The facts this outcome knows, once; nothing where it knows none."""
    said = outcome.model_dump(mode="json")
    facts = {name: said[name] for name in type(outcome).STATISTICS if said.get(name) not in (None, "", [])}
    if facts:
        sealed = seal_with_ring(office.keyring, f"{task.id}/statistics", json.dumps(facts).encode())
        about = {"task_id": task.id, "journey_id": task.journey_id, "kind": task.kind}
        session.add(StatisticsFact(**about, sealed=sealed, at=office.now()))


async def write_anew(session: AsyncSession, office: Office, task: Task, outcome: Outcome) -> None:
    """The same once the answer is another one: what it no longer says is counted no longer."""
    if type(outcome).STATISTICS:
        await session.execute(delete(StatisticsFact).where(StatisticsFact.task_id == task.id))
        write_down(session, office, task, outcome)


def facts(office: Office, row: StatisticsFact) -> dict[str, Any]:
    """What a report counts of it."""
    known: dict[str, Any] = json.loads(open_with_ring(office.keyring, f"{row.task_id}/statistics", row.sealed))
    return known
