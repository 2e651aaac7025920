"""What cannot be decided is refused with a code and changes nothing; what the law fixes moves only as the law says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from activities.casework.context import Office, PlanShelf
from activities.casework.decisions import Decide, decide
from activities.casework.errors import ConflictError, InvalidError
from activities.domain.messages import Ask
from activities.domain.states import DecisionKind
from activities.domain.text import Text
from activities.plan.model import Ground, Kind, Source
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.casework.test_races import opened
from tests.casework.times import at, local, opened_kind

DISTRICT = "district.supervisor"


async def _decides(
    sessions: Sessions, office: Office, ask: Ask, kind: DecisionKind, username: str = DISTRICT, **fields: Any
) -> Task:
    async with sessions.begin() as session:
        asked = Decide(kind=kind, reason="lý do", **fields)
        return await decide(session, office, await actor(session, username), ask.task, 1, asked)


async def _unchanged(sessions: Sessions, ask: Ask) -> tuple[int, int, str]:
    async with sessions() as session:
        row = await session.get_one(Task, ask.task)
        return row.revision, row.generation, row.organisation_id


@pytest.mark.parametrize(
    ("budget", "code"),
    [
        ("P9999999D", "budget-invalid"), ("PT99999999999H", "budget-invalid"), ("P99999M", "budget-invalid"),
        ("P0D", "budget-invalid"), ("-P1D", "budget-invalid"), ("", "budget-invalid"), ("P1D\x00", "budget-invalid"),
        ("P٣D", "budget-invalid"), ("P9999M", "extension-too-long"), ("P13M", "extension-too-long"),
        ("PT9999H", "extension-too-long"), ("P9999WD", "extension-too-long"), ("P9999D", "extension-too-long"),
    ],
)  # fmt: skip
async def test_no_extension_is_longer_than_a_year(sessions: Sessions, office: Office, budget: str, code: str) -> None:
    """A slip of the pen moves no date into the next century."""
    ask = await opened(sessions, office)
    before = await _unchanged(sessions, ask)
    with pytest.raises(InvalidError, match=code):
        await _decides(sessions, office, ask, DecisionKind.EXTEND, budget=budget)
    assert before == await _unchanged(sessions, ask)


async def test_a_year_is_given(sessions: Sessions, office: Office) -> None:
    """The longest extension there is counts from the end it extends."""
    ask = await opened_kind(sessions, at(office, local(2024, 3, 4)), "confirm_funds")
    task = await _decides(sessions, at(office, local(2024, 3, 4)), ask, DecisionKind.EXTEND, budget="P12M")
    assert local(2025, 3, 11, 17) == task.due_at


@pytest.mark.parametrize("days", [None, -1, 0, 401, 900_000])
async def test_a_pause_has_a_review_date_ahead_and_in_sight(
    sessions: Sessions, office: Office, days: int | None
) -> None:
    """Nothing stands still until a day that never comes."""
    ask = await opened(sessions, office)
    until = None if days is None else office.now() + timedelta(days=days)
    with pytest.raises(InvalidError, match="pause-until-invalid"):
        await _decides(sessions, office, ask, DecisionKind.PAUSE, until=until)


def test_a_date_without_a_zone_is_no_date() -> None:
    """Seven hours are the difference between in time and late."""
    with pytest.raises(ValidationError):
        Decide.model_validate({"kind": "pause", "reason": "lý do", "until": "2024-03-06T10:00:00"})


@pytest.mark.parametrize(
    ("kind", "fields", "extra"),
    [
        (DecisionKind.REASSIGN, {"organisation": "medical-centre", "until": local(2024, 3, 6)}, "until"),
        (DecisionKind.WAIVE, {"budget": "P5WD"}, "budget"),
        (DecisionKind.EXTEND, {"budget": "P5WD", "organisation": "medical-centre"}, "organisation"),
        (DecisionKind.PAUSE, {"until": local(2024, 3, 6), "budget": "P5WD"}, "budget"),
    ],
)
async def test_a_decision_takes_only_what_is_its_own(
    sessions: Sessions, office: Office, kind: DecisionKind, fields: dict[str, Any], extra: str
) -> None:
    """What was asked and would not be done is refused aloud."""
    ask = await opened(sessions, office)
    with pytest.raises(InvalidError, match="decision-unfit") as refused:
        await _decides(sessions, office, ask, kind, **fields)
    assert [(extra,)] == [problem.loc for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("", "organisation-unknown"), ("nowhere", "organisation-unknown"), ("medical-centre\x00", "organisation-unknown"),
        ("Medical Centre'; --", "organisation-unknown"), ("\ud800", "organisation-unknown"),
        ("labour-division", "organisation-holds-it"), ("provincial-committee", "organisation-without-role"),
    ],
)  # fmt: skip
async def test_a_task_is_handed_only_to_who_can_do_it(sessions: Sessions, office: Office, code: str, why: str) -> None:
    """Unknown, the same, or not yet in office: the task stays where it is, and the supervisor hears why."""
    ask = await opened(sessions, office)
    before = await _unchanged(sessions, ask)
    with pytest.raises(InvalidError, match="organisation-unfit") as refused:
        await _decides(sessions, office, ask, DecisionKind.REASSIGN, organisation=code)
    assert [why] == [problem.code for problem in refused.value.problems]
    assert before == await _unchanged(sessions, ask)


async def test_an_office_without_anybody_is_handed_nothing(sessions: Sessions, office: Office) -> None:
    """A task before nobody's eyes would be lost; a head alone answers nothing."""
    ask = await opened(sessions, office)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE officer SET active = false WHERE username = 'medical-centre.officer'"))
    with pytest.raises(InvalidError, match="organisation-unfit") as refused:
        await _decides(sessions, office, ask, DecisionKind.REASSIGN, organisation="medical-centre")
    assert ["organisation-without-officer"] == [problem.code for problem in refused.value.problems]


async def test_roles_change_hands_at_local_midnight(sessions: Sessions, office: Office) -> None:
    """On 1 July 2025 at one in the morning the district's bodies are gone, though it is June still in Greenwich."""
    ask = await opened(sessions, office)
    eve, morning = at(office, local(2025, 6, 30, 23)), at(office, local(2025, 7, 1, 1))
    with pytest.raises(InvalidError, match="organisation-unfit"):
        await _decides(sessions, morning, ask, DecisionKind.REASSIGN, organisation="health-division")
    with pytest.raises(InvalidError, match="organisation-unfit"):
        await _decides(sessions, eve, ask, DecisionKind.REASSIGN, organisation="provincial-justice")
    task = await _decides(sessions, morning, ask, DecisionKind.REASSIGN, organisation="provincial-justice")
    assert (2, 2) == (task.revision, task.generation)


def _with_ground(office: Office, by: str) -> Office:
    """The same office under a plan that names one ground for the three days of the check, and who may use it."""
    ground = Ground(code="far", label=Text(vi="Xa", en="Far"), by=by, source=Source(cites="Điều 0"))

    def grounded(kind: Kind) -> Kind:
        return kind.model_copy(update={"grounds": (ground,)}) if kind.code == "check_information" else kind

    plans = {
        hash_: plan.model_copy(update={"kinds": tuple(grounded(kind) for kind in plan.kinds)})
        for hash_, plan in office.shelf.by_hash.items()
    }
    return replace(office, shelf=PlanShelf(current=office.shelf.current, by_hash=plans))


async def test_a_clock_of_the_law_moves_on_its_ground_by_its_body_alone(sessions: Sessions, office: Office) -> None:
    """The ground without the body, the body without the ground: the three days stand. Waiving never."""
    ours, theirs = _with_ground(office, "labour"), _with_ground(office, "district_police")
    ask = await opened_kind(sessions, office, "check_information")
    more: dict[str, Any] = {"kind": DecisionKind.EXTEND, "budget": "P2D"}
    for under, fields in ((ours, more), (theirs, more | {"ground": "far"}), (ours, {"kind": DecisionKind.WAIVE})):
        with pytest.raises(ConflictError, match="no-statutory-ground"):
            await _decides(sessions, under, ask, **fields)
    before = (await opened_row(sessions, ask)).due_at
    task = await _decides(sessions, ours, ask, **more, ground="far")
    assert before < task.due_at


async def opened_row(sessions: Sessions, ask: Ask) -> Task:
    """The row of a task."""
    async with sessions() as session:
        return await session.get_one(Task, ask.task)
