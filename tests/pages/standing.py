"""What stands before a story of the officer begins: a journey, and tasks in it that the story of the plan opened."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from activities.casework.context import Office
from activities.casework.journeys import Report, report_person
from activities.casework.settling import settle
from activities.casework.tasks import submit
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.store.engine import Sessions
from activities.store.tasks import Task
from tests.build.officers import actor

Opens = Callable[..., Awaitable[str]]
DOCTOR, LABOUR, COORDINATOR = "medical-centre.officer", "labour-division.officer", "labour-division.coordinator"


@pytest.fixture
async def reported(sessions: Sessions, office: Office) -> str:
    """A journey: somebody came to Trị An an hour ago."""
    facts: dict[str, Any] = {"commune": "tri-an", "way_of_return": "self_returned", "language": "vi"}
    async with sessions.begin() as session:
        commune = await actor(session, "commune-tri-an.officer")
        report = Report(happened_at=office.now() - timedelta(hours=1), **facts)
        return (await report_person(session, office, commune, report)).id


@pytest.fixture
def opens(sessions: Sessions, office: Office, reported: str) -> Opens:
    """Opens a task of a kind in that journey; its id."""
    return opening(sessions, office, reported)


def opening(sessions: Sessions, office: Office, journey: str) -> Opens:
    """The same for any journey."""

    async def open_(kind: str, round_: int = 1) -> str:
        ask = Ask(journey=journey, task=task_id(journey, kind, round_), kind=kind, round=round_)
        async with sessions.begin() as session:
            await settle(session, office, Wake(ask=ask))
        return ask.task

    return open_


async def answer(sessions: Sessions, office: Office, task: str, username: str, body: dict[str, Any]) -> None:
    """An agency answers by the rules everybody answers by."""
    async with sessions.begin() as session:
        row = await session.get_one(Task, task)
        await submit(session, office, await actor(session, username), task, row.revision, body, office.now())
