"""One officer at the HTTP API: signed in, patient while the API is away, and keeping count of the races it meets."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx

AWAY = (502, 503, 504)
PATIENCE = 60.0  # real seconds the API may be away before a rehearsal gives up
PAUSE = 0.3


class RefusalError(Exception):
    """The API said no: `status`, its stable `code`, and `winner` where the row had moved on.

    `again`: it had been asked before, and whether that was heard nobody knows: its answer was lost.
    """

    def __init__(self, status: int, problem: dict[str, Any], *, again: bool = False) -> None:
        self.status, self.code, self.again = status, str(problem.get("code", "")), again
        self.winner: dict[str, Any] = problem.get("winner") or {}
        super().__init__(f"{status} {self.code} {problem.get('problems') or ''}")


MET = (403, 404, 409, 412, 422)  # somebody else was faster, or the law knows no ground


async def tried(work: Awaitable[Any]) -> bool:
    """Whether an act went through; False where somebody was faster."""
    try:
        await work
    except RefusalError as refusal:
        if refusal.status not in MET:
            raise
        return False
    return True


class Desk:
    """An officer with a session. Every POST carries a key, so that sending it again does nothing twice."""

    def __init__(self, client: httpx.AsyncClient, username: str, token: str, tally: Counter[str]) -> None:
        self._client, self.username, self._tally = client, username, tally
        self._headers = {"Authorization": f"Bearer {token}"}

    async def read(self, path: str) -> Any:
        """The JSON behind a path of the API; RefusalError for anything but success."""
        return (await self._ask("GET", path, None, {})).json()

    async def act(
        self, path: str, body: object = None, *, revision: int | None = None, key: str = "", method: str = "POST"
    ) -> Any:
        """One verb; its answer as JSON (None where there is none). `body`: what JSON holds, or the bytes of a file.

        `revision`: what the form was drawn from.
        """
        headers = {"Idempotency-Key": key or uuid4().hex} if method == "POST" else {}
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        elif method == "PUT":
            headers["If-None-Match"] = "*"
        answer = await self._ask(method, path, body, headers)
        self._tally[f"{method} {path.partition('?')[0]}"] += 1
        return answer.json() if answer.content else None

    async def _ask(self, method: str, path: str, body: object, headers: dict[str, str]) -> httpx.Response:
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        headers = self._headers | headers
        answer, again = await patient(
            lambda: self._client.request(method, f"/api/v1{path}", headers=headers, **sent), self._tally
        )
        if answer.is_success:
            return answer
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        refusal = RefusalError(answer.status_code, problem, again=again)
        self._tally[f"refused {answer.status_code} {refusal.code}"] += 1
        raise refusal


async def patient(send: Callable[[], Awaitable[httpx.Response]], tally: Counter[str]) -> tuple[httpx.Response, bool]:
    """The answer of an API that may be away for a while, and whether it had to be asked again."""
    loop = asyncio.get_running_loop()
    begun, again = loop.time(), False
    while True:
        over = loop.time() > begun + PATIENCE
        try:
            answer = await send()
        except httpx.TransportError:
            if over:
                raise
        else:
            if over or answer.status_code not in AWAY:
                return answer, again
        again = True
        tally["tried again"] += 1
        await asyncio.sleep(PAUSE)


async def sign_in(client: httpx.AsyncClient, username: str, password: str, tally: Counter[str]) -> Desk:
    """A desk for this officer."""
    given = {"username": username, "password": password}
    answer, _ = await patient(lambda: client.post("/api/v1/sessions", json=given), tally)
    answer.raise_for_status()
    tally["POST /sessions"] += 1
    return Desk(client, username, answer.json()["token"], tally)
