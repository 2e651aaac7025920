"""Refusals as problem+json (RFC 9457): the only module that knows status numbers."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from activities.casework.errors import (
    CaseError,
    ConflictError,
    DamagedError,
    ForbiddenError,
    InvalidError,
    MalformedError,
    NotFoundError,
    StaleError,
)
from activities.casework.idempotency import Kept
from api.words import words

STATUS: dict[type[CaseError], int] = {
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    StaleError: 412,
    InvalidError: 422,
    MalformedError: 400,
    DamagedError: 500,
}
PROBLEM = "application/problem+json"
NO_PAGES = ("/api/", "/healthz", "/readyz", "/metrics", "/static/")  # what programs ask for


class UnauthorisedError(CaseError):
    """Nobody knows who is asking."""


class AnsweredError(Exception):
    """The same request again: its answer is given again."""

    def __init__(self, before: Kept) -> None:
        super().__init__()
        self.before = before


class UnconditionalError(CaseError):
    """A change of a task must say which revision its form was drawn from."""


class TooLargeError(CaseError):
    """More is sent than is taken."""


EXAMPLE: dict[str, Any] = {
    "type": "/problems/task-ended", "title": "The task has ended.", "status": 409, "code": "task-ended",
    "winner": {"state": "done", "code": "done", "at": "2024-03-05T02:00:00Z", "organisation": "organisation-…"},
}  # fmt: skip


class Problem(BaseModel):
    """What a refusal looks like. `problems`: field by field; `winner`: how the row ended or stands."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    winner: dict[str, Any] | None = None
    problems: list[dict[str, Any]] | None = None

    model_config = {"json_schema_extra": {"examples": [EXAMPLE]}}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals an endpoint may answer with; `api.description` gives each its shape."""
    return {status: {"description": MEANING[status]} for status in statuses}


MEANING = {
    400: "The request cannot be understood.", 401: "Sign in first.", 403: "Not your verb.", 404: "Not there, or not yours to know of.",
    409: "The row moved on; `winner` says how.", 412: "The form is stale.", 413: "The body is too large.",
    422: "Something does not fit, field by field.", 428: "Say which revision: `If-Match`.",
    500: "A fault of ours, written to the log under the request's number.", 503: "The database is away; nothing was lost.",
}  # fmt: skip


def problem(request: Request, status: int, code: str, **facts: object) -> Response:
    """One refusal in the caller's language: a page where a page was asked for, else problem+json."""
    if not request.url.path.startswith(NO_PAGES):
        page: Response = request.app.state.draw_problem(request, status, code, facts)
        return page
    title = words(request.headers.get("accept-language", "vi"), code)
    body = {"type": f"/problems/{code}", "title": title, "status": status, "code": code} | facts
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse(_plain(body), status, headers=headers, media_type=PROBLEM)


def install(app: FastAPI) -> None:
    """Answer every refusal and fault of the application as a problem."""

    @app.exception_handler(CaseError)
    async def _case(request: Request, error: CaseError) -> Response:
        status = status_of(error)
        facts = dict(error.facts)
        if isinstance(error, InvalidError):
            facts["problems"] = [
                {"loc": each.loc, "code": each.code, "message": each.message} for each in error.problems
            ]
        return problem(request, status, error.code, **facts)

    @app.exception_handler(AnsweredError)
    async def _answered(_: Request, again: AnsweredError) -> JSONResponse:
        return JSONResponse(again.before.body, again.before.status)

    @app.exception_handler(RequestValidationError)
    async def _request(request: Request, error: RequestValidationError) -> Response:
        fields = [
            {"loc": [str(part) for part in each["loc"]], "code": each["type"], "message": each["msg"]}
            for each in error.errors()
        ]
        if any(each["code"] == "json_invalid" for each in fields):
            return problem(request, 400, "json-invalid")
        return problem(request, 422, "request-invalid", problems=fields)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        code = {400: "json-invalid", 404: "not-found", 405: "method-not-allowed"}.get(
            error.status_code, "request-refused"
        )
        answer = problem(request, error.status_code, code)
        answer.headers.update(error.headers or {})
        return answer


def status_of(error: CaseError) -> int:
    """The status number of a refusal."""
    return next((number for kind, number in (_OWN | STATUS).items() if isinstance(error, kind)), 400)


def fault(request: Request, error: Exception) -> Response:
    """The answer to what nobody caught: the database is away, or a fault of ours. Neither says more."""
    if _away(error):
        return problem(request, 503, "database-away")
    return problem(request, 500, "fault")


def _away(error: Exception) -> bool:
    """Whether the database could not be reached, is starting or stopping, or has no connection left."""
    if isinstance(error, OSError | PoolTimeout) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return True
    told = str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")
    return told.startswith(("08", "53", "57P"))  # connection, resources, shutdown or start


_OWN: dict[type[CaseError], int] = {UnauthorisedError: 401, UnconditionalError: 428, TooLargeError: 413}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
