"""A request sent twice is carried out once."""

import asyncio

import pytest

from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.casework.idempotency import AnsweredBeforeError, Asked, Kept, answered, keep
from activities.store.engine import Sessions
from tests.build.officers import actor


async def _asked(sessions: Sessions, name: str = "labour-division.officer", digest: str = "digest") -> Asked:
    async with sessions() as session:
        return Asked((await actor(session, name)).officer_id, "key-1", digest)


async def test_the_same_request_gets_the_same_answer(sessions: Sessions, office: Office) -> None:
    """An officer whose line broke sends again: they read the first answer; a colleague's key is another key."""
    own, other = await _asked(sessions), await _asked(sessions, "district-police.officer")
    async with sessions.begin() as session:
        assert await answered(session, own) is None
        await keep(session, own, Kept(201, {"id": "journey-1"}))
    async with sessions.begin() as session:
        assert Kept(201, {"id": "journey-1"}) == await answered(session, own)
        assert await answered(session, other) is None


async def test_a_key_used_for_another_request_is_refused(sessions: Sessions, office: Office) -> None:
    """A slip of a client's must not look as if its second request had been carried out."""
    async with sessions.begin() as session:
        await keep(session, await _asked(sessions), Kept(201, {}))
    another = await _asked(sessions, digest="another")
    with pytest.raises(AnsweredBeforeError):
        async with sessions.begin() as session:
            await keep(session, another, Kept(201, {}))
    with pytest.raises(ConflictError, match="idempotency-key-reused"):
        async with sessions() as session:
            await answered(session, another)


async def test_twins_wait_for_one_another(sessions: Sessions, office: Office) -> None:
    """Two of one request at one instant: the second waits for the first, is undone, and reads its answer."""
    own = await _asked(sessions)

    async def second() -> None:
        async with sessions.begin() as session:
            await keep(session, own, Kept(200, {"state": "mine"}))

    async with sessions.begin() as session:
        await keep(session, own, Kept(200, {"state": "done"}))
        twin = asyncio.create_task(second())
        await asyncio.sleep(0.3)
        assert not twin.done()
    with pytest.raises(AnsweredBeforeError):
        await asyncio.wait_for(twin, 10)
    async with sessions() as session:
        assert Kept(200, {"state": "done"}) == await answered(session, own)


async def test_a_twin_of_a_request_that_failed_is_carried_out(sessions: Sessions, office: Office) -> None:
    """What was rolled back was not answered: the next one may do it."""
    own = await _asked(sessions)
    session = sessions()
    await keep(session, own, Kept(200, {}))
    await session.rollback()
    await session.close()
    async with sessions.begin() as again:
        assert await answered(again, own) is None
        await keep(again, own, Kept(200, {}))
