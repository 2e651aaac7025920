"""A request sent twice is carried out once."""

import asyncio

import pytest

from activities.casework.context import Office
from activities.casework.errors import Conflict
from activities.casework.idempotency import Kept, keep, kept
from activities.store.engine import Sessions
from tests.build.officers import actor


async def _officer(sessions: Sessions, name: str = "labour-division.officer") -> str:
    async with sessions() as session:
        return (await actor(session, name)).officer_id


async def test_the_same_request_gets_the_same_answer(sessions: Sessions, office: Office) -> None:
    """An officer whose line broke sends again: they read the first answer; a colleague's key is another key."""
    own, other = await _officer(sessions), await _officer(sessions, "district-police.officer")
    async with sessions.begin() as session:
        assert await kept(session, own, "key-1", "digest") is None
        await keep(session, own, "key-1", 201, {"id": "journey-1"})
    async with sessions.begin() as session:
        assert Kept(201, {"id": "journey-1"}) == await kept(session, own, "key-1", "digest")
        assert await kept(session, other, "key-1", "digest") is None


async def test_a_key_used_for_another_request_is_refused(sessions: Sessions, office: Office) -> None:
    """A slip of a client's must not look as if its second request had been carried out."""
    own = await _officer(sessions)
    async with sessions.begin() as session:
        await kept(session, own, "key-1", "digest")
        await keep(session, own, "key-1", 201, {})
    with pytest.raises(Conflict, match="idempotency-key-reused"):
        async with sessions.begin() as session:
            await kept(session, own, "key-1", "another")


async def test_twins_wait_for_one_another(sessions: Sessions, office: Office) -> None:
    """Two of one request at one instant: the second waits for the first and reads its answer."""
    own = await _officer(sessions)

    async def second() -> Kept | None:
        async with sessions.begin() as session:
            return await kept(session, own, "key-1", "digest")

    async with sessions.begin() as session:
        assert await kept(session, own, "key-1", "digest") is None
        twin = asyncio.create_task(second())
        await asyncio.sleep(0.3)
        assert not twin.done()
        await keep(session, own, "key-1", 200, {"state": "done"})
    assert Kept(200, {"state": "done"}) == await asyncio.wait_for(twin, 10)


async def test_a_twin_of_a_request_that_failed_is_carried_out(sessions: Sessions, office: Office) -> None:
    """What was rolled back was not answered: the next one may do it."""
    own = await _officer(sessions)
    session = sessions()
    await kept(session, own, "key-1", "digest")
    await keep(session, own, "key-1", 200, {})
    await session.rollback()
    await session.close()
    async with sessions.begin() as again:
        assert await kept(again, own, "key-1", "digest") is None
