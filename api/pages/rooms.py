"""Which rooms of the site an officer finds in the menu, by role; the first is where they begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from activities.domain.states import Role
from activities.plan.access import Actor
from api.words import marked


@dataclass(frozen=True)
class Room:
    """One entry of the menu. `label`: the message written in English; `count`: what waits there, if anything is counted."""

    path: str
    label: str
    count: int | None = None


def rooms_of(actor: Actor, frame: Mapping[str, Any]) -> tuple[Room, ...]:
    """The menu of this officer."""
    found = []
    if actor.roles & {Role.OFFICER, Role.COORDINATOR}:
        found.append(Room("/work", marked("My work"), frame["work"]))
    if actor.lead and Role.COORDINATOR in actor.roles:
        found.append(Room("/journeys", marked("Journeys")))
    if actor.roles & {Role.SUPERVISOR, Role.COORDINATOR}:
        found.append(Room("/board", marked("Stalled steps")))
    if Role.SUPERVISOR in actor.roles and Role.COORDINATOR not in actor.roles:
        found.append(Room("/journeys", marked("Journeys")))
    if Role.ADMINISTRATOR in actor.roles:
        found.append(Room("/administration", marked("Administration")))
    return tuple(sorted(found, key=lambda room: _first(actor, room)))


def front_of(actor: Actor) -> str:
    """Where this officer begins."""
    return rooms_of(actor, {"work": None})[0].path


def task_page(actor: Actor, task_id: str, code: str = "") -> str:
    """Where this officer goes on with a task; `code`: of the notice that led there. Who only watches decides on the board."""
    works = actor.roles & {Role.OFFICER, Role.COORDINATOR} or Role.SUPERVISOR not in actor.roles
    if code == "comment-written":
        return f"/tasks/{task_id}#comments"
    return f"/tasks/{task_id}" if works else f"/board/tasks/{task_id}"


def _first(actor: Actor, room: Room) -> bool:
    """A supervisor begins with what stalls, everybody else with their own work."""
    return Role.SUPERVISOR in actor.roles and room.path != "/board"
