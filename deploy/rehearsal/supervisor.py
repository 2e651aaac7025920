"""The district's supervisor in a rehearsal: watches the board and reacts to what is overdue."""

import asyncio
from datetime import timedelta
from typing import Any

from deploy.rehearsal.agency import HARMLESS
from deploy.rehearsal.desk import RefusalError
from deploy.rehearsal.play import Play

LOOK = 1.5  # real seconds between two looks at the board
STATUTORY = "no-statutory-ground"


class Watch:
    """One reaction to each overdue task: time, a pause, another agency, or none of it asked any more."""

    def __init__(self, play: Play) -> None:
        self._play, self._desk = play, play.desks["district.supervisor"]
        self._seen: set[str] = set()

    async def work(self) -> None:
        """Look at the board until the rehearsal is over."""
        while not self._play.over:
            board = await self._desk.read("/board")
            query = next(number["query"] for number in board["numbers"] if number["name"] == "overdue")
            for row in (await self._desk.read(f"/tasks{query}&limit=200"))["items"]:
                if self._desk.username in self._play.taken:
                    break
                if row["id"] not in self._seen and row["state"] == "open":
                    self._seen.add(row["id"])
                    await self._react(row)
            await asyncio.sleep(LOOK)

    async def _react(self, row: dict[str, Any]) -> None:
        decision = self._decision(row)
        if decision is None:
            return
        try:
            await self._desk.act(f"/tasks/{row['id']}/decisions", decision, revision=row["revision"])
            self._play.acts[str(decision["kind"])] += 1
        except RefusalError as refusal:
            if refusal.code == STATUTORY:
                self._play.acts["refused: statutory clock"] += 1
            elif refusal.winner:
                self._play.races["decision against another", str(refusal.winner.get("state"))] += 1
            elif refusal.status not in (404, 412):
                raise

    def _decision(self, row: dict[str, Any]) -> dict[str, Any] | None:
        random = self._play.random((row["journey"] or {}).get("id") and self._number(row), row["kind"], "overdue")
        choice = self._never(row) or random.choice(("extend", "extend", "pause", "reassign", "waive", "wait"))
        reason = {"reason": "đôn đốc, xem xét lại (giả lập)"}
        if choice == "reassign" and (successor := _successor(row["organisation"]["code"])):
            return reason | {"kind": choice, "organisation": successor}
        if choice == "waive" and row["kind"] in HARMLESS:
            return reason | {"kind": choice}
        if choice == "pause":
            return reason | {"kind": choice, "until": (self._play.now() + timedelta(days=1)).isoformat()}
        return None if choice == "wait" else reason | {"kind": "extend", "budget": "P2WD"}

    def _never(self, row: dict[str, Any]) -> str:
        """What was never decided yet and may be of this task, so that every rehearsal shows it; empty where there is nothing."""
        fits = {
            "reassign": bool(_successor(row["organisation"]["code"])),
            "waive": row["kind"] in HARMLESS,
            "pause": not row["source"]["cites"],
            "extend": not row["source"]["cites"],
        }
        return next((kind for kind, fit in fits.items() if fit and not self._play.acts[kind]), "")

    def _number(self, row: dict[str, Any]) -> int:
        story = self._play.stories.get(row["journey"]["id"])
        return story.number if story else 0


def _successor(code: str) -> str:
    """Who does it instead: the agency that directs, or the school for its division."""
    if code.startswith("police-"):
        return "district-police"
    if code.startswith("commune-"):
        return "district-committee"
    return {"medical-centre": "health-division", "education-division": "school-one"}.get(code, "")
