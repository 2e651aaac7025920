"""Temporal is down: officers go on working, and the stories catch up."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from activities.casework.context import Office
from activities.domain.ids import task_id
from activities.domain.states import TaskState
from activities.security.keyring import Keyring
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.outbox import Command
from activities.store.tasks import Task
from deploy.local.temporal_server import TemporalServer, bring_cli
from tests.api.conftest import SignIn
from tests.build.agencies import until_closed
from tests.build.outcomes import BRANCHES, VALID
from tests.journeys.running import at_work, settings_of
from tests.journeys.test_branches import opens

QUICK = {
    "assess_needs": VALID["assess_needs"] | {"needs": []},
    "check_information": BRANCHES["check_information"]["proven"],
}


async def pending(sessions: Sessions) -> int:
    """Commands that still wait for Temporal."""
    async with sessions() as session:
        return await session.scalar(select(func.count()).where(Command.state == "pending")) or 0


async def test_a_report_and_an_answer_are_taken_while_temporal_is_down_and_the_journey_goes_on_later(
    tmp_path: Path,
    database_url: str,
    key_file: Path,
    keyring: Keyring,
    sessions: Sessions,
    office: Office,
    sign_in: SignIn,
) -> None:
    """The server dies before the submission and comes back after it: the answer counts from when it was given."""
    server = TemporalServer(bring_cli(os.environ, print), tmp_path)
    await server.start()
    try:
        settings = settings_of(server.address, database_url, str(key_file))
        async with at_work(settings, keyring, sessions, office):
            commune, doctor = await sign_in("commune-tri-an.officer"), await sign_in("medical-centre.officer")
            report = {"commune": "tri-an", "way_of_return": "rescued"}

            async def come(key: str) -> str:
                at = (office.now() - timedelta(hours=1)).isoformat()
                answer = await commune.post(
                    "/reports", json=report | {"happened_at": at}, headers={"Idempotency-Key": key}
                )
                assert answer.status_code == 201, answer.text
                return str(answer.json()["id"])

            first = await come("before")
            health = await opens(sessions, task_id(first, "examine_health"))
            assert server.process is not None
            server.process.kill()
            server.process.wait()
            second = await come("while it is away")
            answered = await doctor.post(
                f"/tasks/{health.id}/outcome",
                json={"outcome": {"took_place": True}, "happened_at": office.now().isoformat()},
                headers={"If-Match": '"1"', "Idempotency-Key": "answer"},
            )
            assert answered.status_code == 200, answered.text
            assert answered.json()["state"] == "done"
            assert await pending(sessions) >= 2
            await asyncio.sleep(2)  # the relay tries, and keeps what it cannot deliver
            assert await pending(sessions) >= 2
            await server.start()
            for journey in (first, second):
                assert (await until_closed(sessions, office, journey, QUICK)).closing_reason
            async with sessions() as session:
                assert (await session.get_one(Task, health.id)).state is TaskState.DONE
                assert (await session.get_one(Task, health.id)).answers == 1
                assert 2 == await session.scalar(select(func.count()).select_from(Journey))
            for _ in range(150):  # a completion the story did not wait for is tried once more, then dropped
                if not (left := await pending(sessions)):
                    break
                await asyncio.sleep(0.2)
            assert 0 == left
    finally:
        await server.stop()
