"""Answers given, corrected and decided on, in few words."""

from typing import Any

from sqlalchemy import select

from activities.casework.context import Office
from activities.casework.correction_decisions import decide_correction
from activities.casework.corrections import Corrected, correct
from activities.casework.tasks import submit
from activities.domain.messages import Ask
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.notices import Notice
from activities.store.organisations import Organisation
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.papers import paper_for
from tests.casework.times import opened_kind
from workflows.foresight import foresee

HEALTH, COORDINATOR, DISTRICT = "medical-centre.officer", "labour-division.coordinator", "district.supervisor"
LABOUR, POLICE, COMMUNE = "labour-division.officer", "district-police.officer", "commune-tri-an.officer"


async def done(
    sessions: Sessions, office: Office, kind: str, who: str, body: dict[str, Any] | None = None, **more: Any
) -> Ask:
    """A task of this kind, answered; `journey`, `at`, `paper`: where, when, and whether from the agency's paper."""
    ask = await opened_kind(sessions, office, kind, more.pop("journey", ""))
    async with sessions.begin() as session:
        answer = dict(body or VALID[kind])
        at = more.pop("at", office.now())
        by = await actor(session, who)
        paper = await paper_for(session, office, by, ask.task) if more.pop("paper", False) else None
        revision = (await session.get_one(Task, ask.task)).revision
        await submit(session, office, by, ask.task, revision, answer, at, paper)
    return ask


async def corrects(
    sessions: Sessions, office: Office, ask: Ask, who: str, body: dict[str, Any], **more: Any
) -> Correction:
    """A correction is asked for."""
    async with sessions.begin() as session:
        asked = Corrected.model_validate({"outcome": body, "reason": "nhầm"} | more)
        return await correct(session, office, await actor(session, who), ask.task, asked, foresee)


async def decides(
    sessions: Sessions, office: Office, row: Correction, who: str, *, digest: str = "", grant: bool = True
) -> Correction:
    """Somebody agrees to the effect of that digest (that of the row, where none is given), or refuses."""
    async with sessions.begin() as session:
        return await decide_correction(
            session, office, await actor(session, who), row.id,
            grant=grant, reason="" if grant else "không đúng", digest=digest or row.digest, foresee=foresee,
        )  # fmt: skip


async def task_of(sessions: Sessions, ask: Ask) -> Task:
    """Its row now."""
    async with sessions() as session:
        return await session.get_one(Task, ask.task)


async def codes(sessions: Sessions, ask: Ask) -> set[tuple[str, str]]:
    """What was told in its journey, and to which audience."""
    async with sessions() as session:
        rows = await session.execute(select(Notice.code, Notice.audience).where(Notice.journey_id == ask.journey))
        return {(row[0], row[1]) for row in rows}


async def told(sessions: Sessions, ask: Ask, code: str) -> list[str]:
    """The organisations, by code, that were told this of the journey; each as often as it was."""
    async with sessions() as session:
        rows = select(Organisation.code).join(Notice, Notice.organisation_id == Organisation.id)
        found = await session.scalars(rows.where(Notice.journey_id == ask.journey, Notice.code == code))
        return sorted(found)
