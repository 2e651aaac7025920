"""Waiting for what other processes do: they set no event of ours, so it is looked at again and again."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(holds: Callable[[], Awaitable[bool]], look: float) -> None:
    """Return once it holds; `look`: seconds between two looks. How long that may take is the caller's to say."""
    while True:
        if await holds():
            return
        await asyncio.sleep(look)
