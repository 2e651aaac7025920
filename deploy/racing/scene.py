"""Before the instant: a journey over HTTP whose task everybody reaches for, and what each act needs beforehand."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activities.casework.context import Office
from activities.domain.ids import task_id
from activities.store.tasks import Task
from deploy.bench.deadlines import due_at
from deploy.bench.journeys import report
from deploy.bench.place import Place
from deploy.racing.acts import COORDINATOR, DISTRICT, KIND, OFFICER, POLICE, TIMEOUT, Pair
from deploy.rehearsal.outcomes import outcome_of

WRONG = "identify_victim"  # what the correction puts right; the certificate then opens in place of the explanation
DONE = (
    "check_information",
    "check_records",
    "request_identification",
    WRONG,
    "meet_essential_needs",
    "examine_health",
    "inform_of_rights",
    "confirm_residence",
    "assess_needs",
)  # on paper, before the journey was opened: the explanation alone is left, and after it the close
CHANGED: dict[str, dict[str, Any]] = {
    WRONG: {"result": "not_identified"},
    "inform_of_rights": {"wants_legal_aid": False},
}
NOT_SAID = ("grounds", "purpose")  # of a person who is not identified
AHEAD = timedelta(seconds=2.5)  # the date of a task whose deadline is to meet an act: its story takes it up before
PATIENCE = 120.0  # real seconds until the tasks must have opened
LOOK = 0.15


@dataclass
class Scene:
    """The open task and what was prepared. `request`, `correction`, `instant`: where the acts need one."""

    office: Office
    journey: str
    task: str
    revision: int = 1
    request: str = ""
    correction: str = ""
    digest: str = ""
    instant: datetime | None = None


async def set_scene(place: Place, pair: Pair) -> Scene:
    """A person found not identified: the explanation is due, and every act of the pair can be sent."""
    opened = await (await place.desk(COORDINATOR)).act("/journeys", _known(place.office))
    scene = Scene(place.office, opened["id"], task_id(opened["id"], KIND))
    await _open(place, scene)
    if "request decided" in pair:
        asked = {"kind": "extend", "reason": "chờ hồ sơ (giả lập)", "budget": "P1WD"}
        officer = await place.desk(OFFICER)
        scene.request = (await officer.act(f"/tasks/{scene.task}/requests", asked, revision=scene.revision))["id"]
    if "correction" in pair:
        await _half_agreed(place, scene)
    if TIMEOUT in pair:
        scene.instant = place.office.now() + AHEAD
        await due_at(place, [scene.task], scene.instant)
    return scene


def answer_of(office: Office, kind: str) -> dict[str, Any]:
    """The usual outcome of this kind on the case day."""
    return outcome_of(None, kind, 1, office.today())


def _known(office: Office) -> dict[str, Any]:
    """Who came, and what was done on paper before; the identification said no."""
    now, today = office.now().isoformat(), office.today().isoformat()
    paper = {"number": "18/CV", "date": today, "signer": "Lãnh đạo cơ quan (giả lập)"}
    answers = {kind: answer_of(office, kind) | CHANGED.get(kind, {}) for kind in DONE}
    for name in NOT_SAID:
        del answers[WRONG][name]
    done = [
        {"kind": kind, "happened_at": now, "document": paper, "outcome": answer} for kind, answer in answers.items()
    ]
    return report() | {"happened_at": now, "already_done": done}


async def _open(place: Place, scene: Scene) -> None:
    """Wait for the task."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        async with place.sessions() as session:
            if await session.get(Task, scene.task) is not None:
                return
        await asyncio.sleep(LOOK)
    raise TimeoutError(f"{scene.journey} did not come as far as {KIND}")


async def _half_agreed(place: Place, scene: Scene) -> None:
    """The police say that they were wrong, the coordinator agrees, the district has seen the effect."""
    police, coordinator, district = [await place.desk(name) for name in (POLICE, COORDINATOR, DISTRICT)]
    asked = {"outcome": answer_of(place.office, WRONG), "reason": "nhầm (giả lập)"}
    row = await police.act(f"/tasks/{task_id(scene.journey, WRONG)}/corrections", asked)
    seen = await coordinator.read(f"/corrections/{row['id']}")
    agreed = {"grant": True, "effect": seen["digest"]}
    await coordinator.act(f"/corrections/{row['id']}/decision", agreed)
    scene.correction = row["id"]
    scene.digest = (await district.read(f"/corrections/{row['id']}"))["digest"]
