"""The acts as they are sent over HTTP, each by the one who may, all from the form the scene was drawn from."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from activities.casework.settling import settle
from activities.domain.messages import Ask, Wake
from deploy.bench.place import Place
from deploy.racing.acts import BELOW, BY, COORDINATOR, KIND, TIMEOUT
from deploy.racing.scene import Scene, answer_of
from deploy.rehearsal.desk import Desk

Act = Callable[[Desk, Scene], Awaitable[Any]]
REASON = {"reason": "cùng lúc (giả lập)"}
HELD = 2  # the generation that runs when a scene's deadline has been moved


async def outcome(desk: Desk, scene: Scene) -> None:
    """The agency answers."""
    body = {"outcome": answer_of(scene.office, KIND), "happened_at": scene.office.now().isoformat()}
    await desk.act(f"/tasks/{scene.task}/outcome", body, revision=scene.revision)


async def give_up(desk: Desk, scene: Scene) -> None:
    """The agency sends it back."""
    await desk.act(f"/tasks/{scene.task}/return", {"reason": "not_ours"}, revision=scene.revision)


async def name_colleague(desk: Desk, scene: Scene) -> None:
    """The head names who is to do it."""
    await desk.act(f"/tasks/{scene.task}/delegate", REASON | {"officer": COORDINATOR}, revision=scene.revision)


async def request_decided(desk: Desk, scene: Scene) -> None:
    """The head grants the time that was asked for."""
    await desk.act(f"/requests/{scene.request}/decision", {"grant": True})


async def hand_to_unit(desk: Desk, scene: Scene) -> None:
    """The head hands it down to the unit below, and stays answerable."""
    await desk.act(f"/tasks/{scene.task}/delegate", REASON | {"organisation": BELOW}, revision=scene.revision)


def decision(kind: str) -> Act:
    """The district decides."""

    async def act(desk: Desk, scene: Scene) -> None:
        asked = {
            "extend": {"budget": "P2WD"},
            "reassign": {"organisation": "medical-centre"},
            "pause": {"until": (scene.office.now() + timedelta(days=5)).isoformat()},
        }
        body = {"kind": kind} | REASON | asked.get(kind, {})
        await desk.act(f"/tasks/{scene.task}/decisions", body, revision=scene.revision)

    return act


async def withdrawal(desk: Desk, scene: Scene) -> None:
    """The person wants to stop."""
    await desk.act(f"/journeys/{scene.journey}/wishes", {"wish": "withdraw"})


async def correction(desk: Desk, scene: Scene) -> None:
    """The second of two agrees to the correction that takes the task back."""
    await desk.act(f"/corrections/{scene.correction}/decision", {"grant": True, "effect": scene.digest})


ACTS: dict[str, Act] = {
    "outcome": outcome,
    "return": give_up,
    "delegate": name_colleague,
    "hand down": hand_to_unit,
    "request decided": request_decided,
    "extend": decision("extend"),
    "reassign": decision("reassign"),
    "pause": decision("pause"),
    "waive": decision("waive"),
    "withdrawal": withdrawal,
    "correction": correction,
}


async def send(place: Place, scene: Scene, name: str) -> None:
    """One act by the one who does it; RefusalError where it came second."""
    await ACTS[name](await place.desk(BY[name]), scene)


async def step_again(place: Place, scene: Scene) -> None:
    """The step after the deadline runs a second time beside the story's own, as after a worker whose answer was lost."""
    wake = Wake(ask=Ask(journey=scene.journey, task=scene.task, kind=KIND), held=HELD, why="expired")
    async with place.sessions.begin() as session:
        await settle(session, place.office, wake)


def sent(pair: tuple[str, str]) -> list[str]:
    """The acts of a pair that somebody sends; the deadline comes by itself."""
    return [name for name in pair if name != TIMEOUT]
