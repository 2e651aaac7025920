"""Everybody does anything in any order: whatever happens, each task has one holder, one end, its date and its journal."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.casework import clocks
from activities.casework.context import Office
from activities.casework.correction_decisions import decide_correction
from activities.casework.corrections import Corrected, correct
from activities.casework.dangers import raise_danger
from activities.casework.decisions import Decide, decide
from activities.casework.delegating import delegate, recall
from activities.casework.errors import CaseError
from activities.casework.journal import verify_chains
from activities.casework.reminders import remind
from activities.casework.reopening import reopen
from activities.casework.request_decisions import Answer, decide_request
from activities.casework.requests import Asked, ask, take_back
from activities.casework.rounds import ask_again
from activities.casework.settling import settle
from activities.casework.steps import CaseSteps
from activities.casework.tasks import claim, give_back, release, save_draft, submit
from activities.casework.wishes import record_wish
from activities.domain.ids import task_id
from activities.domain.messages import Ask, EndJourney, JourneyStart, Wake
from activities.domain.states import LIVE, DecisionKind, JourneyState, TaskState
from activities.plan.access import Actor
from activities.store.corrections import Correction
from activities.store.delegations import Delegation
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.journal import JournalEntry
from activities.store.journeys import Journey
from activities.store.organisations import Officer, Organisation
from activities.store.requests import Request
from activities.store.tasks import Task
from tests.build.officers import actor
from tests.build.outcomes import VALID
from tests.build.papers import paper_for
from tests.casework.test_races import later, opened
from workflows.foresight import foresee

KINDS = ("enrol_in_school", "identify_victim", "explain_result", "arrange_loan", "meet_essential_needs")
STRANGERS = ("policy-bank.officer", "medical-centre.head", "administrator", "district-police.officer")
COORDINATOR, DISTRICT = "labour-division.coordinator", "district.supervisor"
Do = Callable[[AsyncSession, Office, Actor, Task], Awaitable[object]]
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


async def _asks(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    await ask(session, office, who, task.id, task.revision, Asked(kind="extend", reason="lý do", budget="P2WD"))


async def _decides_request(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    row = await session.scalar(select(Request).where(Request.task_id == task.id).order_by(Request.asked_at.desc()))
    if row is not None:
        await decide_request(session, office, who, row.id, Answer(grant=True))


async def _asks_no_more(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    row = await session.scalar(select(Request).where(Request.task_id == task.id).order_by(Request.asked_at.desc()))
    if row is not None:
        await take_back(session, office, who, row.id)


async def _corrects(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    other = {"identify_victim": {"result": "not_identified", "number": "1/CV", "signed_on": "2024-03-11"}}
    asked = Corrected(outcome=other.get(task.kind, dict(VALID[task.kind])), happened_at=office.now(), reason="nhầm")
    await correct(session, office, who, task.id, asked, foresee)


async def _agrees(session: AsyncSession, office: Office, who: Actor, task: Task) -> None:
    row = await session.scalar(
        select(Correction).where(Correction.journey_id == task.journey_id, Correction.state == "proposed")
    )
    if row is not None:
        await decide_correction(session, office, who, row.id, grant=True, reason="", digest=row.digest, foresee=foresee)


async def _the_deadline(session: AsyncSession, office: Office, _: Actor, task: Task) -> None:
    wake = Wake(
        ask=Ask(journey=task.journey_id, task=task.id, kind=task.kind, round=task.round),
        held=task.generation,
        why="expired",
    )
    await settle(session, later(office, timedelta(days=40)), wake)


DOINGS: dict[str, Do] = {
    "claims": lambda s, o, w, t: claim(s, o, w, t.id, t.revision),
    "releases": lambda s, o, w, t: release(s, o, w, t.id, t.revision),
    "drafts": lambda s, o, w, t: save_draft(s, o, w, t.id, t.revision, {"note": "x"}),
    "returns": lambda s, o, w, t: give_back(s, o, w, t.id, t.revision, "not_ours"),
    "answers": _answers,
    "enters a paper": _on_paper,
    "hands down": lambda s, o, w, t: delegate(s, o, w, t.id, t.revision, "lý do", organisation="school-one"),
    "names a colleague": lambda s, o, w, t: delegate(s, o, w, t.id, t.revision, "lý do", officer="labour-division.coordinator"),
    "recalls": lambda s, o, w, t: recall(s, o, w, t.id, t.revision, "lý do"),
    "asks": _asks,
    "decides a request": _decides_request,
    "asks no more": _asks_no_more,
    "reminds": lambda s, o, w, t: remind(s, o, w, t.id, "lãnh đạo", "mai", o.today() + timedelta(days=2)),
    "corrects": _corrects,
    "agrees": _agrees,
    "extends": _decides(DecisionKind.EXTEND, budget="P2WD"),
    "pauses": _decides(DecisionKind.PAUSE),
    "resumes": _decides(DecisionKind.RESUME),
    "waives": _decides(DecisionKind.WAIVE),
    "reassigns": _decides(DecisionKind.REASSIGN, organisation="labour-division"),
    "resends": _decides(DecisionKind.RESEND),
    "takes back": _decides(DecisionKind.WITHDRAW),
    "refuses a service": lambda s, o, w, t: record_wish(s, o, w, t.journey_id, "refuse_service", t.kind),
    "withdraws": lambda s, o, w, t: record_wish(s, o, w, t.journey_id, "withdraw"),
    "raises a danger": lambda s, o, w, t: raise_danger(s, o, w, t.journey_id),
    "asks again": lambda s, o, w, t: ask_again(s, o, w, t.journey_id, "examine_health"),
    "reopens": lambda s, o, w, t: reopen(s, o, w, t.journey_id, "quay lại", "community"),
    "the deadline": _the_deadline,
}  # fmt: skip
BY: dict[str, str] = {  # who may: somebody of the agency that holds it, its head, or the lead; else the district
    **dict.fromkeys(("claims", "releases", "drafts", "returns", "answers", "asks", "asks no more", "corrects"), "officer"),
    **dict.fromkeys(("hands down", "names a colleague", "recalls"), "head"),
    **dict.fromkeys(
        ("enters a paper", "resends", "takes back", "refuses a service", "withdraws", "asks again", "reopens"), "lead"
    ),
}  # fmt: skip
RARE = ("withdraws", "reopens", "refuses a service", "waives")
USUAL = tuple(each for each in DOINGS if each not in RARE)


class Offices(RuleBasedStateMachine):
    """One journey and all who have to do with it, on the real rows. The story is played by hand."""

    url: str
    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.engine = open_engine(self.url, pool_size=2)
        self.sessions: Sessions = open_sessions(self.engine)
        self.journey = self.runner.run(self._begin())

    async def _begin(self) -> str:
        journey = (await opened(self.sessions, self.office)).journey
        for kind in KINDS:
            await self._open(journey, kind)
        return journey

    async def _open(self, journey: str, kind: str) -> None:
        async with self.sessions.begin() as session:
            await settle(session, self.office, Wake(ask=Ask(journey=journey, task=task_id(journey, kind), kind=kind)))

    @rule(
        what=st.sampled_from(USUAL * 4 + RARE),
        kind=st.sampled_from(KINDS),
        stranger=st.sampled_from(["", "", "", *STRANGERS]),
    )
    def does(self, what: str, kind: str, stranger: str) -> None:
        """Somebody does something with a task, mostly somebody who may; or is told why not."""
        self.runner.run(self._do(what, kind, stranger))

    async def _do(self, what: str, kind: str, stranger: str) -> None:
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
        by = {"officer": f"{agency}.officer", "head": f"{agency}.head", "lead": COORDINATOR}
        if what == "agrees":  # coordinator and district take turns
            row = await session.scalar(
                select(Correction).where(Correction.journey_id == task.journey_id, Correction.state == "proposed")
            )
            return DISTRICT if row is not None and row.coordinator_id else COORDINATOR
        return by.get(BY.get(what, ""), DISTRICT)

    @rule()
    def the_story_hears(self) -> None:
        """The story begins anew after a correction."""
        self.runner.run(self._hear())

    async def _hear(self) -> None:
        async with self.sessions() as session:
            row = await session.get_one(Journey, self.journey)
        await CaseSteps(self.sessions, self.office).begin(JourneyStart(journey=row.id, corrected=row.corrected))

    @rule(kind=st.sampled_from(KINDS))
    def the_story_asks(self, kind: str) -> None:
        """The story asks for a task, as after a restart."""
        self.runner.run(self._open(self.journey, kind))

    @rule(closes=st.sampled_from([False] * 11 + [True]))
    def the_story_ends(self, closes: bool) -> None:
        """Now and then the journey is closed over whatever is open."""
        if closes:
            end = EndJourney(journey=self.journey, reason="settled")
            self.runner.run(CaseSteps(self.sessions, self.office).end_journey(end))

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
                await self._is_whole(session, task, [entry for entry in entries if entry.task_id == task.id])

    async def _is_whole(self, session: AsyncSession, task: Task, entries: list[JournalEntry]) -> None:
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
        plan = self.office.shelf.current[0]
        pauses, extensions = await clocks.ledger(session, task.id)
        due = clocks.due_of(self.office, task.start_at, clocks.budget_of(plan.kind(task.kind)), pauses, extensions)
        assert due is None or due == task.due_at
        assert (task.state.value, task.organisation_id) == _folded(entries)
        assert await session.get(Organisation, task.organisation_id) is not None
        assert sum(entry.event == "task-done" for entry in entries) == task.answers == int(task.state is TaskState.DONE)

    def teardown(self) -> None:
        """Every chain holds; nothing stays open behind us."""
        self.runner.run(self._closed())
        self.runner.close()

    async def _closed(self) -> None:
        async with self.sessions() as session:
            assert [] == await verify_chains(session)
        await self.engine.dispose()


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


def test_whatever_people_do_every_task_stays_whole(database_url: str, sessions: Sessions, stationed: Office) -> None:
    """Fifty acts in random order, by random people, a few at a time of their own, many times over."""
    Offices.url, Offices.office = database_url, stationed
    run_state_machine_as_test(
        Offices,
        settings=settings(
            max_examples=20, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
