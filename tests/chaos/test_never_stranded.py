"""Officers come, leave, fall ill and are moved about: whatever is done, every live task has somebody who can answer it."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from hypothesis import Phase, note
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework.absences import end_absence, record_absence
from activities.casework.actors import actor_of
from activities.casework.appointing import activate, change_officer, deactivate
from activities.casework.away import can_answer
from activities.casework.context import Office
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate, recall
from activities.casework.errors import CaseError
from activities.casework.handovers import take_over
from activities.casework.permits import of_task
from activities.casework.settling import settle
from activities.casework.tasks import claim, give_back, release
from activities.domain.ids import task_id
from activities.domain.messages import Ask, Wake
from activities.domain.states import LIVE, DecisionKind, Role
from activities.plan.access import Actor, Verb, may
from activities.store.absences import Absence
from activities.store.engine import Sessions
from activities.store.journeys import Journey
from activities.store.organisations import Officer
from activities.store.tasks import Task
from tests.build.officers import actor, newcomer
from tests.build.staff import put_back, staff_of
from tests.casework.test_races import later, opened
from tests.chaos.doings import EVENLY, keeping
from tests.chaos.doings.keeping import Do
from tests.chaos.machines import OnRows, play

KINDS = ("examine_health", "enrol_in_school", "assess_needs", "enrol_in_school")  # what the agencies of STAFF hold
STAFF = {
    "medical-centre": ("medical-centre.officer", "lan.clinic"),
    "education-division": ("education-division.officer", "hoa.school"),
    "labour-division": ("labour-division.officer", "labour-division.coordinator", "an.lead"),
    "school-one": ("school-one.officer",),
}
ROLES = {"an.lead": (Role.COORDINATOR,)}  # an officer, where none is named


async def _ends_absence(session: AsyncSession, office: Office, who: Actor, _t: Task, _a: str, _b: str) -> None:
    row = (await session.scalars(select(Absence).where(Absence.ended_at.is_(None)).limit(1))).first()
    if row is not None:
        await end_absence(session, office, who, row.id)


async def _goes(session: AsyncSession, office: Office, who: Actor, a: str, b: str, after: int, days: int) -> None:
    since = office.today() + timedelta(days=after)
    await record_absence(session, office, who, a, since, since + timedelta(days=days), b)


WORK: dict[str, Do] = {
    "claims": lambda s, o, w, t, _a, _b: claim(s, o, w, t.id, t.revision),
    "releases": lambda s, o, w, t, _a, _b: release(s, o, w, t.id, t.revision),
    "sends back": lambda s, o, w, t, _a, _b: give_back(s, o, w, t.id, t.revision, "other"),
    "hands down": lambda s, o, w, t, _a, _b: delegate(s, o, w, t.id, t.revision, "lý do", organisation="school-one"),
    "names": lambda s, o, w, t, a, _b: delegate(s, o, w, t.id, t.revision, "lý do", officer=a),
    "recalls": lambda s, o, w, t, _a, _b: recall(s, o, w, t.id, t.revision, "lý do"),
}
STAFFING: dict[str, Do] = {
    "is away": lambda s, o, w, _t, a, b: _goes(s, o, w, a, b, 0, 3),
    "is away alone": lambda s, o, w, _t, a, _b: _goes(s, o, w, a, "", 0, 1),
    "will be away": lambda s, o, w, _t, a, _b: _goes(s, o, w, a, "", 2, 2),
    "is back": _ends_absence,
    "deactivates": lambda s, o, w, _t, a, b: deactivate(s, o, w, a, b),
    "deactivates alone": lambda s, o, w, _t, a, _b: deactivate(s, o, w, a, ""),
    "activates": lambda s, o, w, _t, a, _b: activate(s, o, w, a),
    "moves": lambda s, o, w, _t, a, _b: change_officer(s, o, w, a, {"organisation": "labour-division"}),
    "only watches": lambda s, o, w, _t, a, _b: change_officer(s, o, w, a, {"roles": ["supervisor"]}),
    "works again": lambda s, o, w, _t, a, _b: change_officer(s, o, w, a, {"roles": ["officer"]}),
    "only coordinates": lambda s, o, w, _t, a, _b: change_officer(s, o, w, a, {"roles": ["coordinator"]}),
    "does both": lambda s, o, w, _t, a, _b: change_officer(s, o, w, a, {"roles": ["officer", "coordinator"]}),
}
WATCHING: dict[str, Do] = {
    "takes over": lambda s, o, w, _t, a, b: take_over(s, o, w, a, b, "lý do"),
    "takes all back": lambda s, o, w, _t, a, _b: take_over(s, o, w, a, "", "lý do"),
    "reassigns": lambda s, o, w, t, _a, _b: decide(
        s, o, w, t.id, t.revision, Decide(kind=DecisionKind.REASSIGN, reason="lý do", organisation="education-division")
    ),
}  # fmt: skip
DOINGS = {name: (who, do) for who, group in (("a", WORK), ("administrator", STAFFING | keeping.DOINGS), ("head", WATCHING))
          for name, do in group.items()}  # fmt: skip
ELSEWHERE = 0.1  # how often it is another office's task


class Staff(OnRows):
    """One journey with tasks of three agencies, and all who come and go in them, on the real rows."""

    tables = "contact, absence, handover, invitation, sign_in, journey"

    def __init__(self) -> None:
        super().__init__()
        self.now = self.office
        self.journey = self.runner.run(self._begin())

    async def _begin(self) -> str:
        async with self.sessions() as session:
            self.kept = await staff_of(session)
        for code, names in STAFF.items():
            for name in names:
                await newcomer(self.sessions, name, code, *ROLES.get(name, ()))
        journey = (await opened(self.sessions, self.office)).journey
        for kind in set(KINDS):
            async with self.sessions.begin() as session:
                ask = Ask(journey=journey, task=task_id(journey, kind), kind=kind)
                await settle(session, self.office, Wake(ask=ask))
        return journey

    @rule(chance=EVENLY)
    def works(self, chance: Random) -> None:
        """Somebody does something with a task of theirs (now and then of elsewhere), or is told why not."""
        self._does(chance, (*WORK, *WORK, *WATCHING))

    @rule(chance=EVENLY)
    def is_staffed(self, chance: Random) -> None:
        """An office, or somebody in it, is not what it was."""
        self._does(chance, (*STAFFING, *STAFFING, *keeping.DOINGS))

    def _does(self, chance: Random, among: Sequence[str]) -> None:
        what, code = chance.choice(among), chance.choice(list(STAFF))
        a = chance.choice(STAFF[code])
        b = chance.choice([each for each in STAFF[code] if each != a] or [a])
        kind = chance.choice(KINDS) if chance.random() < ELSEWHERE else KINDS[list(STAFF).index(code)]
        note(f"{what}: {a}, {b}, {kind}")
        self.runner.run(self._do(what, kind, a, b, code))

    async def _do(self, what: str, kind: str, a: str, b: str, code: str) -> None:
        role, do = DOINGS[what]
        who = {"a": a, "head": f"{code}.head"}.get(role, role)
        try:
            async with self.sessions.begin() as session:
                task = await session.get_one(Task, task_id(self.journey, kind))
                session.expunge(task)
                if await session.scalar(select(Officer.active).where(Officer.username == who)):
                    await do(session, self.now, await actor(session, who), task, a, b)
        except CaseError:
            return

    @rule()
    def a_day_goes_by(self) -> None:
        """Absences begin and end by themselves."""
        self.now = later(self.now, timedelta(days=1))

    @rule(kind=st.sampled_from(KINDS))
    def the_story_looks(self, kind: str) -> None:
        """The story looks at a task, as for a rung."""
        self.runner.run(self._look(kind))

    async def _look(self, kind: str) -> None:
        async with self.sessions.begin() as session:
            ask = Ask(journey=self.journey, task=task_id(self.journey, kind), kind=kind)
            await settle(session, self.now, Wake(ask=ask, why="rung"))

    @invariant()
    def nobody_waits_for_nobody(self) -> None:
        """Each live task's agency has an active officer who can answer; its holder, if any, is an active one of that agency."""
        self.runner.run(self._held())

    async def _held(self) -> None:
        async with self.sessions() as session:
            journey = await session.get_one(Journey, self.journey)
            live = select(Task).where(Task.journey_id == self.journey, Task.state.in_(list(LIVE)))
            for task in await session.scalars(live):
                able = select(Officer.id).where(Officer.organisation_id == task.organisation_id, can_answer())
                assert await session.scalar(able.limit(1)), (task.kind, task.organisation_id)
                holder = await session.get(Officer, task.officer_id) if task.officer_id else None
                assert holder is None or await self._answers(session, holder, journey, task), (task.kind, holder)
            led = journey.lead_id
            coordinators = select(Officer.id).where(
                Officer.organisation_id == led, Officer.active.is_(True), Officer.roles.contains(["coordinator"])
            )
            assert await session.scalar(coordinators.limit(1)) is not None

    async def _answers(self, session: AsyncSession, holder: Officer, journey: Journey, task: Task) -> bool:
        """Whether the holder, with the roles of now, may answer what they hold."""
        return holder.active and may(await actor_of(session, holder), Verb.ANSWER, of_task(journey, task)).allowed

    async def cleared(self) -> None:
        """The journey, and who came and went."""
        await super().cleared()
        async with self.sessions.begin() as session:
            await put_back(session, self.kept)


def test_no_act_on_staff_leaves_a_task_to_nobody(database_url: str, sessions: Sessions, stationed: Office) -> None:
    """Deactivations, absences, hand-overs, moves, ends of roles and reassignments in random order, many times over."""
    play(Staff, database_url, stationed, lives=40, phases=[Phase.generate])
