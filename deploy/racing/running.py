"""A run of the race matrix: pairs and rounds side by side on one stack, and the account of them."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from activities.domain.states import JourneyState
from activities.security.codec import SealingCodec
from activities.security.keyring import keyring_from
from activities.store.journeys import Journey
from deploy.bench.place import Place, opened_place
from deploy.local.waiting import until
from deploy.racing.acts import BELOW, BY, HEAD, PAIRS, POLICE, Pair
from deploy.racing.judging import Round
from deploy.racing.rounds import played
from deploy.rehearsal.invariants import Evidence, Invariant, case_invariants
from deploy.rehearsal.quiet import until_quiet
from deploy.rehearsal.rehearsal import ANCHOR

SIDE_BY_SIDE = 6  # rounds under way at once: each waits most of its time
CLOSING = 300.0  # real seconds until the last story must have come to its end
STEADY = 120.0  # real seconds the last notices may take
HELPERS = ("reconcile",)  # what mends a story that was left behind would hide that it was
Heard = Callable[[Round], None]


def pair_of(named: str) -> Pair | None:
    """The pair two names joined by a comma mean, in either order; None for one nobody knows."""
    names = tuple(name.strip() for name in named.split(","))
    return next((pair for pair in PAIRS if names in (pair, pair[::-1])), None)


async def race(
    pairs: Sequence[Pair], rounds: int, folder: Path, say: Callable[[str], None], environ: dict[str, str], heard: Heard
) -> dict[str, Any]:
    """Play so many rounds of each pair; the account as `--json` gives it. `heard` is called after each round."""
    async with opened_place(folder, say, environ, anchor=ANCHOR, without=HELPERS) as place:
        for name in sorted({*BY.values(), POLICE} - {""}):
            await place.desk(name)
        keeper = await place.desk("administrator")
        await keeper.act(f"/organisations/{BELOW}", {"parent": HEAD.partition(".")[0]}, method="PATCH")
        begun = time.monotonic()
        done = await _side_by_side(place, pairs, rounds, heard)
        took = time.monotonic() - begun
        say("rounds played: every journey comes to its end")
        held = await _invariants(place)
    by_pair = [_counted(pair, [each for each in done if each.pair == pair]) for pair in pairs]
    return {
        "rounds": len(done), "pairs": by_pair, "took_s": round(took, 1),
        "violations": sum(len(each.wrong) for each in done), "invariants": [asdict(each) for each in held],
        "ok": not any(each.wrong for each in done) and all(each.holds for each in held),
    }  # fmt: skip


async def _side_by_side(place: Place, pairs: Sequence[Pair], rounds: int, heard: Heard) -> list[Round]:
    """All rounds, some at once, and of one pair never all together."""
    waiting, done = [(pair, number) for number in range(rounds) for pair in pairs][::-1], list[Round]()

    async def lane() -> None:
        while waiting:
            done.append(await played(place, *waiting.pop()))
            heard(done[-1])

    async with asyncio.TaskGroup() as lanes:
        for _ in range(SIDE_BY_SIDE):
            lanes.create_task(lane())
    return done


async def _invariants(place: Place) -> list[Invariant]:
    """What must hold of all journeys together, once all have ended."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSING):
            await until(partial(_all_closed, place), 0.5)
    await until_quiet(place.sessions, STEADY)
    codec = SealingCodec(keyring_from(place.settings.keys), place.settings.temporal.namespace)
    return await case_invariants(Evidence(place.sessions, place.client, codec, place.stack.data, ()))


async def _all_closed(place: Place) -> bool:
    async with place.sessions() as session:
        left = select(func.count()).where(Journey.state != JourneyState.CLOSED)
        return not await session.scalar(left.select_from(Journey))


def _counted(pair: Pair, rounds: list[Round]) -> dict[str, Any]:
    """One pair: how often which act came first, had both effect, what the losers were told, what was wrong."""
    return {
        "pair": list(pair), "rounds": len(rounds),
        "first": dict(Counter(each.won[0] for each in rounds if each.won)),
        "both": sum(len(each.won) > 1 for each in rounds),
        "lost": dict(Counter(line for each in rounds for line in each.lost)),
        "violations": [line for each in rounds for line in each.wrong],
    }  # fmt: skip
