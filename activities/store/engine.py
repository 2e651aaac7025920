"""The way to the database: one engine a process, sessions that begin a transaction each."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]


def open_engine(url: str, *, pool_size: int = 10, name: str = "homeward") -> AsyncEngine:
    """An engine for a `postgresql+asyncpg://` address; connections that died with the server are noticed and replaced.

    `name`: what the server shows as the application. Lists are short and their rows in memory: the server is told that a row by its
    index costs little more than the next one, else it reads a whole table for the first hundred rows; and to compile no question, as
    a server with LLVM does with those it thinks dear: compiling the board takes it longer than answering.
    """
    told = {"application_name": name, "random_page_cost": "1.1", "jit": "off"}
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"server_settings": told},
    )
    event.listen(engine.sync_engine, "checkout", _alive)
    return engine


def _alive(connection: Any, *_: object) -> None:
    """A connection whose server went away knows it: no question over the wire before every transaction."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def open_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose rows stay readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
