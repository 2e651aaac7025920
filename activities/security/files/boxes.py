"""A JPEG 2000 picture that lies inside another file: its boxes and remarks taken out without touching its pixels."""

from collections.abc import Iterator

from activities.security.files.kinds import RefusalError, RefusedError

JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
CODESTREAM = b"\xff\x4f\xff\x51"
TO_THE_END, LONG = 0, 1  # what a box may say instead of its length
PIXELS = b"jp2c"
HEADERS = frozenset({b"jp2h", b"jpch", b"jplh", b"res ", b"cgrp"})  # boxes that hold boxes
KEPT = HEADERS | {
    PIXELS,
    b"jP  ",
    b"ftyp",
    b"rreq",
    b"ihdr",
    b"bpcc",
    b"colr",
    b"pclr",
    b"cmap",
    b"cdef",
    b"resc",
    b"resd",
    b"opct",
}
KIND_LETTERS, MARKER = 4, 0xFF  # a box's kind; what every marker begins with
SHORTEST_TILE = 14  # bytes: its own head, and the marker that begins its pixels
START, TILE, DATA, REMARK, END = 0x4F, 0x90, 0x93, 0x64, 0xD9


def without_boxes(data: bytes) -> bytes:
    """The picture without XML, UUID, labels and remarks; RefusedError where its boxes or markers do not add up."""
    if data.startswith(CODESTREAM):
        return _without_remarks(data)
    if not data.startswith(JP2):
        raise RefusedError(RefusalError.BROKEN)
    return _kept(data)


def _kept(data: bytes) -> bytes:
    """An allow-list: whatever else the standard or a maker has thought of is left out."""
    written = bytearray()
    for kind, content in _boxes(data):
        if kind in KEPT:
            bare = _without_remarks(content) if kind == PIXELS else _kept(content) if kind in HEADERS else content
            written += (len(bare) + 8).to_bytes(4) + kind + bare
    return bytes(written)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each box's kind and content, in order."""
    at = 0
    while at < len(data):
        length, kind, begin = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], at + 8
        if length == LONG:
            length, begin = int.from_bytes(data[at + 8 : at + 16]), at + 16
        end = len(data) if length == TO_THE_END else at + length
        if len(kind) < KIND_LETTERS or end < begin or end > len(data):
            raise RefusedError(RefusalError.BROKEN)
        yield kind, data[begin:end]
        at = end


def _without_remarks(data: bytes) -> bytes:
    """The pixels with every remark blanked in its place, as the tiles' lengths count it; nothing after the end."""
    kept, at, tile = bytearray(data), 0, 0
    while at + 1 < len(data):
        marker = data[at + 1]
        if data[at] != MARKER:
            raise RefusedError(RefusalError.BROKEN)
        if marker == END:
            return bytes(kept[: at + 2])
        if marker == START:
            at += 2
            continue
        if marker == DATA:
            at = tile
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end > len(data) or end < at + 4:
            raise RefusedError(RefusalError.BROKEN)
        if marker == REMARK:
            kept[at + 6 : end] = bytes(end - at - 6)
        if marker == TILE:
            tile = _end_of_tile(data, at)
        at = end
    return bytes(kept)  # also where it breaks off after its pixels


def _end_of_tile(data: bytes, at: int) -> int:
    """Where a part of the pixels ends that begins here; the last may leave that to the end of the picture."""
    length = int.from_bytes(data[at + 6 : at + 10])
    if not length:
        return len(data) - 2 if data.endswith(b"\xff\xd9") else len(data)
    if length < SHORTEST_TILE:
        raise RefusedError(RefusalError.BROKEN)
    return at + length
