"""A random machine on the real rows of a database, and how many of its lives a test plays."""

import asyncio
from collections.abc import Collection

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy import text

from activities.casework.administration import verify_administration
from activities.casework.context import Office
from activities.casework.journal import verify_chains
from activities.store.engine import Sessions, open_engine, open_sessions

ACTS = 50  # of one life


class OnRows(RuleBasedStateMachine):
    """Its acts are done one after the other; at the end of a life every chain holds, and nothing stays behind."""

    url: str
    office: Office
    tables: str  # what a life writes into

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.engine = open_engine(self.url, pool_size=2)
        self.sessions: Sessions = open_sessions(self.engine)

    def teardown(self) -> None:
        """Every chain holds; nothing stays behind us."""
        self.runner.run(self._closed())
        self.runner.close()

    async def _closed(self) -> None:
        async with self.sessions() as session:
            assert [] == await verify_chains(session)
            assert [] == await verify_administration(session)
        await self.cleared()
        await self.engine.dispose()

    async def cleared(self) -> None:
        """Take away what this life wrote."""
        async with self.sessions.begin() as session:
            await session.execute(text(f"TRUNCATE {self.tables} CASCADE"))


def play(
    machine: type[OnRows], url: str, office: Office, *, lives: int, phases: Collection[Phase] = tuple(Phase)
) -> None:
    """So many lives of it. By all phases, one that fails is told as short as it can be."""
    machine.url, machine.office = url, office
    chosen = settings(
        max_examples=lives,
        stateful_step_count=ACTS,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
