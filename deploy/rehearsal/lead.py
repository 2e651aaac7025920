"""The lead agency in a rehearsal: the coordinator opens journeys, writes down people and wishes, answers returned tasks."""

import asyncio
from http import HTTPStatus
from typing import Any

from deploy.rehearsal.agency import HARMLESS, LOOK
from deploy.rehearsal.desk import RefusalError
from deploy.rehearsal.manners import DAY
from deploy.rehearsal.play import Play
from deploy.rehearsal.stories import Story

APART = 0.6  # real seconds between two people who come
WAY_HOME = {"wish": "withdraw", "value": "home"}


class Lead:
    """The coordinator, and the front desks that report people."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._desk = next(desk for name, desk in play.desks.items() if name.endswith(".coordinator"))
        self._said: set[tuple[str, str]] = set()
        play.hears.append(self.hear)

    async def open_all(self, stories: list[Story]) -> None:
        """People come one after another."""
        async with asyncio.TaskGroup() as tasks:
            for story in stories:
                tasks.create_task(self._play.guarded(f"opening story {story.number}", self._open(story)))
                await asyncio.sleep(APART)

    async def _open(self, story: Story) -> None:
        report: dict[str, Any] = {
            "commune": story.commune,
            "happened_at": (self._play.now() - DAY / 24).isoformat(),
            "way_of_return": story.person.way_of_return,
            "child": story.child,
            "foreigner": story.foreigner,
            "danger": story.danger,
            "language": story.person.language,
        }
        if story.by == "coordinator":
            more = {"residence_commune": story.commune, "declaration": True, "papers": list(story.papers)}
            opened = await self._desk.act("/journeys", report | more | self._already(story))
        else:
            opened = await self._play.desks[f"{story.by}-{story.commune}.officer"].act("/reports", report)
        journey = opened["id"]
        self._play.references[journey] = opened["reference"]
        self._play.stories[journey] = story
        await self._desk.act(f"/journeys/{journey}/person", story.person.identity, method="PUT")
        consent = {"purpose": "support", "recipients": ["medical-centre"], "language": story.person.language}
        await self._desk.act(f"/journeys/{journey}/consents", consent)
        if story.wish:
            await asyncio.sleep(self._play.random(story.number, "wish").uniform(0.2, 3))
            wish = {"wish": "choice", "value": story.wish, "cannot_pay": story.cannot_pay}
            await self._wish(journey, wish)

    def _already(self, story: Story) -> dict[str, Any]:
        """A paper that proves the status, where the story brings one."""
        if story.answers.get("check_information", {}).get("result") != "proven":
            return {}
        done = {
            "kind": "check_information",
            "happened_at": (self._play.now() - DAY / 12).isoformat(),
            "document": {"number": "12/BC", "date": self._play.today().isoformat(), "signer": "giả lập"},
            "outcome": {"result": "proven", "proof": "police"},
        }
        return {"already_done": [done]}

    async def _wish(self, journey: str, wish: dict[str, Any]) -> None:
        try:
            await self._desk.act(f"/journeys/{journey}/wishes", wish)
            self._play.acts[f"wish {wish['wish']}"] += 1
        except RefusalError as refusal:
            if refusal.status != HTTPStatus.CONFLICT:  # the journey had ended by then
                raise

    async def hear(self, journey: str, story: Story, kind: str) -> None:
        """What a person says after an agency did its part, and what the coordinator makes of it; each once."""
        if (journey, kind) in self._said:
            return
        self._said.add((journey, kind))
        if kind == story.withdraws_after:
            await self._wish(journey, WAY_HOME if story.home_after_withdrawal else {"wish": "withdraw"})
            if story.home_after_withdrawal:
                await self._wish(journey, {"wish": "home"})  # said once more, which changes nothing
        if kind == story.again_after:
            await self._desk.act(f"/journeys/{journey}/tasks", {"kind": kind})
            self._play.acts["asked again"] += 1
        if kind == story.danger_after:
            justice = self._play.desks["justice-division.officer"]
            await justice.act(f"/journeys/{journey}/dangers", {"note": "có người theo dõi (giả lập)"})
            self._play.acts["danger raised"] += 1
        if kind == "assess_needs" and story.refuses:
            await self._wish(journey, {"wish": "refuse_service", "value": story.refuses})

    async def work(self) -> None:
        """Answer what agencies sent back."""
        while not self._play.over:
            for row in (await self._desk.read("/tasks?box=returned&limit=200"))["items"]:
                if self._desk.username not in self._play.taken:
                    await self._answer(row)
            await asyncio.sleep(LOOK)

    async def _answer(self, row: dict[str, Any]) -> None:
        """Most go back to the same agency; what a journey can spare is sometimes withdrawn."""
        share = 1 / 2 if self._play.acts["withdraw"] else 1
        spare = row["kind"] in HARMLESS and self._play.random(row["kind"], "returned").random() < share
        kind = "withdraw" if spare else "resend"
        try:
            decision = {"kind": kind, "reason": "đã bổ sung (giả lập)"}
            await self._desk.act(f"/tasks/{row['id']}/decisions", decision, revision=row["revision"])
            self._play.acts[kind] += 1
        except RefusalError as refusal:
            if refusal.status not in (404, 409, 412):
                raise
