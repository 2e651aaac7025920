"""Who agreed to a correction, and to which effect: an agreement counts for what its giver was shown, and for nothing else."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.notices import notify
from activities.plan.access import Actor
from activities.store.corrections import Correction
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.tasks import Task

COORDINATOR, SUPERVISOR = "coordinator", "supervisor"


def given(row: Correction, role: str) -> tuple[str | None, str | None]:
    """Who agreed as this, and the digest of the effect; a digest alone is of an agreement that no longer counts."""
    if role == COORDINATOR:
        return row.coordinator_id, row.coordinator_digest
    return row.supervisor_id, row.supervisor_digest


def asked_again(row: Correction, digest: str = "") -> list[str]:
    """Who agreed to another effect than today's. `digest`: of today's, where that is known."""
    found = list[str]()
    for role in (COORDINATOR, SUPERVISOR):
        giver, to = given(row, role)
        outdated = giver is None or digest not in ("", to)
        if row.state == "proposed" and to is not None and outdated:
            found.append(role)
    return found


def agree(
    session: AsyncSession, office: Office, journey: Journey, task: Task, row: Correction, actor: Actor, role: str,
    digest: str,
) -> None:  # fmt: skip
    """Keep who agreed and to which effect; the first of several coordinators, or supervisors, stays named."""
    _keep(row, role, given(row, role)[0] or actor.officer_id, digest)
    journal.write(
        session, office, journey, "correction-agreed", officer=actor.officer_id, task=task.id, kind=task.kind,
        correction=row.id, by=role,
    )  # fmt: skip


async def ask_again(
    session: AsyncSession, office: Office, journey: Journey, task: Task, row: Correction, actor: Actor, digest: str
) -> None:
    """Take back every agreement to another effect than this, and tell its giver, unless it is they who decide now."""
    for role in asked_again(row, digest):
        giver, to = given(row, role)
        if giver is None:
            continue
        _keep(row, role, None, to)
        journal.write(
            session, office, journey, "correction-effect-changed", task=task.id, kind=task.kind, correction=row.id,
            by=role,
        )  # fmt: skip
        if giver != actor.officer_id:
            whose = (await session.get_one(Officer, giver)).organisation_id
            notify(
                session, office, journey, whose, "correction-agree-again", task=task.id, audience=role, officer=giver
            )


def _keep(row: Correction, role: str, officer: str | None, digest: str | None) -> None:
    if role == COORDINATOR:
        row.coordinator_id, row.coordinator_digest = officer, digest
    else:
        row.supervisor_id, row.supervisor_digest = officer, digest
