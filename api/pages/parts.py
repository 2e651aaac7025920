"""The parts of a practice: taken with one click; those who play the others ask here which of them people took.

Only a practice has these pages: they are not there without `HOMEWARD_API__PARTS`, which is refused at life's pace.
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import select

from activities.casework.errors import NotFoundError
from activities.security.passwords import token_digest
from activities.security.sign_in_file import read_sign_ins
from activities.store.organisations import Officer, Organisation, SignIn
from api.deps import Means, Means_
from api.errors import UnauthorisedError
from api.pages.rooms import front_of
from api.pages.show import show_plain, to
from api.pages.sign_in import keep
from api.pages.visitor import COOKIE, Visits
from api.rest import sessions

router = APIRouter(include_in_schema=False)
FIRST = (
    "commune-tri-an.officer",
    "medical-centre.officer",
    "district-police.officer",
    "labour-division.coordinator",
    "labour-division.officer",
    "district.supervisor",
    "medical-centre.head",
    "administrator",
)  # fmt: skip - what most people come to practise, in the order a journey meets them
Taken = dict[str, str]  # digest of a sign-in: user name


@router.get("/")
async def front(visitor: Visits) -> Response:
    """To the room of the part one has; to the choice where one has none."""
    try:
        async with visitor.desk() as desk:
            return to(front_of(desk.actor))
    except UnauthorisedError as refusal:
        if refusal.code == "screen-locked":
            raise
        return to("/parts")


@router.get("/parts")
async def parts(request: Request, means: Means_) -> Response:
    """Every part there is, the usual ones first."""
    known = _accounts(means)
    wanted = select(Officer, Organisation).join(Organisation, Organisation.id == Officer.organisation_id)
    async with means.sessions() as session:
        rows = (await session.execute(wanted.where(Officer.username.in_(known), Officer.active.is_(True)))).all()
    found = {row[0].username: (row[0], row[1]) for row in rows}
    first = [found.pop(name) for name in FIRST if name in found]
    return show_plain(request, "everyone/parts.html", first=first, others=[found[name] for name in sorted(found)])


@router.post("/parts")
async def take(request: Request, means: Means_, username: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Sign in as the one chosen, by the rules everybody signs in by; what this browser played before is played again."""
    password = _accounts(means).get(username)
    if password is None:
        raise NotFoundError("officer-unknown")
    opened = await sessions.sign_in(sessions.Credentials(username=username, password=password), means)
    taken = _taken(request)
    taken.pop(token_digest(request.cookies.get(COOKIE, "")).hex(), None)
    taken[token_digest(opened.token).hex()] = username
    answer = to("/")
    keep(answer, means, COOKIE, opened.token, means.settings.api.session_hours * 3600)
    return answer


@router.get("/parts/taken")
async def who_plays(request: Request, means: Means_) -> dict[str, list[str]]:
    """User names that people play now: whoever signed out gave theirs back."""
    taken = _taken(request)
    async with means.sessions() as session:
        good = await session.scalars(select(SignIn.digest).where(SignIn.digest.in_(taken), SignIn.revoked_at.is_(None)))
    return {"usernames": sorted({taken[digest] for digest in good})}


def _taken(request: Request) -> Taken:
    found: Taken = request.app.state.taken
    return found


def _accounts(means: Means) -> dict[str, str]:
    """User names and passwords of the practice."""
    return read_sign_ins(Path(means.settings.api.parts or ""))
