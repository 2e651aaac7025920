"""The way to the database: one engine a process, sessions that begin a transaction each."""

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]


def open_engine(url: str, *, pool_size: int = 10, name: str = "homeward") -> AsyncEngine:
    """An engine for a `postgresql+asyncpg://` address; connections that died with the server are noticed and replaced.

    `name`: what the server shows as the application.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"server_settings": {"application_name": name}},
    )


def open_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose rows stay readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
