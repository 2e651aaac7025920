"""What agencies do with each other in a rehearsal: hand down, ask, decide, remind, comment, correct, open again."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from deploy.rehearsal.desk import MET, Desk, RefusalError
from deploy.rehearsal.play import Play

LOOK = 1.1  # real seconds between two looks
ASKING = ("medical-centre", "justice-division", "womens-union", "district-police")
REOPENED, TURNED = 2, 2  # journeys that are opened again, and those whose needs were written down wrongly
Row = dict[str, Any]


class Between:
    """The dealings between agencies, beside what each does alone; every one once a task."""

    def __init__(self, play: Play) -> None:
        self._play, self._done = play, set[tuple[str, str]]()
        self._coordinator = next(desk for name, desk in play.desks.items() if name.endswith(".coordinator"))
        self._district = play.desks["district.supervisor"]

    def parts(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """The loops, by name."""
        looks: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "handing down": self._hand_down, "asking": self._ask, "deciding": self._decide, "reminding": self._remind,
            "correcting": self._correct, "agreeing": self._agree, "reopening": self._reopen,
        }  # fmt: skip
        return [(name, self._again(look)) for name, look in looks.items()]

    async def _again(self, look: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while not self._play.over:
            await look()
            await asyncio.sleep(LOOK)

    async def _act(self, name: str, desk: Desk, path: str, body: Row, revision: int | None = None) -> None:
        """One act, counted; whoever was faster is counted too."""
        try:
            await desk.act(path, body, revision=revision)
            self._play.acts[name] += 1
        except RefusalError as refusal:
            if refusal.status not in MET:
                raise
            self._play.acts[f"{name}: {refusal.code}"] += 1

    def _new(self, what: str, row: Row, share: float) -> bool:
        """Whether this is the first look at the row, and chance has it."""
        if (what, row["id"]) in self._done:
            return False
        self._done.add((what, row["id"]))
        return self._play.random(what, row["id"]).random() < share

    async def _inbox(self, code: str, box: str = "agency") -> list[Row]:
        desk = self._play.desks.get(f"{code}.officer")
        found: list[Row] = (await desk.read(f"/tasks?box={box}&limit=200"))["items"] if desk else []
        return found

    async def _hand_down(self) -> None:
        head = self._play.desks["education-division.head"]
        for row in await self._inbox("education-division"):
            if self._new("down", row, 2 / 3):
                body = {"organisation": "school-one", "reason": "học tại trường (giả lập)"}
                await self._act("hand down", head, f"/tasks/{row['id']}/delegate", body, row["revision"])
        officer = self._play.desks["education-division.officer"]
        for row in await self._inbox("education-division", "handed_down"):
            if self._new("recall", row, 1 / 3 if self._play.acts["recall"] else 1):
                body = {"reason": "trường đề nghị (giả lập)"}
                await self._act("recall", officer, f"/tasks/{row['id']}/recall", body, row["revision"])

    async def _ask(self) -> None:
        for code in ASKING:
            for row in await self._inbox(code):
                if row["state"] == "open" and self._new("ask", row, 1 / 3):
                    kind = self._play.random("kind", row["id"]).choice(("extend", "facts"))
                    body = {"kind": kind, "reason": "cần thêm (giả lập)"} | (
                        {"budget": "P1WD"} if kind == "extend" else {}
                    )
                    desk = self._play.desks[f"{code}.officer"]
                    await self._act(f"ask for {kind}", desk, f"/tasks/{row['id']}/requests", body, row["revision"])

    async def _decide(self) -> None:
        heads = [self._play.desks[f"{code}.head"] for code in ASKING]
        for desk in (*heads, self._coordinator, self._district):
            for row in (await desk.read("/requests"))["items"]:
                first = self._play.acts["request granted"] and not self._play.acts["request refused"]
                grant = not first and self._play.random("grant", row["id"]).random() < 3 / 4
                body = {"grant": grant, "reason": "đã xem xét (giả lập)", "answer": "như hồ sơ (giả lập)"}
                name = "request granted" if grant else "request refused"
                await self._act(name, desk, f"/requests/{row['id']}/decision", body)

    async def _remind(self) -> None:
        for row in (await self._district.read("/tasks?box=board&state=overdue&limit=200"))["items"]:
            if self._new("remind", row, 1 / 2):
                day = (self._play.today() + timedelta(days=2)).isoformat()
                body = {"whom": "lãnh đạo (giả lập)", "promised": "hai ngày nữa", "look_again_on": day}
                await self._act("remind", self._district, f"/tasks/{row['id']}/reminders", body)
                said = {"text": "đã gọi điện (giả lập)", "to": ["holder", "head"]}
                await self._act("comment", self._district, f"/tasks/{row['id']}/comments", said)

    async def _correct(self) -> None:
        for row in await self._inbox("medical-centre", "done"):
            if row["state"] == "done" and self._new("correct", row, 1 / 4):
                earlier = datetime.fromisoformat(row["happened_at"]) - timedelta(hours=1)
                await self._put_right("medical-centre", row, {}, {"happened_at": earlier.isoformat()})
        for row in await self._inbox("labour-division", "done"):
            turned = sum(what == "turn" for what, _ in self._done)
            if (
                row["kind"] == "assess_needs"
                and row["state"] == "done"
                and turned < TURNED
                and self._new("turn", row, 1)
            ):
                await self._put_right("labour-division", row, {"needs": ["job"]}, {})

    async def _put_right(self, code: str, row: Row, outcome: Row, more: Row) -> None:
        desk = self._play.desks[f"{code}.officer"]
        whole = await desk.read(f"/tasks/{row['id']}")
        body = {"outcome": whole["outcome"] | outcome, "reason": "nhầm (giả lập)"} | more
        await self._act("correct: looked at first", desk, f"/tasks/{row['id']}/corrections/preview", body)
        await self._act("correct", desk, f"/tasks/{row['id']}/corrections", body)

    async def _agree(self) -> None:
        for desk in (self._coordinator, self._district):
            for row in (await desk.read("/corrections"))["items"]:
                if row.get("objection"):
                    said = {"grant": False, "reason": "đúng như văn bản (giả lập)"}
                    await self._act("refuse an objection", desk, f"/corrections/{row['id']}/decision", said)
                    continue
                shown = await desk.read(f"/corrections/{row['id']}")
                body = {"grant": True, "effect": shown["digest"]}
                await self._act("agree to a correction", desk, f"/corrections/{row['id']}/decision", body)

    async def _reopen(self) -> None:
        for row in (await self._coordinator.read("/journeys?state=closed&limit=50"))["items"]:
            reopened = sum(what == "reopen" for what, _ in self._done)
            wanted = row["closing_reason"] == "settled" and reopened < REOPENED and not self._play.over
            if wanted and self._new("reopen", row, 1):
                body = {"reason": "quay lại (giả lập)", "stage": "follow_up"}
                self._play.reopening += 1
                try:
                    await self._act("reopen", self._coordinator, f"/journeys/{row['id']}/reopen", body)
                finally:
                    self._play.reopened += 1
