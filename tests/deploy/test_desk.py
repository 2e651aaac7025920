"""A desk of the rehearsal while the API is being killed: nobody's part ends because a line was cut."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from deploy.rehearsal.desk import RefusalError, sign_in


@asynccontextmanager
async def cutting(*answers: str | None) -> AsyncIterator[httpx.AsyncClient]:
    """A server that hears each request and gives the next answer (status, then body), or cuts the line for None."""
    left = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        _, _, length = head.partition("content-length: ")
        await reader.readexactly(int(length.split("\r\n")[0] or 0))
        if (answer := left.pop(0)) is not None:
            status, _, body = answer.partition(" ")
            kind = "content-type: application/json\r\nconnection: close\r\n"
            writer.write(f"HTTP/1.1 {status} x\r\n{kind}content-length: {len(body)}\r\n\r\n{body}".encode())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    assert not left, "an answer nobody asked for"


async def test_a_sign_in_whose_line_is_cut_is_tried_again() -> None:
    """As every act is: the API is killed while somebody signs in."""
    tally = Counter[str]()
    async with cutting(None, '503 {"code": "database-away"}', '201 {"token": "t"}') as client:
        await sign_in(client, "hai.gialap", "x", tally)
    assert {"tried again": 2, "POST /sessions": 1} == tally


@pytest.mark.parametrize(("before", "again"), [((), False), ((None,), True)])
async def test_a_refusal_says_whether_it_may_have_been_done_before(before: tuple[None, ...], again: bool) -> None:
    """Taken away once more, a day off is not found: that is no fault where the first answer was lost."""
    async with cutting('201 {"token": "t"}', *before, '404 {"code": "not-found"}') as client:
        desk = await sign_in(client, "administrator", "x", Counter())
        with pytest.raises(RefusalError, match="404 not-found") as refused:
            await desk.act("/calendar/2024-12-31", method="DELETE")
    assert again is refused.value.again
