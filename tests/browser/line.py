"""The line between a window and the server, which a test may cut: what is under way breaks off, nothing new gets through."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self


class Line:
    """A way to the server at `port`, as long as it is not cut."""

    def __init__(self, port: int) -> None:
        self._port, self._away = port, False
        self._ends = set[asyncio.StreamWriter]()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._server.close()
        self.cut()

    @property
    def url(self) -> str:
        """Where the server is reached over this line."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """From now on nothing gets through."""
        self._away = True
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    def mend(self) -> None:
        """Everything gets through again."""
        self._away = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._away:
            writer.transport.abort()
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends |= {writer, onward}
        await asyncio.gather(_copy(reader, onward), _copy(there, writer))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()
    target.close()
