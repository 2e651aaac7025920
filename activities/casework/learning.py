"""What answers tell of the person beside their own task: papers, residence, who came. It follows from the answers that stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.domain.states import TaskState
from activities.store.journeys import Journey
from activities.store.tasks import Task

POOR = "poor_household"
RECEPTION, RESIDENCE, APPLICATION = "receive_person", "confirm_residence", "confirm_application"
TELLING = (RECEPTION, RESIDENCE, APPLICATION)
ENTITLING = frozenset({POOR})  # fields that steer no story by themselves, yet open or bar later tasks

Said = tuple[str, Mapping[str, Any]]
"""The kind of an answer that stands, and its plain fields."""


@dataclass(frozen=True)
class Learnt:
    """What a journey's row holds of its person, as the answers that stand tell it."""

    papers: list[str]
    residence_commune: str
    child: bool
    foreigner: bool
    language: str
    way_of_return: str


def learn(journey: Journey, kind: str, outcome: Mapping[str, Any]) -> None:
    """A first answer adds what it tells."""
    if _lives_here(kind, outcome) and not journey.residence_commune:
        journey.residence_commune = journey.reception_commune
    if _is_poor(kind, outcome) and POOR not in journey.papers:
        journey.papers = [*journey.papers, POOR]


def learnt(journey: Journey, said: Iterable[Said]) -> Learnt:
    """The whole of it anew: what was known at the start and what these answers tell, no more."""
    answers = list(said)
    told = [POOR] if any(_is_poor(*each) for each in answers) else []
    lives = journey.reception_commune if any(_lives_here(*each) for each in answers) else ""
    came = next((outcome for kind, outcome in answers if kind == RECEPTION), {})
    return Learnt(
        papers=[*journey.papers_brought, *(paper for paper in told if paper not in journey.papers_brought)],
        residence_commune=journey.residence_stated or lives,
        child=came.get("child", journey.child),
        foreigner=came.get("foreigner", journey.foreigner),
        language=came.get("language", journey.language),
        way_of_return=came.get("way_of_return", journey.way_of_return),
    )


def corrected(journey: Journey, rows: Iterable[Task], task: Task, outcome: Mapping[str, Any]) -> Learnt | Journey:
    """What the row should hold once one answer is another; what it holds now, where that answer tells nothing of it."""
    if task.kind not in TELLING:
        return journey
    said = [(row.kind, outcome if row.id == task.id else row.outcome or {}) for row in rows if _stands(row)]
    return learnt(journey, said)


async def learn_anew(session: AsyncSession, journey: Journey, task: Task) -> None:
    """A corrected answer tells what it should have told, and no longer what it did."""
    rows = list(await session.scalars(select(Task).where(Task.journey_id == journey.id, Task.kind.in_(TELLING))))
    right = corrected(journey, rows, task, task.outcome or {})
    journey.papers, journey.residence_commune = list(right.papers), right.residence_commune
    journey.child, journey.foreigner = right.child, right.foreigner
    journey.language, journey.way_of_return = right.language, right.way_of_return


def _stands(row: Task) -> bool:
    return row.state is TaskState.DONE and row.kind in TELLING


def _is_poor(kind: str, outcome: Mapping[str, Any]) -> bool:
    return kind == APPLICATION and bool(outcome.get(POOR))


def _lives_here(kind: str, outcome: Mapping[str, Any]) -> bool:
    return kind == RESIDENCE and outcome.get("result") == "confirmed"
