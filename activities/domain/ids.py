"""Identifiers: random where a person is meant, derived where a repair must find the same row again."""

import secrets
from uuid import UUID, uuid4, uuid5

_TASKS = UUID("6f1f9ad8-0c0b-4d6f-9a0e-5d4a2a7b7f10")
_MESSAGES = UUID("0d0e4a53-6c5b-4d0c-8d1b-2f4a4c1d7a94")
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: read aloud over a telephone


def task_id(journey: str, kind: str, round_: int = 1) -> str:
    """The id of the task of this kind and round in this journey: `task-<uuid5>`, never random.

    A story that is lost and started again so finds its rows and opens nothing twice.
    """
    return f"task-{uuid5(_TASKS, f'{journey}/{kind}/{round_}')}"


def named(kind: str, round_: int) -> str:
    """A task as its story names it: `examine_health#2`."""
    return f"{kind}#{round_}"


def journey_id() -> str:
    """A new journey's id, which is its workflow's id too: `journey-<uuid4>`."""
    return f"journey-{uuid4()}"


def new_id(noun: str) -> str:
    """A random id that names its noun, e.g. `officer-<uuid4>`."""
    return f"{noun}-{uuid4()}"


def reference() -> str:
    """A random reference that says nothing of the person, the place or the order: `HW-7F3K-Q2`."""
    drawn = [secrets.choice(_ALPHABET) for _ in range(6)]
    return f"HW-{''.join(drawn[:4])}-{''.join(drawn[4:])}"


def message_id(delivery: str, whose: str) -> str:
    """The id of what one delivery sends to one address, the same at every try: `message-<uuid5>`."""
    return f"message-{uuid5(_MESSAGES, f'{delivery}/{whose}')}"


def activity_id(task: str, generation: int) -> str:
    """The id under which one generation of a task is open in Temporal."""
    return f"{task}:{generation}"
