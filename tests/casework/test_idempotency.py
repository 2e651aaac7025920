"""A request sent twice is carried out once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from activities.casework.context import Office
from activities.casework.errors import ConflictError
from activities.casework.idempotency import KEPT, AnsweredBeforeError, Asked, Kept, answered, forget_answers, keep
from activities.security.errors import TamperedError
from activities.store.engine import Sessions
from activities.store.outbox import Idempotency
from tests.build.officers import actor
from tests.build.tables import tables_that_tell


async def _asked(sessions: Sessions, name: str = "labour-division.officer", digest: str = "digest") -> Asked:
    async with sessions() as session:
        return Asked((await actor(session, name)).officer_id, "key-1", digest)


async def test_the_same_request_gets_the_same_answer(sessions: Sessions, office: Office) -> None:
    """An officer whose line broke sends again: they read the first answer; a colleague's key is another key."""
    own, other = await _asked(sessions), await _asked(sessions, "district-police.officer")
    async with sessions.begin() as session:
        assert await answered(session, office, own) is None
        await keep(session, office, own, Kept(201, {"id": "journey-1"}))
    async with sessions.begin() as session:
        assert Kept(201, {"id": "journey-1"}) == await answered(session, office, own)
        assert await answered(session, office, other) is None


async def test_a_key_used_for_another_request_is_refused(sessions: Sessions, office: Office) -> None:
    """A slip of a client's must not look as if its second request had been carried out."""
    async with sessions.begin() as session:
        await keep(session, office, await _asked(sessions), Kept(201, {}))
    another = await _asked(sessions, digest="another")
    with pytest.raises(AnsweredBeforeError):
        async with sessions.begin() as session:
            await keep(session, office, another, Kept(201, {}))
    with pytest.raises(ConflictError, match="idempotency-key-reused"):
        async with sessions() as session:
            await answered(session, office, another)


async def test_twins_wait_for_one_another(sessions: Sessions, office: Office) -> None:
    """Two of one request at one instant: the second waits for the first, is undone, and reads its answer."""
    own = await _asked(sessions)

    async def second() -> None:
        async with sessions.begin() as session:
            await keep(session, office, own, Kept(200, {"state": "mine"}))

    async with sessions.begin() as session:
        await keep(session, office, own, Kept(200, {"state": "done"}))
        twin = asyncio.create_task(second())
        await asyncio.sleep(0.3)
        assert not twin.done()
    with pytest.raises(AnsweredBeforeError):
        await asyncio.wait_for(twin, 10)
    async with sessions() as session:
        assert Kept(200, {"state": "done"}) == await answered(session, office, own)


async def test_a_twin_of_a_request_that_failed_is_carried_out(sessions: Sessions, office: Office) -> None:
    """What was rolled back was not answered: the next one may do it."""
    own = await _asked(sessions)
    session = sessions()
    await keep(session, office, own, Kept(200, {}))
    await session.rollback()
    await session.close()
    async with sessions.begin() as again:
        assert await answered(again, office, own) is None
        await keep(again, office, own, Kept(200, {}))


async def test_an_answer_is_kept_sealed_and_for_its_time(sessions: Sessions, office: Office) -> None:
    """It opens under its own key alone; after a week it is gone and the key may be used again, a day before it is there."""
    own = await _asked(sessions, digest="what-was-asked")
    async with sessions.begin() as session:
        await keep(session, office, own, Kept(200, {"reason": "chị Xuyến"}))
    assert [] == await tables_that_tell(sessions, "Xuyến", own.digest)
    for age, left in ((KEPT - timedelta(days=1), True), (KEPT + timedelta(minutes=1), False)):
        async with sessions.begin() as session:
            await session.execute(update(Idempotency).values(at=datetime.now(UTC) - age))
            await forget_answers(session)
        async with sessions() as session:
            assert left is (await answered(session, office, own) is not None)


async def test_an_answer_outlives_the_key_it_was_sealed_with(sessions: Sessions, office: Office) -> None:
    """Keys are rotated while requests come and go; a row copied beside another key opens for nobody."""
    own = await _asked(sessions)
    async with sessions.begin() as session:
        await keep(session, office, own, Kept(200, {"state": "done"}))
    rotated = replace(office, keyring=office.keyring.rotated())
    async with sessions.begin() as session:
        assert Kept(200, {"state": "done"}) == await answered(session, rotated, own)
        await session.execute(update(Idempotency).values(key="key-2"))
    with pytest.raises(TamperedError):
        async with sessions() as session:
            await answered(session, office, replace(own, key="key-2"))
