"""What a supervisor or a coordinator decides of a task: each with reason, author and journal entry."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NoReturn

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks, journal, outbox
from activities.casework.context import Office
from activities.casework.delegating import end_chain
from activities.casework.ending import close_unanswered, mark_passed
from activities.casework.errors import ConflictError, FieldProblem, InvalidError
from activities.casework.extending import within_bounds
from activities.casework.locks import lock_task
from activities.casework.notices import notify
from activities.casework.pausing import pause, resume
from activities.casework.permits import demand, in_full, of_task
from activities.casework.reasons import sealed
from activities.casework.requests import demand_not_own, settle_open
from activities.casework.successors import holds, successor
from activities.casework.winners import still_answerable
from activities.domain.ids import new_id
from activities.domain.states import DecisionKind, TaskState
from activities.plan.access import Actor, Verb
from activities.plan.model import Kind
from activities.store.journeys import Journey
from activities.store.tasks import Decision, Extension, Task

LONGEST_PAUSE = timedelta(days=400)  # local: a pause always has a review date within sight
TOLD_APART = (  # whose effect is an entry of its own, with the same officer and reason
    DecisionKind.PAUSE, DecisionKind.RESUME, DecisionKind.WAIVE, DecisionKind.WITHDRAW,
)  # fmt: skip
NEEDS = {
    DecisionKind.EXTEND: TaskState.OPEN,
    DecisionKind.PAUSE: TaskState.OPEN,
    DecisionKind.RESUME: TaskState.PAUSED,
    DecisionKind.WITHDRAW: TaskState.RETURNED,
    DecisionKind.RESEND: TaskState.RETURNED,
}  # the state a task must be in; any live one where none is named
TOLD = {
    DecisionKind.EXTEND: "task-extended",
    DecisionKind.PAUSE: "task-paused",
    DecisionKind.RESUME: "task-resumed",
    DecisionKind.REASSIGN: "task-moved",
}  # what whoever held the task reads; the others say it themselves
FIELDS = {
    DecisionKind.EXTEND: {"ground", "budget"},
    DecisionKind.PAUSE: {"ground", "until"},
    DecisionKind.REASSIGN: {"organisation"},
}


class Decide(BaseModel):
    """A decision as asked for. `budget` extends, `until` pauses, `organisation` (a code) takes over, `ground` is cited."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: DecisionKind
    reason: str
    ground: str = ""
    budget: str = ""
    until: AwareDatetime | None = None
    organisation: str = ""


def demand_in_sight(office: Office, until: datetime | None) -> datetime:
    """The review date of a pause; InvalidError for none, for one that has passed, or for one too far away."""
    now = office.now()
    if until is None or not now < until <= now + LONGEST_PAUSE:
        raise InvalidError("pause-until-invalid")
    return until


class Deciding:
    """One decision being carried out on locked rows."""

    def __init__(
        self, session: AsyncSession, office: Office, actor: Actor, journey: Journey, task: Task, kind: Kind
    ) -> None:
        self.session, self.office, self.actor = session, office, actor
        self.journey, self.task, self.kind = journey, task, kind

    async def extend(self, ask: Decide) -> None:
        """More time from the same start; a statutory clock only on the plan's ground and by its body."""
        await self._ground(ask)
        within_bounds(self.office, ask.budget)
        mark_passed(self.session, self.office, self.journey, self.task)
        self.session.add(
            Extension(
                id=new_id("extension"),
                task_id=self.task.id,
                budget=ask.budget,
                reason=sealed(self.office, self.task.id, ask.reason),
                ground=ask.ground,
                officer_id=self.actor.officer_id,
                at=self.office.now(),
            )
        )
        await self._set_again()

    async def pause(self, ask: Decide) -> None:
        """The clock stops until a review date."""
        await self._ground(ask)
        until = demand_in_sight(self.office, ask.until)
        mark_passed(self.session, self.office, self.journey, self.task)
        await pause(self.session, self.office, self.journey, self.task, self.actor.officer_id, ask.reason, until)

    async def resume(self, ask: Decide) -> None:
        """The clock goes on before its review date."""
        await resume(self.session, self.office, self.journey, self.task, self.actor.officer_id, said=ask.reason)
        await outbox.send(self.session, self.journey.id, "look", task=self.task.id)

    async def waive(self, ask: Decide) -> None:
        """Nobody has to do it; never for a statutory clock."""
        if self.kind.clock.statutory:
            self._refuse_for_the_law()
        await self._close(TaskState.WAIVED, ask.reason)

    async def withdraw(self, ask: Decide) -> None:
        """A returned task is taken back."""
        await self._close(TaskState.WITHDRAWN, ask.reason)

    async def resend(self, _: Decide) -> None:
        """A returned task goes back to the same agency; start and due stay."""
        await self._reopen()
        await outbox.send(self.session, self.journey.id, "look", task=self.task.id)

    async def reassign(self, ask: Decide) -> None:
        """Another organisation that holds a role of the plan takes over; start and due stay, a pause ends."""
        held, generation = self.task.state, self.task.generation
        to = await successor(self.session, self.office, self.journey, self.task, ask.organisation)
        await end_chain(self.session, self.office, self.task, self.actor.officer_id, "reassigned")
        await self._overtake("extend", "facts")
        self.task.organisation_id = to.id
        self.task.officer_id, self.task.claimed_at, self.task.draft = None, None, None
        if held is TaskState.PAUSED:
            await resume(self.session, self.office, self.journey, self.task, self.actor.officer_id, said=ask.reason)
        else:
            self.task.generation += 1
        if held is TaskState.RETURNED:
            await self._reopen()
        else:
            self.task.revision += 1
        notify(self.session, self.office, self.journey, self.task.organisation_id, "task-opened", task=self.task.id)
        await outbox.wake(self.session, self.task, held, generation)

    async def _reopen(self) -> None:
        await clocks.lapse_rungs(self.session, self.office, self.task, codes=["return-unanswered"])
        self.task.state, self.task.revision = TaskState.OPEN, self.task.revision + 1
        self.task.return_review_at, self.task.return_reason = None, ""
        notify(self.session, self.office, self.journey, self.task.organisation_id, "task-resent", task=self.task.id)

    async def _set_again(self) -> None:
        generation = self.task.generation
        self.task.generation += 1
        await self.session.flush()
        await clocks.set_again(
            self.session, self.office, await self.office.shelf.ensure(self.session, self.journey.plan_hash), self.task
        )
        await outbox.wake(self.session, self.task, self.task.state, generation)

    async def _overtake(self, *kinds: str) -> None:
        """Requests of a holder who no longer holds the task wait for nobody."""
        await settle_open(self.session, self.office, self.journey, self.task, kinds, "lapsed", self.actor.officer_id)

    async def _close(self, state: TaskState, reason: str) -> None:
        await close_unanswered(
            self.session, self.office, self.journey, self.task, state, self.actor.officer_id, said=reason
        )

    async def _ground(self, ask: Decide) -> None:
        """A statutory clock is moved only on a ground the plan cites, and only by the body it names."""
        if not self.kind.clock.statutory:
            return
        role = next((ground.by for ground in self.kind.grounds if ground.code == ask.ground), "")
        if not role or not await holds(self.session, self.office, self.actor.organisation_id, role):
            self._refuse_for_the_law()

    def _refuse_for_the_law(self) -> NoReturn:
        raise ConflictError(
            "no-statutory-ground", winner={"state": self.task.state.value, "source": self.kind.clock.source.cites}
        )


def _only_its_fields(ask: Decide) -> None:
    """InvalidError for a field another kind of decision takes: what is asked and not done would be a silent no."""
    given = {name for name in ("ground", "budget", "until", "organisation") if getattr(ask, name)}
    if extra := sorted(given - FIELDS.get(ask.kind, set())):
        problems = tuple(FieldProblem((name,), "not-of-this-decision", "another decision takes this") for name in extra)
        raise InvalidError("decision-unfit", problems)


async def decide(session: AsyncSession, office: Office, actor: Actor, task_id: str, revision: int, ask: Decide) -> Task:
    """Carry out a decision by whoever may make it; the loser of a race learns how the task ended."""
    journey, task = await lock_task(session, task_id)
    if task.state.final:
        demand(actor, Verb.READ_TASK, of_task(journey, task))
    else:
        demand(actor, Verb.DECIDE, of_task(journey, task), decision=ask.kind)
    still_answerable(task, revision, told=in_full(actor, journey, task))
    asked = tuple({ask.kind.value} & {"extend", "reassign"})
    await demand_not_own(session, task, asked, actor.officer_id)
    held_by = {task.organisation_id, task.answerable_id} - {None, actor.organisation_id}
    await carry_out(session, office, actor, journey, task, ask)
    for organisation in sorted(each for each in held_by if each and ask.kind in TOLD):
        notify(session, office, journey, organisation, TOLD[ask.kind], task=task.id)
    await settle_open(session, office, journey, task, asked, "granted", actor.officer_id)
    return task


async def carry_out(
    session: AsyncSession, office: Office, actor: Actor, journey: Journey, task: Task, ask: Decide
) -> None:
    """Carry out a permitted decision on locked rows, and write down who made it and why."""
    if not ask.reason.strip():
        raise InvalidError("reason-missing")
    _only_its_fields(ask)
    needed = NEEDS.get(ask.kind, task.state)
    if task.state is not needed:
        raise ConflictError(f"task-not-{needed.value}", winner={"state": task.state.value})
    plan = await office.shelf.ensure(session, journey.plan_hash)
    deciding = Deciding(session, office, actor, journey, task, plan.kind(task.kind))
    act: Callable[[Decide], Awaitable[None]] = getattr(deciding, ask.kind.value)
    await act(ask)
    facts = ask.model_dump(mode="json", exclude={"kind", "reason"}, exclude_defaults=True)
    session.add(
        Decision(
            id=new_id("decision"),
            task_id=task.id,
            kind=ask.kind.value,
            reason=sealed(office, task.id, ask.reason),
            officer_id=actor.officer_id,
            at=office.now(),
            facts=facts,
        )
    )
    journal.write(
        session,
        office,
        journey,
        "task-decided",
        officer=actor.officer_id,
        task=task.id,
        kind=task.kind,
        decision=ask.kind.value,
        due=task.due_at,
        to=task.organisation_id,
        said="" if ask.kind in TOLD_APART else ask.reason,
    )
