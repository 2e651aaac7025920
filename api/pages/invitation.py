"""Who was invited chooses a password. The code stands behind the # of the link, so that no server and no log ever has it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from activities.casework.errors import CaseError, FieldProblem, InvalidError, NotFoundError
from activities.security.passwords import LEAST_PASSWORD, weak
from api.deps import Means_
from api.errors import status_of
from api.pages.forms.reading import beside
from api.pages.show import show_plain, to
from api.pages.visitor import language_at
from api.pages.wording import Wording
from api.rest.appointments import PasswordBody, accept, demand_fit
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
    """Choose it, and go to sign in; all that does not fit is told at once."""
    token = code.strip().rpartition("#")[2]
    slips = () if new == again else (_problem("again", "password-differs"),)
    try:
        if slips:
            await demand_fit(token, new, means)
        else:
            await accept(token, PasswordBody(password=new), means)
            return to("/sign-in", "password-chosen")
    except NotFoundError:
        unfit = (_problem("new", "password-weak"),) if weak("", new) else ()
        slips = (_problem("code", "invitation-unknown"), *unfit, *slips)
    except InvalidError:
        slips = (_problem("new", "password-weak"), *slips)
    return _page(request, InvalidError("password-unfit", slips), code)


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
