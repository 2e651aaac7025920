"""What an administrator, heads and a newcomer do in a rehearsal, each once: offices, officers, days, rules, absences, sign-ins."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from deploy.rehearsal.desk import Desk, RefusalError, sign_in, tried
from deploy.rehearsal.play import Play

CLINIC, NEW, SCHOOL = "medical-centre", "hai.gialap", "school-nine"
FIRST, SECOND = (
    "mat-khau-gia-lap-mot",
    "mat-khau-gia-lap-hai",
)  # of an officer who is made up, on a stack that is thrown away
AFTER = 20.0  # real seconds after which a rule is set: whoever came before keeps the plan of then


class Offices:
    """The acts that are of no case. `client`: for whoever has no desk yet."""

    def __init__(self, play: Play, client: httpx.AsyncClient) -> None:
        self._play, self._client = play, client
        self._keeper, self._head = play.desks["administrator"], play.desks[f"{CLINIC}.head"]

    async def work(self) -> None:
        """All of it, one after another; what is handed to the newcomer goes to the officer who stays."""
        await self._offices()
        await self._days()
        newcomer = await self._newcomer()
        await self._contact()
        await self._named(newcomer)
        await self._away(newcomer)
        await self._leaves(newcomer)
        await self._rule()

    async def _did(self, name: str, desk: Desk, path: str, body: Any = None, method: str = "POST") -> Any:
        """One act that nobody else takes: refused when it is sent once more, it was done the first time."""
        try:
            answer = await desk.act(path, body, method=method)
        except RefusalError as refusal:
            if not refusal.again:
                raise
            answer = None
        self._play.acts[name] += 1
        return answer

    async def _offices(self) -> None:
        """A school is entered, named in English, and given its role for a year."""
        entered = {"code": SCHOOL, "name_vi": "Trường giả lập số 9", "parent": "education-division"}
        await self._did("organisation entered", self._keeper, "/organisations", entered)
        named = {"name_en": "Synthetic school no. 9"}
        await self._did("organisation changed", self._keeper, f"/organisations/{SCHOOL}", named, "PATCH")
        today = self._play.today()
        role = {"role": "school", "from": today.isoformat()}
        given = await self._did("role given", self._keeper, f"/organisations/{SCHOOL}/roles", role)
        last = {"to": (today + timedelta(days=365)).isoformat()}
        path = f"/organisations/{SCHOOL}/roles/{given['id']}"
        await self._did("role ended", self._keeper, path, last, "PATCH")

    async def _days(self) -> None:
        """A day off is entered by mistake and taken away again."""
        day = {
            "day": "2024-12-31",
            "kind": "holiday",
            "name": {"vi": "Nghỉ thêm", "en": "Extra day off"},
            "local": True,
        }
        await self._did("holiday entered", self._keeper, "/calendar", day)
        await self._did("holiday taken away", self._keeper, "/calendar/2024-12-31", None, "DELETE")

    async def _newcomer(self) -> Desk:
        """An officer is invited, invited again, chooses a password, changes it, and ends sign-ins left elsewhere."""
        about = {"username": NEW, "name": "Cán bộ giả lập Hai", "organisation": CLINIC, "roles": ["officer"]}
        await self._did("officer entered", self._keeper, "/officers", about)
        token = None
        while token is None:  # shown once: where that answer was lost, there is another
            token = (await self._did("officer invited", self._keeper, f"/officers/{NEW}/invitations"))["invitation"]
        await self._did("officer changed", self._keeper, f"/officers/{NEW}", {"language": "en"}, "PATCH")
        await self._did("invitation accepted", self._keeper, f"/invitations/{token}", {"password": FIRST})
        first = await sign_in(self._client, NEW, FIRST, self._play.requests)
        await self._did("password changed", first, "/me/password", {"old": FIRST, "new": SECOND}, "PUT")
        desks = [await sign_in(self._client, NEW, SECOND, self._play.requests) for _ in range(3)]
        listed = (await desks[-1].read("/sessions"))["items"]
        elsewhere = next(each["id"] for each in listed if not each["current"])
        await self._did("sign-in ended", desks[-1], f"/sessions/{elsewhere}", None, "DELETE")
        await self._did("other sign-ins ended", desks[-1], "/sessions", None, "DELETE")
        return desks[-1]

    async def _contact(self) -> None:
        duty = {"phone": "0251 000 0000", "hours": "7:00-17:00", "on_call": [NEW]}
        await self._did("contact set", self._head, f"/organisations/{CLINIC}/contact", duty, "PUT")

    async def _named(self, newcomer: Desk) -> None:
        """The head gives a task to the newcomer by name, who drafts an answer."""
        while not self._play.over:
            for row in (await self._head.read("/tasks?box=board&state=unclaimed&limit=50"))["items"]:
                if row["organisation"]["code"] == CLINIC and await self._gives(newcomer, row):
                    return
            await asyncio.sleep(1)

    async def _gives(self, newcomer: Desk, row: dict[str, Any]) -> bool:
        path, body = f"/tasks/{row['id']}", {"officer": NEW, "reason": "cùng làm (giả lập)"}
        if not await tried(self._head.act(f"{path}/delegate", body, revision=row["revision"])):
            return False
        self._play.acts["handed to an officer by name"] += 1
        fresh = await newcomer.read(path)
        draft = {"draft": {"took_place": True}}
        await tried(newcomer.act(f"{path}/draft", draft, revision=fresh["revision"], method="PUT"))
        return True

    async def _away(self, newcomer: Desk) -> None:
        """An absence to come, with a colleague who stands in; it is called off."""
        today = self._play.today()
        days = {"from": (today + timedelta(days=1)).isoformat(), "to": (today + timedelta(days=30)).isoformat()}
        given = await self._did("absence recorded", newcomer, "/absences", days | {"substitute": f"{CLINIC}.officer"})
        await self._did("absence ended", newcomer, f"/absences/{given['id']}", None, "DELETE")

    async def _leaves(self, newcomer: Desk) -> None:
        """What the newcomer holds goes to the officer who stays; then the account is closed, and opened once more."""
        over = {"from_officer": NEW, "to": f"{CLINIC}.officer", "reason": "chuyển công tác (giả lập)"}
        await self._did("hand-over", self._head, "/handovers", over)
        await self._did("signed out", newcomer, "/sessions/current", None, "DELETE")
        heir = {"heir": f"{CLINIC}.officer"}
        await self._did("officer deactivated", self._keeper, f"/officers/{NEW}/deactivate", heir)
        await self._did("officer activated", self._keeper, f"/officers/{NEW}/activate")

    async def _rule(self) -> None:
        """A rule nobody knew is set with its source: for those who come from now on."""
        await asyncio.sleep(AFTER)
        versions = (await self._keeper.read("/plans"))["items"]
        plan = next(each for each in versions if each["current"] and each["code"] == "plan-2024")
        path = next(each for each in plan["unknown"] if each.endswith(".clock"))
        rule = {"path": path, "budget": "P30D", "cites": "Văn bản giả lập 01/2024"}
        await self._did("unknown rule set", self._keeper, f"/plans/{plan['hash']}/unknowns", rule)
