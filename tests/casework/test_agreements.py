"""Two people agree to a correction: to the very same effect, or nothing is done."""

import pytest
from sqlalchemy import select

from activities.casework.agreements import asked_again
from activities.casework.basis import basis_of
from activities.casework.context import Office
from activities.casework.correction_decisions import effect_now, lock_correction, waits_for
from activities.casework.errors import StaleError
from activities.domain.messages import Ask
from activities.domain.states import TaskState
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.notices import Notice
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.casework.correcting import COORDINATOR, DISTRICT, LABOUR, POLICE, codes, corrects, decides, done, task_of
from tests.casework.times import opened_kind
from workflows.foresight import foresee

OTHERS = (("check_information", LABOUR), ("check_records", POLICE), ("request_identification", LABOUR))


async def _agreed_to_less(sessions: Sessions, office: Office) -> tuple[Ask, Correction]:
    """Police ask, the coordinator agrees while nothing is open; then the letter of refusal opens, and would go."""
    ask: Ask | None = None
    for kind, who in OTHERS:
        ask = await done(sessions, office, kind, who, journey=ask.journey if ask else "")
    assert ask is not None
    body = BRANCHES["identify_victim"]["not_identified"]
    wrong = await done(sessions, office, "identify_victim", POLICE, body, journey=ask.journey)
    row = await corrects(sessions, office, wrong, POLICE, dict(VALID["identify_victim"]))
    await decides(sessions, office, row, COORDINATOR)
    return await opened_kind(sessions, office, "explain_result", ask.journey), row


async def _today(sessions: Sessions, office: Office, row: Correction) -> str:
    """The digest of the effect as it would be now."""
    async with sessions() as session:
        journey, task, now = await lock_correction(session, row.id)
        return (await effect_now(await basis_of(session, office, journey), office, task, now, foresee)).digest


async def test_who_agreed_to_another_effect_is_asked_again(sessions: Sessions, office: Office) -> None:
    """The district agrees to more than the coordinator was shown: nothing is done until the coordinator has seen it too."""
    letter, row = await _agreed_to_less(sessions, office)
    with pytest.raises(StaleError, match="effect-changed"):
        await decides(sessions, office, row, DISTRICT)
    digest = await _today(sessions, office, row)
    half = await decides(sessions, office, row, DISTRICT, digest=digest)
    assert ("proposed", None, ["coordinator"]) == (half.state, half.coordinator_id, asked_again(half))
    assert not (await task_of(sessions, letter)).state.final
    async with sessions() as session:
        told = await session.scalar(select(Notice.officer_id).where(Notice.code == "correction-agree-again"))
        coordinator = await actor(session, COORDINATOR)
        journey, task, now = await lock_correction(session, row.id)
        assert (coordinator.officer_id, True) == (told, waits_for(coordinator, journey, task, now))
    assert "applied" == (await decides(sessions, office, row, COORDINATOR, digest=digest)).state
    assert TaskState.WITHDRAWN is (await task_of(sessions, letter)).state


async def test_who_looks_again_may_agree_to_what_is_true_now(sessions: Sessions, office: Office) -> None:
    """The coordinator need not wait for somebody else to find out; their own new word counts, and nobody is told of it."""
    letter, row = await _agreed_to_less(sessions, office)
    digest = await _today(sessions, office, row)
    async with sessions() as session:
        coordinator = await actor(session, COORDINATOR)
        found = await lock_correction(session, row.id)
        assert (False, True) == (waits_for(coordinator, *found), waits_for(coordinator, *found, digest))
    again = await decides(sessions, office, row, COORDINATOR, digest=digest)
    assert (coordinator.officer_id, []) == (again.coordinator_id, asked_again(again, digest))
    assert "applied" == (await decides(sessions, office, row, DISTRICT, digest=digest)).state
    assert "correction-agree-again" not in {code for code, _ in await codes(sessions, letter)}
