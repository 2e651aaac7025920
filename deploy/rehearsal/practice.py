"""A stack to practise on: people come again and again, whoever practises takes a part, the rehearsal plays the others."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from activities.security.sign_in_file import NAME, read_sign_ins
from deploy.local.errors import StackError
from deploy.local.ports import practice_address
from deploy.local.supervisor import Stack
from deploy.rehearsal.play import Play
from deploy.rehearsal.rehearsal import ANCHOR, Script, emptied, rehearsing

NAMESPACE = "homeward-practice"
KEPT = (
    "HOMEWARD_TEMPORAL_CLI",
    "HOMEWARD_TEMPORAL__CLI",
)  # programs of this machine; no server, key or mailbox of the real stack
PEOPLE = 3  # who come in one round: enough that something always waits
ROUND = 3600.0  # real seconds until new people come, whatever became of the others


def environment(environ: Mapping[str, str], url: str, sign_ins: Path) -> dict[str, str]:
    """The environment of a practice: nothing of the real stack's rows, keys, stories, mail or gateway reaches it.

    Its pages let anybody take any of the `sign_ins`.
    """
    plain = {name: value for name, value in environ.items() if not name.startswith("HOMEWARD_") or name in KEPT}
    own = {"HOMEWARD_TEMPORAL__NAMESPACE": NAMESPACE, "HOMEWARD_API__PUBLIC_URL": url}
    return plain | own | {"HOMEWARD_API__PARTS": str(sign_ins)}


def stack_of(folder: Path, port: int, scale: int, environ: Mapping[str, str], say: Callable[[str], None]) -> Stack:
    """The stack, not started; what an earlier practice left in the folder is thrown away."""
    return Stack(
        emptied(folder), port=port, scale=scale, anchor=ANCHOR, seed="officers", say=say,
        environ=environment(environ, practice_address(port), folder.absolute() / NAME),
    )  # fmt: skip


def parts_of(stack: Stack, wanted: Iterable[str], own: str = "") -> dict[str, list[tuple[str, str]]]:
    """The accounts (username, password) of the organisations people play; StackError for one that has no part.

    `own`: the user name somebody plays, empty for whichever of these; StackError where there is no such officer.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for name, password in read_sign_ins(stack.sign_ins).items():
        found.setdefault(name.partition(".")[0], []).append((name, password))
    played = {
        code: accounts for code, accounts in found.items() if any(name == f"{code}.officer" for name, _ in accounts)
    }
    for code in wanted:
        if code not in played:
            raise StackError(
                "part-unknown", f"{code} has no officer: name one of {', '.join(sorted(played))} with --part"
            )
    if own and own not in {name for accounts in played.values() for name, _ in accounts}:
        raise StackError("part-unknown", f"{own} is no officer with a part: take --as from sign-ins.txt")
    return {code: played[code] for code in wanted}


async def rounds(stack: Stack, left: frozenset[str], seed: int, longest: float = ROUND) -> AsyncIterator[Play]:
    """Round after round: people come, and it lasts until all their journeys are closed or the time is up."""
    for number in count():
        script = Script(PEOPLE, seed + number, stack.scale, longest, left, practice=True)
        async with rehearsing(script, stack) as rehearsal:
            yield await rehearsal.run(_unseen)


def _unseen(_play: Play, _journeys: list[dict[str, Any]]) -> None:
    """Nobody looks from here: people look at the pages."""
