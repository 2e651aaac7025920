"""An agency at work: its officer looks at the inbox and deals with each task in the manner the script gives it."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from deploy.rehearsal.desk import Desk, RefusalError
from deploy.rehearsal.manners import DAY, Manner, answers_at, manner_of
from deploy.rehearsal.outcomes import outcome_of
from deploy.rehearsal.play import Play
from deploy.rehearsal.scans import scanned
from deploy.rehearsal.stories import Story

LOOK = 0.7  # real seconds between two looks at the inbox
TRIES = 6  # times a form is drawn again because it was stale
TRAVEL = 0.12  # real seconds a form and its answer may take
GONE = (403, 404)
Row = dict[str, Any]
HARMLESS = frozenset(
    {"examine_health", "support_socially", "open_programmes", "arrange_training", "find_job", "enrol_in_school", "meet_essential_needs"}
)  # a journey goes on without them  # fmt: skip


class Agency:
    """One organisation's officer. `head`: the supervisor of the same organisation."""

    def __init__(self, play: Play, code: str) -> None:
        self._play, self._desk, self._code = play, play.desks[f"{code}.officer"], code
        self._head: Desk = play.desks[f"{code}.head"]
        self._paper = next(desk for name, desk in play.desks.items() if name.endswith(".coordinator"))
        self._dealing: set[str] = set()
        self._met: set[str] = set()

    async def work(self) -> None:
        """Look and deal until the rehearsal is over."""
        async with asyncio.TaskGroup() as tasks:
            while not self._play.over:
                for row in (await self._desk.read("/tasks?box=agency&limit=200"))["items"]:
                    if row["state"] == "open" and row["id"] not in self._dealing and not self._play.waits(self._code):
                        self._dealing.add(row["id"])
                        tasks.create_task(
                            self._play.guarded(f"{row['kind']} at {self._desk.username}", self._deal(row))
                        )
                await asyncio.sleep(LOOK)

    async def _deal(self, row: Row) -> None:
        try:
            await self._in_manner(row)
        except RefusalError as refusal:
            if refusal.status not in (*GONE, 409, 412):
                raise
        finally:
            self._dealing.discard(row["id"])

    async def _in_manner(self, row: Row) -> None:
        journey = (row["journey"] or {}).get("id", "")
        story = self._play.stories.get(journey)
        if row["kind"] == "record_choice" and story is not None and story.wish and row["round"] == 1:
            await asyncio.sleep(LOOK)  # the person tells the coordinator
            return
        start, due = (datetime.fromisoformat(row[name]) for name in ("start_at", "due_at"))
        number = story.number if story else 0
        manner = manner_of(self._play.seed, number, row["kind"], row["round"], due - start)
        if story is None or row["id"] in self._met:
            manner = Manner.PROMPT
        else:
            self._play.manners[manner] += 1
        self._met.add(row["id"])
        random = self._play.random(number, row["kind"], row["round"], "when")
        at = answers_at(manner, random, self._play.now(), start, due)
        early = random.uniform(0.02, TRAVEL) if manner is Manner.AT_DEADLINE else 0  # either side of the deadline
        await self._play.until(at, early=early)
        if not (self._play.over or self._play.waits(self._code)):
            await self._act(manner, row, story, due)

    async def _act(self, manner: Manner, row: Row, story: Story | None, due: datetime) -> None:
        path = f"/tasks/{row['id']}"
        if manner is Manner.RETURNS:
            await self._desk.act(f"{path}/return", {"reason": "missing_facts"}, revision=row["revision"])
            return
        if manner is Manner.RETRACTED:
            await self._desk.act(f"{path}/claim", revision=row["revision"])
            await self._desk.act(f"{path}/release", revision=row["revision"])
        happened = max(datetime.fromisoformat(row["start_at"]), due - DAY / 4)
        late_entry = manner is Manner.ENTERS_LATE and happened < self._play.now()
        body = self._body(row, story, happened if late_entry else None)
        if manner is Manner.TWICE:
            await self._twice(row, body)
        elif manner is Manner.ON_PAPER:
            await self._send(self._paper, row, body | {"on_behalf_of": await self._scanned(path)})
        elif manner is Manner.AT_DEADLINE:
            await self._race(row, body)
        else:
            await self._look_at_person(row)
            await self._send(self._desk, row, body)

    async def _scanned(self, path: str) -> dict[str, str]:
        """The paper that came today, its scan attached by the coordinator."""
        scan = await self._paper.act(f"{path}/attachments?retention=case_file", scanned())
        day = self._play.today().isoformat()
        signer = "Lãnh đạo cơ quan (giả lập)"
        return {"number": "18/CV", "date": day, "signer": signer, "received_on": day, "scan": scan["id"]}

    def _body(self, row: Row, story: Story | None, happened: datetime | None) -> dict[str, Any]:
        outcome = outcome_of(story, row["kind"], row["round"], self._play.today())
        return {"outcome": outcome, "happened_at": (happened or self._play.now()).isoformat()}

    async def _look_at_person(self, row: Row) -> None:
        """Some officers read who it is, which is logged; nobody has to."""
        if row["journey"] and self._play.random(row["kind"], row["round"], "reads").random() < 1 / 3:
            await self._desk.read(f"/journeys/{row['journey']['id']}/person")

    async def _send(self, desk: Desk, row: Row, body: dict[str, Any]) -> Row:
        """Answer from a fresh form, again while it was stale; the task as it then stands."""
        for _ in range(TRIES):
            fresh = await desk.read(f"/tasks/{row['id']}")
            try:
                shown: Row = await desk.act(f"/tasks/{row['id']}/outcome", body, revision=fresh["revision"])
            except RefusalError as refusal:
                if refusal.status == HTTPStatus.CONFLICT and refusal.winner:
                    self._play.races["answer against another", str(refusal.winner.get("state"))] += 1
                if refusal.status != HTTPStatus.PRECONDITION_FAILED:
                    raise
            else:
                await self._play.say((row["journey"] or {}).get("id", ""), row["kind"])
                return shown
        raise RefusalError(412, {"code": "form-stale"})

    async def _twice(self, row: Row, body: dict[str, Any]) -> None:
        """The same answer by an impatient hand: twice under one key, once under another, all at once."""
        path, key = f"/tasks/{row['id']}/outcome", uuid4().hex
        sent = [self._desk.act(path, body, revision=row["revision"], key=each) for each in (key, key, uuid4().hex)]
        first, again, other = await asyncio.gather(*sent, return_exceptions=True)
        won = [each for each in (first, again, other) if not isinstance(each, BaseException)]
        if won and not isinstance(other, BaseException) and len(won) > 1:
            raise RuntimeError("two keys, two answers: a task was done twice")
        if isinstance(first, BaseException) != isinstance(again, BaseException) or (
            won and first != again and len(won) > 1
        ):
            raise RuntimeError("one key, two different answers")
        for each in (first, again, other):
            if isinstance(each, BaseException) and not (
                isinstance(each, RefusalError) and each.status in (*GONE, 409, 412)
            ):
                raise each
        self._play.races["answered twice at once", "one answer" if won else "another"] += 1
        if won:
            await self._play.say((row["journey"] or {}).get("id", ""), row["kind"])

    async def _race(self, row: Row, body: dict[str, Any]) -> None:
        """The answer at the very deadline; where a journey can spare the task, the head waives it at the same instant."""
        sends = [self._send(self._desk, row, body)]
        if row["kind"] in HARMLESS:
            decision = {"kind": "waive", "reason": "hết cách (giả lập)"}
            path = f"/tasks/{row['id']}/decisions"
            sends.append(self._head.act(path, decision, revision=row["revision"]))
        answer, *waived = await asyncio.gather(*sends, return_exceptions=True)
        if isinstance(answer, RefusalError):
            if any(not isinstance(each, BaseException) for each in waived):
                self._play.races["answer at the deadline", "the waiver"] += 1
        elif isinstance(answer, BaseException):
            raise answer
        else:
            self._play.races["answer at the deadline", "the deadline" if answer["late"] else "the answer"] += 1
