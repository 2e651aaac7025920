"""An officer's roles change: whoever can still do what they hold keeps it, nobody is left with what they cannot answer."""

import pytest

from activities.casework.appointing import change_officer
from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.casework.handovers import take_over
from activities.casework.tasks import claim, submit
from activities.domain.messages import Ask
from activities.domain.states import Role
from activities.store.engine import Sessions
from tests.build.officers import actor, newcomer
from tests.build.outcomes import VALID
from tests.casework.times import opened_kind

LEAD = "an.lead"


async def _claimed(sessions: Sessions, office: Office, *roles: Role) -> Ask:
    await newcomer(sessions, LEAD, "labour-division", *roles)
    task = await opened_kind(sessions, office, "assess_needs")
    async with sessions.begin() as session:
        await claim(session, office, await actor(session, LEAD), task.task, 1)
    return task


async def _becomes(sessions: Sessions, office: Office, **changes: object) -> None:
    async with sessions.begin() as session:
        await change_officer(session, office, await actor(session, "administrator"), LEAD, changes)


@pytest.mark.parametrize("roles", [[Role.COORDINATOR], [Role.OFFICER], [Role.COORDINATOR, Role.OFFICER]])
async def test_whoever_holds_tasks_goes_on_answering_or_hands_them_over(
    sessions: Sessions, office: Office, roles: list[Role]
) -> None:
    """Also who coordinates and does nothing else: they took the task on, and a head who only watches answers nothing."""
    await _claimed(sessions, office, *roles)
    for changes in ({"roles": ["supervisor"]}, {"organisation": "medical-centre"}):
        with pytest.raises(ConflictError, match="officer-holds-tasks") as refused:
            await _becomes(sessions, office, **changes)
        assert {"tasks": 1} == refused.value.facts
    async with sessions.begin() as session:
        await take_over(session, office, await actor(session, "labour-division.head"), LEAD, "", "đổi việc")
    await _becomes(sessions, office, roles=["supervisor"])


async def test_whoever_can_still_answer_keeps_what_they_hold(sessions: Sessions, office: Office) -> None:
    """From coordinator to officer and back: the task is theirs all along, and they answer it."""
    task = await _claimed(sessions, office, Role.COORDINATOR)
    for roles in (["officer"], ["coordinator", "officer"], ["coordinator"]):
        await _becomes(sessions, office, roles=roles)
    async with sessions.begin() as session:
        own, body = await actor(session, LEAD), dict(VALID[task.kind])
        await submit(session, office, own, task.task, 1, body, office.now())
