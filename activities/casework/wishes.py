"""What the person wants: a choice, a service refused, to stop, or only the way home."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import journal
from activities.casework.context import Office
from activities.casework.ending import close_unanswered
from activities.casework.errors import ConflictError, InvalidError
from activities.casework.locks import lock_live
from activities.casework.news import led_by, tell
from activities.casework.wanted import CHOICE, apply_wish
from activities.domain.ids import new_id
from activities.domain.states import JourneyState, TaskState
from activities.plan.access import Actor, Verb
from activities.plan.refusals import refusable
from activities.store.journeys import Journey, Wish
from activities.store.tasks import Task

CHOICES = ("centre", "home", "stay")
CHOICE_FLAGS = ("labour_escorts", "cannot_pay")


async def record_wish(
    session: AsyncSession,
    office: Office,
    actor: Actor,
    journey_id: str,
    wish: str,
    value: str = "",
    flags: Sequence[str] = (),
) -> Wish:
    """Record a wish and let it work at once: it answers, declines or withdraws in the same transaction."""
    journey = await led_by(session, actor, journey_id, Verb.RECORD_WISH)
    row = Wish(
        id=new_id("wish"), journey_id=journey.id, wish=wish, value=value, at=office.now(), officer_id=actor.officer_id
    )
    works = _Wish(session, office, actor, journey, value, tuple(flags))
    work = {"choice": works.choice, "refuse_service": works.refuse, "withdraw": works.withdraw, "home": works.home}.get(
        wish
    )
    if work is None:
        raise InvalidError("wish-unknown", wishes=["choice", "refuse_service", "withdraw", "home"])
    session.add(row)
    journal.write(session, office, journey, "wish-recorded", officer=actor.officer_id, wish=wish, value=value)
    await work()
    return row


@dataclass(frozen=True)
class _Wish:
    """One wish at work on a locked journey."""

    session: AsyncSession
    office: Office
    actor: Actor
    journey: Journey
    value: str
    flags: tuple[str, ...]

    async def choice(self) -> None:
        """Centre, home or stay: the open choice is answered, or the next one that opens."""
        if self.value not in CHOICES or not set(self.flags) <= set(CHOICE_FLAGS):
            raise InvalidError("choice-unknown", choices=list(CHOICES))
        self.journey.wish = "+".join((self.value, *self.flags))
        for task in await lock_live(self.session, self.journey):
            if task.kind == CHOICE:
                await apply_wish(self.session, self.office, self.journey, task)

    async def refuse(self) -> None:
        """One service is not wanted: its open task is declined, and it opens no more unless it is asked for anew."""
        plan = await self.office.shelf.ensure(self.session, self.journey.plan_hash)
        kind = next((each for each in plan.kinds if each.code == self.value), None)
        if kind is None:
            raise InvalidError("kind-unknown")
        if not refusable(kind.code, kind.stage):
            raise InvalidError("kind-not-refusable")
        for task in await lock_live(self.session, self.journey):
            if task.kind == self.value:
                await self._close(task, TaskState.DECLINED, "person-refused")

    async def withdraw(self) -> None:
        """Open tasks are withdrawn; nothing new opens but the way home, on the person's wish (`value` home)."""
        plan = await self.office.shelf.ensure(self.session, self.journey.plan_hash)
        self.journey.state = JourneyState.ENDING
        for task in await lock_live(self.session, self.journey):
            if not plan.kind(task.kind).way_home:
                await self._close(task, TaskState.WITHDRAWN, "person-withdrew")
        if self.value == "home":
            await tell(self.session, self.journey, "home")
        await tell(self.session, self.journey, "withdrawn")

    async def home(self) -> None:
        """After a withdrawal the person wants the way home after all."""
        if self.journey.state is not JourneyState.ENDING:
            raise ConflictError("journey-not-ending", winner={"state": self.journey.state.value})
        await tell(self.session, self.journey, "home")

    async def _close(self, task: Task, state: TaskState, reason: str) -> None:
        await close_unanswered(
            self.session, self.office, self.journey, task, state, self.actor.officer_id, reason=reason
        )
