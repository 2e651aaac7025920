"""A worker that dies between commit and report, once: `python -m tests.chaos.dying_worker KIND WHY ANCHOR REAL0 SCALE`.

The step's transaction is committed, then the process is gone before Temporal hears of it.
"""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import datetime

from temporalio import activity

from activities.casework.context import open_office
from activities.casework.steps import CaseSteps
from activities.domain.messages import Turn, Wake
from activities.plan.clock import Clock
from activities.security.keyring import keyring_from
from activities.settings import load_settings
from activities.store.engine import open_engine, open_sessions
from activities.temporal import connect
from workers import worker

DIED = 9


async def main(kind: str, why: str, clock: Clock) -> None:
    """Work until the step that is meant was committed."""
    settings = load_settings()
    keyring = keyring_from(settings.keys)
    sessions = open_sessions(open_engine(settings.database.url.get_secret_value()))
    office = replace(await open_office(sessions, keyring), clock=clock)
    honest = CaseSteps.settle

    class Dying(CaseSteps):
        """Dies after the commit."""

        @activity.defn
        async def settle(self, wake: Wake) -> Turn:
            turn = await honest(self, wake)
            if (wake.ask.kind, wake.why) == (kind, why):
                os._exit(DIED)
            return turn

    vars(worker)["CaseSteps"] = Dying
    client = await connect(settings, keyring, role="worker")
    async with worker.stories_at_work(client, sessions, office, settings):
        await asyncio.Event().wait()


if __name__ == "__main__":
    anchor, real0 = (datetime.fromisoformat(each) for each in sys.argv[3:5])
    asyncio.run(main(sys.argv[1], sys.argv[2], Clock(anchor, real0, int(sys.argv[5]))))
