"""One rehearsal from start to end: the stack, the people, the agencies, and the account of it."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client, WorkflowHistory

from activities.plan.clock import Clock
from activities.security.codec import SealingCodec
from activities.security.keyring import keyring_from
from activities.security.sign_in_file import read_sign_ins
from activities.settings import Settings, load_settings
from activities.store.engine import Sessions, open_engine, open_sessions
from activities.store.plans import ClockRow
from activities.temporal import connect
from deploy.local.errors import StackError
from deploy.local.supervisor import Stack
from deploy.rehearsal import figures
from deploy.rehearsal.agency import LOOK, Agency
from deploy.rehearsal.beside import Beside
from deploy.rehearsal.between import Between
from deploy.rehearsal.desk import Desk, patient, sign_in
from deploy.rehearsal.histories import opened_histories
from deploy.rehearsal.invariants import Evidence, Invariant, all_invariants
from deploy.rehearsal.lead import Lead
from deploy.rehearsal.offices import Offices
from deploy.rehearsal.play import Play
from deploy.rehearsal.quiet import until_quiet
from deploy.rehearsal.stories import COMMUNES, write_stories
from deploy.rehearsal.supervisor import Watch
from deploy.rehearsal.verbs import KINDS, all_kinds, all_used, counted, verbs_of

SCALE = 21_600  # a day in four seconds: five minutes hold 75 days
ANCHOR = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)  # a Monday, eight in the morning where the district is
MARK = "rehearsal"  # the file that says a data folder may be thrown away
LONGEST = 290.0  # real seconds the journeys may take
WHOLE = 20  # people with whom every plot is met
STEADY = 30.0  # real seconds the last commands and notices may take
Show = Callable[[Play, list[dict[str, Any]]], None]


@dataclass(frozen=True)
class Script:
    """What is asked of a rehearsal. `left`: codes of the organisations whose part people play themselves.

    `practice`: people take and give back parts meanwhile.
    """

    journeys: int = 20
    seed: int = 7
    scale: int = SCALE
    longest: float = LONGEST
    left: frozenset[str] = frozenset()
    practice: bool = False

    @property
    def whole(self) -> bool:
        """So many people that every verb has its occasion, and nobody plays along."""
        return self.journeys >= WHOLE and not (self.left or self.practice)


def emptied(folder: Path) -> Path:
    """The folder, without what an earlier rehearsal left; StackError for a folder that is something else."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise StackError(
            "not-a-rehearsal", "this folder holds something else than a rehearsal: choose another with --data"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("A rehearsal: synthetic people only. The next rehearsal empties this folder.\n")
    return folder


class Rehearsal:
    """A play on a running stack. `client`: HTTP to its API."""

    def __init__(self, script: Script, stack: Stack, sessions: Sessions, settings: Settings) -> None:
        self.script, self.stack, self.sessions, self.settings = script, stack, sessions, settings
        self.stories = write_stories(script.journeys, script.seed)
        self.took = 0.0

    async def run(self, show: Show) -> Play:
        """Play it until every journey is closed or the time is up."""
        async with httpx.AsyncClient(base_url=self.stack.api_url, timeout=30) as client:
            play = await self._cast(client)
            begun = time.monotonic()
            people = [asyncio.create_task(work) for work in self._parts(play, client)]
            try:
                await self._until_closed(play, show, begun + self.script.longest)
                play.over = True
                await asyncio.gather(*people)
            finally:  # whoever is told to stop in the middle
                for each in people:
                    each.cancel()
            self.took = time.monotonic() - begun
        return play

    async def _cast(self, client: httpx.AsyncClient) -> Play:
        """Everybody signs in."""
        async with self.sessions() as session:
            row = await session.get_one(ClockRow, 1)
        play = Play(self.script.seed, Clock(row.anchor, row.real0, row.scale), {}, left=self.script.left)
        wanted = [each for each in read_sign_ins(self.stack.sign_ins).items() if _plays(each[0])]

        async def enter(name: str, password: str) -> tuple[str, Desk]:
            return name, await sign_in(client, name, password, play.requests)

        for some in range(0, len(wanted), 4):
            play.desks |= dict(await asyncio.gather(*(enter(*each) for each in wanted[some : some + 4])))
        return play

    def _parts(self, play: Play, client: httpx.AsyncClient) -> list[Any]:
        """The works that run beside each other until the play is over."""
        lead, watch = Lead(play), Watch(play)
        codes = {name.removesuffix(".officer") for name in play.desks if name.endswith(".officer")}
        agencies = [play.guarded(f"inbox of {code}", Agency(play, code).work()) for code in sorted(codes)]
        alone = not (self.script.left or self.script.practice)
        between = Between(play).parts() if alone else []  # those act for every agency, people's too
        between += [*Beside(play).parts(), ("offices and officers", Offices(play, client).work())] if alone else []
        asking = [play.guarded("who plays", _ask_who_plays(play, client))] if self.script.practice else []
        return [
            play.guarded("opening", lead.open_all(self.stories)),
            play.guarded("lead", lead.work()),
            play.guarded("board", watch.work()),
            *(play.guarded(name, work) for name, work in between),
            *asking,
            *agencies,
        ]

    async def _until_closed(self, play: Play, show: Show, until: float) -> None:
        desk = next(desk for name, desk in play.desks.items() if name.endswith(".coordinator"))
        while time.monotonic() < until:
            before = play.reopening
            listed = (await desk.read("/journeys?limit=200"))["items"]
            journeys = [each for each in listed if each["id"] in play.stories]
            show(play, journeys)
            still = before == play.reopening == play.reopened  # nobody opened one again while we looked
            if still and len(journeys) >= self.script.journeys and all(each["closed_at"] for each in journeys):
                return
            await asyncio.sleep(1)

    async def histories(self, play: Play) -> dict[str, WorkflowHistory]:
        """One history of each plot, for later releases to replay."""
        return await opened_histories(*await self._temporal(), play)

    async def _temporal(self) -> tuple[Client, SealingCodec]:
        keyring = keyring_from(self.settings.keys)
        client = await connect(self.settings, keyring, role="rehearsal")
        return client, SealingCodec(keyring, self.settings.temporal.namespace)

    async def account(self, play: Play) -> tuple[dict[str, Any], list[figures.AgencyFigures], list[Invariant]]:
        """The result as `--json` gives it, and what the tables are drawn from; asked when all is quiet."""
        await until_quiet(self.sessions, STEADY)
        client, codec = await self._temporal()
        secrets = tuple(secret for story in self.stories for secret in story.person.secrets)
        evidence = Evidence(self.sessions, client, codec, self.stack.data, secrets)
        found = await all_invariants(evidence)
        found.append(Invariant("nothing happened that no script foresees", not play.faults, "; ".join(play.faults[:5])))
        verbs = await self._verbs(play)
        if self.script.whole:
            found += [all_used(verbs), all_kinds(play.acts)]
        agencies = await figures.by_agency(self.sessions)
        races: dict[str, dict[str, int]] = {}
        for (race, winner), count in sorted(play.races.items()):
            races.setdefault(race, {})[winner] = count
        told = {"manners": dict(play.manners), "acts": dict.fromkeys(KINDS, 0) | dict(play.acts)}
        result = {
            "journeys": len(play.stories),
            "outcomes": await figures.journeys_by_outcome(self.sessions),
            "tasks": await figures.tasks_by_state(self.sessions) | told,
            "agencies": [asdict(each) for each in agencies],
            "races": races,
            "verbs": dict(verbs),
            "invariants": [asdict(each) for each in found],
            "ok": all(each.holds for each in found),
        }
        return result, agencies, found

    async def _verbs(self, play: Play) -> Counter[str]:
        """How often each verb of the interface was used."""
        async with httpx.AsyncClient(base_url=self.stack.api_url, timeout=30) as client:
            answer, _ = await patient(lambda: client.get("/api/v1/openapi.json"), play.requests)
        return counted(play.requests.items(), verbs_of(answer.raise_for_status().json()))


async def _ask_who_plays(play: Play, client: httpx.AsyncClient) -> None:
    """Learn again and again which parts people took at the page of parts."""
    while not play.over:
        answer, _ = await patient(lambda: client.get("/parts/taken"), play.requests)
        play.taken = frozenset(answer.raise_for_status().json()["usernames"])
        await asyncio.sleep(LOOK)


def _plays(username: str) -> bool:
    """Whether this account has a part: all agencies, and of the communes those that people come to."""
    organisation = username.partition(".")[0]
    kind, _, commune = organisation.partition("-")
    if organisation == "provincial-health-authority":
        return False
    return commune in COMMUNES if kind in {"commune", "police"} else True


@asynccontextmanager
async def rehearsing(script: Script, stack: Stack) -> AsyncIterator[Rehearsal]:
    """A rehearsal on a stack that runs, with its own view of the rows."""
    settings = load_settings(stack.env)
    engine = open_engine(settings.database.url.get_secret_value())
    try:
        yield Rehearsal(script, stack, open_sessions(engine), settings)
    finally:
        await engine.dispose()
