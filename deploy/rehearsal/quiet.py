"""When all is quiet: no command, notice or delivery is under way any more."""

import asyncio
import time
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from activities.store.engine import Sessions
from activities.store.notices import Delivery, Notice
from activities.store.outbox import Command


async def until_quiet(sessions: Sessions, patience: float) -> None:
    """Wait, so many real seconds at most, until the last of them is where it was going, and all that was killed is back."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with suppress(OSError, DBAPIError):  # the database itself may be starting again
            if not await _on_their_way(sessions):
                break
        await asyncio.sleep(0.5)
    await asyncio.sleep(1)  # the story of the journey that closed last writes its end


async def _on_their_way(sessions: Sessions) -> int:
    """How many commands, notices and deliveries are under way."""
    async with sessions() as session:
        commands = await session.scalar(select(func.count()).where(Command.state == "pending")) or 0
        fresh = await session.scalar(select(func.count()).where(Notice.spread_at.is_(None))) or 0
        pending = await session.scalar(select(func.count()).where(Delivery.state == "pending")) or 0
        return commands + fresh + pending
