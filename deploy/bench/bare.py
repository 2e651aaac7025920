"""The floor of an answer: an endpoint that does the same writes and nothing else. Its tables go with its server."""

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import uuid4

from fastapi import FastAPI, Header, HTTPException
from sqlalchemy import text

from activities.store.engine import open_engine

CALLER = "bare"  # what the one who answers says of itself
TABLES = """
DROP TABLE IF EXISTS bare_session, bare_row, bare_journal, bare_outbox;
CREATE TABLE bare_session (digest text PRIMARY KEY, officer text NOT NULL);
CREATE TABLE bare_row (id text PRIMARY KEY, state text NOT NULL, answer jsonb);
CREATE TABLE bare_journal (id text PRIMARY KEY, of_row text NOT NULL, at timestamptz NOT NULL, hash text NOT NULL);
CREATE TABLE bare_outbox (id bigserial PRIMARY KEY, of_row text NOT NULL, at timestamptz NOT NULL);
"""


@asynccontextmanager
async def _tables(app: FastAPI) -> AsyncIterator[None]:
    engine = app.state.engine = open_engine(os.environ["HOMEWARD_DATABASE__URL"], name="bench")
    async with engine.begin() as connection:
        for statement in TABLES.strip().split(";\n"):
            await connection.execute(text(statement))
        await connection.execute(
            text("INSERT INTO bare_session VALUES (:digest, 'officer')"), {"digest": _digest(CALLER)}
        )
    yield
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE bare_session, bare_row, bare_journal, bare_outbox"))
    await engine.dispose()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_app() -> FastAPI:
    """The application; `POST /rows` makes one, `POST /rows/{id}` answers it."""
    app = FastAPI(lifespan=_tables)

    @app.post("/rows")
    async def make() -> dict[str, str]:
        name = uuid4().hex
        async with app.state.engine.begin() as connection:
            await connection.execute(text("INSERT INTO bare_row VALUES (:id, 'open', NULL)"), {"id": name})
        return {"id": name}

    @app.post("/rows/{name}")
    async def answer(name: str, answer: dict[str, str], authorization: Annotated[str, Header()]) -> dict[str, str]:
        async with app.state.engine.begin() as connection:
            who = "SELECT officer FROM bare_session WHERE digest = :digest"
            given = {"digest": _digest(authorization.removeprefix("Bearer "))}
            if (await connection.execute(text(who), given)).scalar() is None:
                raise HTTPException(401)
            row = "SELECT state FROM bare_row WHERE id = :id FOR UPDATE"
            if (await connection.execute(text(row), {"id": name})).scalar() != "open":
                raise HTTPException(409)
            change = "UPDATE bare_row SET state = 'done', answer = jsonb_build_object('given', CAST(:given AS text)) WHERE id = :id"
            await connection.execute(text(change), {"id": name, "given": str(answer)})
            entry = "INSERT INTO bare_journal VALUES (:entry, :id, now(), :hash)"
            await connection.execute(text(entry), {"entry": uuid4().hex, "id": name, "hash": _digest(name)})
            await connection.execute(text("INSERT INTO bare_outbox (of_row, at) VALUES (:id, now())"), {"id": name})
            await connection.execute(text("SELECT pg_notify('bare_outbox', '')"))
        return {"id": name, "state": "done"}

    return app


if __name__ == "__main__":
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(create_app(), port=int(sys.argv[1]), log_level="error", access_log=False))
    asyncio.run(server.serve())
