"""Acts of cases that no person's script calls for, each once: files, comments, requests taken back, a pause ended early, an objection."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from deploy.rehearsal.desk import Desk, tried
from deploy.rehearsal.play import Play
from deploy.rehearsal.scans import scanned

LOOK = 1.3  # real seconds between two looks
CLINIC, JUSTICE = "medical-centre", "justice-division"
PAPERS = (
    CLINIC,
    JUSTICE,
    "district-police",
    "womens-union",
    "policy-bank",
    "district-committee",
)  # of which one at least answers on paper
Row = dict[str, Any]
Act = Callable[[Row], Awaitable[bool]]


class Beside:
    """Each act waits for the first row it fits, and is done once."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._district = play.desks["district.supervisor"]
        self._coordinator = next(desk for name, desk in play.desks.items() if name.endswith(".coordinator"))

    def parts(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """The works, by name."""
        clinic, justice = self._play.desks[f"{CLINIC}.officer"], self._play.desks[f"{JUSTICE}.officer"]
        board, board_rows = self._district, "/tasks?box=board&state=open&limit=100"
        return [
            ("striking a file out", self._once(clinic, "/tasks?box=agency&limit=50", self._strike)),
            ("writing of a journey", self._once(self._coordinator, "/journeys?limit=20", self._write)),
            ("taking a request back", self._once(justice, "/tasks?box=agency&limit=50", self._takes_back)),
            ("ending a pause early", self._once(board, board_rows, self._resumes)),
            *(("objecting to a paper", self._objects(code)) for code in PAPERS),
            ("reading the bell", self._once(clinic, "/notices?limit=20", self._sees)),
            ("asking for an examination again", self._once(self._coordinator, "/journeys?limit=50", self._asks_again)),
        ]

    async def _once(self, desk: Desk, path: str, act: Act) -> None:
        while not self._play.over:
            for row in (await desk.read(path))["items"]:
                if await act(row):
                    return
            await asyncio.sleep(LOOK)

    async def _did(self, name: str, work: Awaitable[Any]) -> bool:
        done = await tried(work)
        self._play.acts[name] += done
        return done

    async def _strike(self, row: Row) -> bool:
        """A file that belonged elsewhere."""
        if row["state"] != "open":
            return False
        desk, path = self._play.desks[f"{CLINIC}.officer"], f"/tasks/{row['id']}/attachments"
        if not await tried(desk.act(f"{path}?retention=case_file", scanned())):
            return False
        self._play.acts["file attached"] += 1
        files = (await desk.read(path))["items"]
        return bool(files) and await self._did(
            "file struck out", desk.act(f"{path}/{files[-1]['id']}", method="DELETE")
        )

    async def _write(self, row: Row) -> bool:
        body = {"text": "hẹn họp các cơ quan (giả lập)", "to": ["supervisor"]}
        return await self._did("comment on a journey", self._coordinator.act(f"/journeys/{row['id']}/comments", body))

    async def _takes_back(self, row: Row) -> bool:
        """Another holder is asked for, and then it is done after all."""
        desk, body = self._play.desks[f"{JUSTICE}.officer"], {"kind": "reassign", "reason": "thiếu người (giả lập)"}
        if row["state"] != "open" or not await tried(
            desk.act(f"/tasks/{row['id']}/requests", body, revision=row["revision"])
        ):
            return False
        self._play.acts["ask for reassign"] += 1
        mine = [each for each in (await desk.read(f"/tasks/{row['id']}"))["requests"] if each["state"] == "open"]
        return bool(mine) and await self._did("request taken back", desk.act(f"/requests/{mine[-1]['id']}/withdraw"))

    async def _resumes(self, row: Row) -> bool:
        path, until = f"/tasks/{row['id']}/decisions", (self._play.now() + timedelta(days=3)).isoformat()
        if row["state"] != "open":
            return False
        stops = {"kind": "pause", "reason": "chờ giấy tờ (giả lập)", "until": until}
        if not await tried(self._district.act(path, stops, revision=row["revision"])):
            return False
        self._play.acts["pause"] += 1
        fresh = await self._district.read(f"/tasks/{row['id']}")
        goes_on = {"kind": "resume", "reason": "đã có giấy tờ (giả lập)"}
        return await self._did("resume", self._district.act(path, goes_on, revision=fresh["revision"]))

    async def _objects(self, code: str) -> None:
        """What the coordinator recorded from the agency's paper is wrong, the agency says; first it looks what would follow."""
        desk = self._play.desks[f"{code}.officer"]

        async def objects(row: Row) -> bool:
            if row["on_behalf_of"] is None or row["state"] != "done":
                return False
            path, earlier = (
                f"/tasks/{row['id']}/corrections",
                datetime.fromisoformat(row["happened_at"]) - timedelta(hours=1),
            )
            whole = await desk.read(f"/tasks/{row['id']}")
            body = {
                "outcome": whole["outcome"],
                "happened_at": earlier.isoformat(),
                "reason": "văn bản ghi khác (giả lập)",
            }
            await tried(desk.act(f"{path}/preview", body))
            return await self._did("objection", desk.act(path, body))

        await self._once(desk, "/tasks?box=done&limit=50", objects)

    async def _sees(self, row: Row) -> bool:
        desk = self._play.desks[f"{CLINIC}.officer"]
        seen = await self._did("notice seen", desk.act(f"/notices/{row['id']}/seen"))
        return seen and await self._did(
            "all notices seen", desk.act("/notices/seen", {"until": self._play.now().isoformat()})
        )

    async def _asks_again(self, row: Row) -> bool:
        """A second examination, whatever the first said."""
        if row["closed_at"] or row["stage"] not in ("care", "community"):
            return False
        return await self._did(
            "asked again", self._coordinator.act(f"/journeys/{row['id']}/tasks", {"kind": "examine_health"})
        )
