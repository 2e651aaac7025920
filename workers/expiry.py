"""Expiry: throws away drafts nobody went on with; several workers may."""

import asyncio
import logging
from datetime import timedelta

from activities.casework.context import Office
from activities.casework.expiring import expire_answer, expire_beginnings, forgotten_answers
from activities.store.engine import Sessions

log = logging.getLogger(__name__)


class Expiry:
    """Looks once an hour; `kept` is case time."""

    def __init__(self, sessions: Sessions, office: Office, kept: timedelta, every: float = 3600.0) -> None:
        self._sessions, self._office, self._kept, self._every = sessions, office, kept, every

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            try:
                gone = await self.expire()
            except Exception as error:  # noqa: BLE001 - the database may be away; the next round finds it
                log.warning("expiry_failed", extra={"code": type(error).__name__})
            else:
                if gone:
                    log.info("drafts_expired", extra={"count": gone})
            await asyncio.sleep(self._every)

    async def expire(self) -> int:
        """Throw away what is old; how many. Each answer in a transaction of its own: nobody waits for all of them."""
        async with self._sessions.begin() as session:
            gone = await expire_beginnings(session, self._office, self._kept)
            tasks = await forgotten_answers(session, self._office, self._kept)
        for task in tasks:
            async with self._sessions.begin() as session:
                gone += await expire_answer(session, self._office, task, self._kept)
        return gone
