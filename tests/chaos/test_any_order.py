"""Everybody does anything in any order: whatever happens, each task has one holder, one end, its date and its journal."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import note
from hypothesis.stateful import invariant, rule
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks
from activities.casework.context import Office
from activities.casework.dangers import raise_danger
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate, recall
from activities.casework.errors import CaseError
from activities.casework.reminders import remind
from activities.casework.reopening import reopen
from activities.casework.rounds import ask_again
from activities.casework.settling import settle
from activities.casework.steps import CaseSteps
from activities.casework.tasks import claim, give_back, release, save_draft, submit
from activities.domain.ids import task_id
from activities.domain.messages import Ask, EndJourney, JourneyStart, NewsAsk, Wake
from activities.domain.states import LIVE, DecisionKind, JourneyState, TaskState
from activities.plan.access import Actor
from activities.store.delegations import Delegation
from activities.store.engine import Sessions
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.papers import paper_for
from tests.casework.test_races import later, opened
from tests.chaos.doings import COORDINATOR, DISTRICT, EVENLY, Do, corrections, persons, plans, requests, words
from tests.chaos.doings.days import Days
from tests.chaos.machines import play

KINDS = ("enrol_in_school", "identify_victim", "explain_result", "arrange_loan", "meet_essential_needs")
STRANGERS = ("policy-bank.officer", "medical-centre.head", "administrator", "district-police.officer")
NOUNS = (requests, corrections, persons, words, plans)
STATES = {  # what an entry of the journal makes of a task
    "task-opened": "open", "task-done": "done", "task-waived": "waived", "task-declined": "declined",
    "task-withdrawn": "withdrawn", "task-paused": "paused", "task-resumed": "open", "task-returned": "returned",
    "task-delegated": "open", "task-recalled": "open",
}  # fmt: skip


def _decides(kind: DecisionKind, **fields: Any) -> Do:
    async def act(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
        more = {"until": office.now() + timedelta(days=3)} if kind is DecisionKind.PAUSE else fields
        await decide(session, office, who, task.id, task.revision, Decide(kind=kind, reason="lý do", **more))

    return act


async def _answers(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    await submit(session, office, who, task.id, task.revision, dict(VALID[task.kind]), office.now())


async def _on_paper(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    paper = await paper_for(session, office, who, task.id)
    await submit(session, office, who, task.id, task.revision, dict(VALID[task.kind]), office.now(), paper)


async def _the_deadline(session: AsyncSession, office: Office, _: Actor, task: Task) -> None:
    wake = Wake(
        ask=Ask(journey=task.journey_id, task=task.id, kind=task.kind, round=task.round),
        held=task.generation,
        why="expired",
    )
    await settle(session, later(office, timedelta(days=40)), wake)


WORK: dict[str, Do] = {
    "claims": lambda s, o, w, t: claim(s, o, w, t.id, t.revision),
    "releases": lambda s, o, w, t: release(s, o, w, t.id, t.revision),
    "drafts": lambda s, o, w, t: save_draft(s, o, w, t.id, t.revision, {"note": "x"}),
    "returns": lambda s, o, w, t: give_back(s, o, w, t.id, t.revision, "not_ours"),
    "answers": _answers,
    "enters a paper": _on_paper,
    "hands down": lambda s, o, w, t: delegate(s, o, w, t.id, t.revision, "lý do", organisation="school-one"),
    "names a colleague": lambda s, o, w, t: delegate(s, o, w, t.id, t.revision, "lý do", officer="labour-division.coordinator"),
    "recalls": lambda s, o, w, t: recall(s, o, w, t.id, t.revision, "lý do"),
}  # fmt: skip
DECIDED: dict[str, Do] = {
    "reminds": lambda s, o, w, t: remind(s, o, w, t.id, "lãnh đạo", "mai", o.today() + timedelta(days=2)),
    "extends": _decides(DecisionKind.EXTEND, budget="P2WD"),
    "pauses": _decides(DecisionKind.PAUSE),
    "resumes": _decides(DecisionKind.RESUME),
    "waives": _decides(DecisionKind.WAIVE),
    "reassigns": _decides(DecisionKind.REASSIGN, organisation="labour-division"),
    "resends": _decides(DecisionKind.RESEND),
    "takes back": _decides(DecisionKind.WITHDRAW),
    "raises a danger": lambda s, o, w, t: raise_danger(s, o, w, t.journey_id),
    "asks again": lambda s, o, w, t: ask_again(s, o, w, t.journey_id, "examine_health"),
    "reopens": lambda s, o, w, t: reopen(s, o, w, t.journey_id, "quay lại", "community"),
    "the deadline": _the_deadline,
}  # fmt: skip
DOINGS = WORK | DECIDED | {name: do for noun in NOUNS for name, do in noun.DOINGS.items()}
BY: dict[str, str] = {  # who may: somebody of the agency that holds it, its head, or the lead; else the district
    **dict.fromkeys(("claims", "releases", "drafts", "returns", "answers"), "officer"),
    **dict.fromkeys(("hands down", "names a colleague", "recalls"), "head"),
    **dict.fromkeys(("enters a paper", "resends", "takes back", "asks again", "reopens"), "lead"),
    **{name: role for noun in NOUNS for name, role in noun.BY.items()},
}  # fmt: skip
TURNS = requests.TURNS | corrections.TURNS
RARE = ("withdraws", "reopens", "refuses a service", "waives", "sets a rule")
MAY = ("",) * 12  # mostly somebody who may


def acts(name: str, given: Iterable[str]) -> Any:
    """A rule of the machine: somebody does one of these with a task, mostly somebody who may; or is told why not."""
    names = tuple(given)
    usual, rare = tuple(each for each in names if each not in RARE), tuple(each for each in names if each in RARE)

    def act(self: "Offices", chance: Random) -> None:
        what, kind, who = chance.choice(usual * 4 + rare), chance.choice(KINDS), chance.choice(MAY + STRANGERS)
        note(f"{what}, {kind}, {who or 'who may'}")
        self.runner.run(self.do(what, kind, who))

    act.__name__ = name
    return rule(chance=EVENLY)(act)


class Offices(Days):
    """One journey and all who have to do with it, on the real rows. The story is played by hand."""

    tables = "contact, journey, task_tally"

    def __init__(self) -> None:
        super().__init__()
        self.counted = dict[str, Office]()
        self.journey = self.runner.run(self._begin())

    async def _begin(self) -> str:
        journey = (await opened(self.sessions, self.office)).journey
        for kind in KINDS:
            await self._open(journey, kind)
        return journey

    async def _open(self, journey: str, kind: str) -> None:
        async with self.sessions.begin() as session:
            await settle(session, self.office, Wake(ask=Ask(journey=journey, task=task_id(journey, kind), kind=kind)))

    works = acts("works", WORK)
    decides = acts("decides", DECIDED)
    asks = acts("asks", requests.DOINGS)
    corrects = acts("corrects", (*corrections.DOINGS, *plans.DOINGS))
    tells = acts("tells", (*persons.DOINGS, *words.DOINGS))

    async def do(self, what: str, kind: str, stranger: str) -> None:
        try:
            async with self.sessions.begin() as session:
                task = await session.get_one(Task, task_id(self.journey, kind))
                session.expunge(task)
                who = stranger or await self._who_may(session, what, task)
                await DOINGS[what](session, self.office, await actor(session, who), task)
        except CaseError:
            return

    async def _who_may(self, session: AsyncSession, what: str, task: Task) -> str:
        holder = task.answerable_id if what == "recalls" and task.answerable_id else task.organisation_id
        agency = (await session.get_one(Organisation, holder)).code
        by = {
            "officer": f"{agency}.officer", "head": f"{agency}.head", "lead": COORDINATOR, "keeper": "administrator",
        }  # fmt: skip
        return await TURNS[what](session, task) if what in TURNS else by.get(BY.get(what, ""), DISTRICT)

    @rule(chance=EVENLY)
    def the_story(self, chance: Random) -> None:
        """It begins anew after a correction, asks for a task as after a restart, or now and then closes over what is open."""
        what = chance.choice(("hears", "asks") * 12 + ("ends",))
        if what == "hears":
            self.runner.run(self._hear())
        elif what == "asks":
            self.runner.run(self._open(self.journey, chance.choice(KINDS)))
        else:
            end = EndJourney(journey=self.journey, reason="settled")
            self.runner.run(CaseSteps(self.sessions, self.office).end_journey(end))

    async def _hear(self) -> None:
        async with self.sessions() as session:
            row = await session.get_one(Journey, self.journey)
        steps = CaseSteps(self.sessions, self.office)
        await steps.begin(JourneyStart(journey=row.id, corrected=row.corrected))
        await steps.news(NewsAsk(journey=row.id, cursor=row.news_from))

    @invariant()
    def every_row_is_whole(self) -> None:
        """One holder who can answer, one end, its date by the pure function, its journal folded to the row."""
        self.runner.run(self._whole())

    async def _whole(self) -> None:
        async with self.sessions() as session:
            journey = await session.get_one(Journey, self.journey)
            tasks = list(await session.scalars(select(Task).where(Task.journey_id == self.journey)))
            entries = list(
                await session.scalars(
                    select(JournalEntry).where(JournalEntry.chain == self.journey).order_by(JournalEntry.seq)
                )
            )
            assert journey.state is not JourneyState.CLOSED or not [task for task in tasks if task.state in LIVE]
            for task in (each for each in tasks if each.kind in KINDS):
                await self._is_whole(
                    session, journey.plan_hash, task, [entry for entry in entries if entry.task_id == task.id]
                )

    async def _is_whole(self, session: AsyncSession, plan_hash: str, task: Task, entries: list[JournalEntry]) -> None:
        if task.state in LIVE:
            able = select(Officer.id).where(Officer.organisation_id == task.organisation_id, Officer.active.is_(True))
            assert await session.scalar(able.limit(1)) is not None
        links = list(
            await session.scalars(
                select(Delegation).where(Delegation.task_id == task.id, Delegation.ended_at.is_(None))
            )
        )
        above = {link.from_id for link in links if link.from_id != link.to_id}
        assert above == ({task.answerable_id} if task.answerable_id else set())
        plan = await self.office.shelf.ensure(session, plan_hash)
        pauses, extensions = await clocks.ledger(session, task.id)
        if task.state in LIVE:
            self.counted[task.id] = self.office  # what has ended was counted by the calendar of then
        due = clocks.due_of(
            self.counted[task.id], task.start_at, clocks.budget_of(plan.kind(task.kind)), pauses, extensions
        )
        assert due is None or due == task.due_at
        assert (task.state.value, task.organisation_id) == _folded(entries)
        assert await session.get(Organisation, task.organisation_id) is not None
        assert sum(entry.event == "task-done" for entry in entries) == task.answers == int(task.state is TaskState.DONE)

    async def cleared(self) -> None:
        """The journey, what was set and announced."""
        await super().cleared()
        async with self.sessions.begin() as session:
            await plans.forget_rules(session, self.office)
        await self.forget_days()


def _folded(entries: list[JournalEntry]) -> tuple[str, str]:
    """State and holder of a task as its journal tells them."""
    state, holder = "", ""
    for entry in entries:
        state = STATES.get(entry.event, state)
        holder = (
            str(entry.data.get("organisation") or entry.data.get("to") or holder) if entry.event in MOVES else holder
        )
        if entry.event == "task-decided" and entry.data["decision"] in ("reassign", "resend"):
            state = "open"
    return state, holder


MOVES = ("task-opened", "task-done", "task-delegated", "task-recalled", "task-decided")


def test_whatever_people_do_every_task_stays_whole(database_url: str, sessions: Sessions, of_its_own: Office) -> None:
    """Fifty acts in random order, by random people, a few at a time of their own, many times over."""
    play(Offices, database_url, of_its_own, lives=20)
