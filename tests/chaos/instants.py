"""What may happen to a task at one instant: each act by somebody else, all on the same open task."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.context import Office
from activities.casework.correction_decisions import decide_correction
from activities.casework.corrections import Corrected, correct
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate
from activities.casework.request_decisions import Answer, decide_request
from activities.casework.requests import Asked, ask
from activities.casework.settling import settle
from activities.casework.tasks import give_back, submit
from activities.casework.wishes import record_wish
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import DecisionKind
from activities.store.corrections import Correction
from activities.store.engine import Sessions
from activities.store.organisations import Organisation
from deploy.racing.acts import BELOW, COORDINATOR, DISTRICT, HEAD, KIND, OFFICER, POLICE
from tests.build.officers import actor
from tests.build.outcomes import BRANCHES, VALID
from tests.casework.test_races import later, opened
from workflows.foresight import foresee


@dataclass
class Scene:
    """The open task that everybody reaches for, and what was prepared before the instant."""

    ask: Ask
    office: Office
    request: str = ""
    correction: Correction | None = None


Act = Callable[[AsyncSession, Scene], Awaitable[object]]


async def outcome(session: AsyncSession, scene: Scene) -> None:
    """The agency answers."""
    who = await actor(session, OFFICER)
    await submit(session, scene.office, who, scene.ask.task, 1, dict(VALID[KIND]), scene.office.now())


async def give_up(session: AsyncSession, scene: Scene) -> None:
    """The agency sends it back."""
    await give_back(session, scene.office, await actor(session, OFFICER), scene.ask.task, 1, "not_ours")


async def name_colleague(session: AsyncSession, scene: Scene) -> None:
    """The head names who is to do it."""
    await delegate(session, scene.office, await actor(session, HEAD), scene.ask.task, 1, "lý do", officer=COORDINATOR)


async def hand_to_unit(session: AsyncSession, scene: Scene) -> None:
    """The head hands it down to the unit below, and stays answerable."""
    who = await actor(session, HEAD)
    await delegate(session, scene.office, who, scene.ask.task, 1, "lý do", organisation=BELOW)


async def request_decided(session: AsyncSession, scene: Scene) -> None:
    """The head grants the time that was asked for."""
    await decide_request(session, scene.office, await actor(session, HEAD), scene.request, Answer(grant=True))


def decision(kind: DecisionKind) -> Act:
    """The district decides."""

    async def act(session: AsyncSession, scene: Scene) -> None:
        asked: dict[DecisionKind, dict[str, object]] = {
            DecisionKind.EXTEND: {"budget": "P2WD"},
            DecisionKind.REASSIGN: {"organisation": "medical-centre"},
            DecisionKind.PAUSE: {"until": scene.office.now() + timedelta(days=5)},
        }
        wanted = Decide.model_validate({"kind": kind, "reason": "lý do"} | asked.get(kind, {}))
        await decide(session, scene.office, await actor(session, DISTRICT), scene.ask.task, 1, wanted)

    return act


async def withdrawal(session: AsyncSession, scene: Scene) -> None:
    """The person wants to stop."""
    await record_wish(session, scene.office, await actor(session, COORDINATOR), scene.ask.journey, "withdraw")


async def timeout(session: AsyncSession, scene: Scene) -> None:
    """The deadline fires."""
    await settle(session, scene.office, Wake(ask=scene.ask, held=1, why="expired"))


async def correction(session: AsyncSession, scene: Scene) -> None:
    """The second of two agrees to the correction that takes the task back."""
    assert scene.correction is not None
    row = scene.correction
    who = await actor(session, DISTRICT)
    await decide_correction(
        session, scene.office, who, row.id, grant=True, reason="", digest=row.digest, foresee=foresee
    )


ACTS: dict[str, Act] = {
    "outcome": outcome,
    "return": give_up,
    "delegate": name_colleague,
    "hand down": hand_to_unit,
    "request decided": request_decided,
    "extend": decision(DecisionKind.EXTEND),
    "reassign": decision(DecisionKind.REASSIGN),
    "pause": decision(DecisionKind.PAUSE),
    "waive": decision(DecisionKind.WAIVE),
    "withdrawal": withdrawal,
    "timeout": timeout,
    "correction": correction,
}


async def set_scene(sessions: Sessions, office: Office, acts: tuple[str, str]) -> Scene:
    """An open task past its date, with a request or a half-agreed correction where the acts need one."""
    if "correction" in acts:
        journey, row = await _wrong_way(sessions, office)
    else:
        journey, row = (await opened(sessions, office)).journey, None
    task = Ask(journey=journey, task=task_id(journey, KIND), kind=KIND)
    async with sessions.begin() as session:
        above = select(Organisation.id).where(Organisation.code == HEAD.partition(".")[0]).scalar_subquery()
        if "hand down" in acts:
            await session.execute(update(Organisation).where(Organisation.code == BELOW).values(parent_id=above))
        await settle(session, office, Wake(ask=task))
    late = later(office, timedelta(days=10))
    scene = Scene(ask=task, office=late if "timeout" in acts else office)
    if "request decided" in acts:
        async with sessions.begin() as session:
            wanted = Asked(kind="extend", reason="lý do", budget="P1WD")
            asked = await ask(session, office, await actor(session, OFFICER), task.task, 1, wanted)
            scene.request = asked.id
    if row is not None:
        scene.correction = await _half_agreed(sessions, scene.office, journey)
    return scene


async def _wrong_way(sessions: Sessions, office: Office) -> tuple[str, str]:
    """A person found not identified by mistake."""
    journey = (await opened(sessions, office)).journey
    answers = {"check_information": OFFICER, "check_records": POLICE, "request_identification": OFFICER}
    for kind, who in {**answers, "identify_victim": POLICE}.items():
        task = Ask(journey=journey, task=task_id(journey, kind), kind=kind)
        body = BRANCHES["identify_victim"]["not_identified"] if kind == "identify_victim" else VALID[kind]
        async with sessions.begin() as session:
            await settle(session, office, Wake(ask=task))
            await submit(session, office, await actor(session, who), task.task, 1, dict(body), office.now())
    return journey, "wrong"


async def _half_agreed(sessions: Sessions, office: Office, journey: str) -> Correction:
    async with sessions.begin() as session:
        asked = Corrected(outcome=dict(VALID["identify_victim"]), reason="nhầm")
        task = task_id(journey, "identify_victim")
        row = await correct(session, office, await actor(session, POLICE), task, asked, foresee)
    async with sessions.begin() as session:
        who = await actor(session, COORDINATOR)
        return await decide_correction(
            session, office, who, row.id, grant=True, reason="", digest=row.digest, foresee=foresee
        )
