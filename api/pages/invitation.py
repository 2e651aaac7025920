"""Who was invited chooses a password. The code stands behind the # of the link, so that no server and no log ever has it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from activities.casework.errors import CaseError, FieldProblem, InvalidError, NotFoundError
from activities.security.passwords import LEAST_PASSWORD
from api.deps import Means_
from api.errors import status_of
from api.pages.forms.reading import beside
from api.pages.show import show_plain, to
from api.pages.visitor import language_at
from api.pages.wording import Wording
from api.rest.appointments import PasswordBody, accept
from api.words import marked

router = APIRouter(prefix="/invitation", include_in_schema=False)
LABELS = {"code": marked("Code of the invitation"), "new": marked("New password"), "again": marked("New password once more")}  # fmt: skip
Typed = Annotated[str, Form(max_length=1000)]


@router.get("")
async def form(request: Request) -> Response:
    """The form; a script fills in the code of the link."""
    return _page(request)


@router.post("")
async def choose(
    request: Request, means: Means_, code: Annotated[str, Form(max_length=100)] = "", new: Typed = "", again: Typed = ""
) -> Response:
    """Choose it, and go to sign in."""
    try:
        if new != again:
            return _page(request, InvalidError("password-unfit", (_problem("again", "password-differs"),)), code)
        await accept(code.strip().rpartition("#")[2], PasswordBody(password=new), means)
    except NotFoundError:
        return _page(request, InvalidError("invitation-unknown", (_problem("code", "invitation-unknown"),)), code)
    except InvalidError as refusal:
        return _page(request, InvalidError(refusal.code, (_problem("new", "password-weak"),)), code)
    return to("/sign-in", "password-chosen")


def _problem(field: str, code: str) -> FieldProblem:
    return FieldProblem((field,), code, "does not fit")


def _page(request: Request, refusal: CaseError | None = None, code: str = "") -> Response:
    wording = Wording(language_at(request))
    labels = {name: wording.gettext(label) for name, label in LABELS.items()}
    problems = beside(refusal.problems, labels, wording) if isinstance(refusal, InvalidError) else {}
    return show_plain(
        request, "everyone/invitation.html", status_of(refusal) if refusal else 200, problems=problems, labels=labels,
        least=LEAST_PASSWORD, code=code,
    )  # fmt: skip
