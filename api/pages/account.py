"""One's own account: password, language, and where one is signed in."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Response

from activities.casework.errors import FieldProblem, InvalidError
from activities.casework.inviting import revoke_sessions
from activities.casework.sign_ins import end_sign_in, handle, sign_ins
from activities.security.passwords import LEAST_PASSWORD
from api.deps import Desk
from api.errors import UnauthorisedError, status_of
from api.pages.forms.reading import beside
from api.pages.show import show, to
from api.pages.visitor import Posted, Visitor, Visits, in_language_of
from api.pages.wording import Wording
from api.rest.sessions import PasswordChange, choose_password, misfits_of
from api.words import marked

router = APIRouter(prefix="/account", include_in_schema=False)
LABELS = {"old": marked("Password so far"), "new": marked("New password"), "again": marked("New password once more")}
Typed = Annotated[str, Form(max_length=1000)]


@router.get("")
async def account(visitor: Visits) -> Response:
    """Who one is here, and what one may change of it."""
    async with visitor.desk() as desk:
        return await _page(visitor, desk)


@router.post("/password")
async def password(visitor: Visits, _form: Posted, old: Typed = "", new: Typed = "", again: Typed = "") -> Response:
    """Choose another; nothing of what was typed is shown again."""
    try:
        if new == again:
            await choose_password(visitor, PasswordChange(old=old, new=new), visitor.device)
            return to("/account", "password-changed")
        problems = (*await misfits_of(visitor, PasswordChange(old=old, new=new), visitor.device), _differs())
    except InvalidError as unfit:
        problems = unfit.problems
    except UnauthorisedError as locked:
        if locked.code != "sign-in-locked":
            raise
        problems = (FieldProblem(("old",), locked.code, "does not fit"),)
    async with visitor.desk() as desk:
        return await _page(visitor, desk, InvalidError("password-unfit", problems))


@router.post("/sessions/end")
async def end(visitor: Visits, _form: Posted, session: Annotated[str, Form(max_length=40)] = "") -> Response:
    """End one sign-in."""
    async with visitor.desk() as desk:
        ended = await end_sign_in(desk.session, desk.officer.id, session)
        own = ended.digest == visitor.digest
    return to("/sign-in", "signed-out") if own else to("/account", "session-ended-there")


@router.post("/sessions/end-others")
async def end_others(visitor: Visits, _form: Posted) -> Response:
    """End all but this one."""
    async with visitor.desk() as desk:
        await revoke_sessions(desk.session, desk.officer.id, but=visitor.digest)
    return to("/account", "sessions-ended")


def _differs() -> FieldProblem:
    return FieldProblem(("again",), "password-differs", "does not fit")


async def _page(visitor: Visitor, desk: Desk, refusal: InvalidError | None = None) -> Response:
    wording = Wording(in_language_of(visitor, desk).language)
    labels = {name: wording.gettext(label) for name, label in LABELS.items()}
    rows: list[dict[str, Any]] = [
        {"id": handle(row), "since": row.created_at, "used": row.seen_at, "here": row.digest == visitor.digest}
        for row in await sign_ins(desk.session, desk.officer.id)
    ]
    return await show(
        visitor, desk, "everyone/account.html", status_of(refusal) if refusal else 200, rows=rows, labels=labels,
        problems=beside(refusal.problems, labels, wording) if refusal else {}, least=LEAST_PASSWORD,
    )  # fmt: skip
