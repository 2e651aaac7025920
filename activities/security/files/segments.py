"""The segments of a JPEG that lies inside another file: taken out without touching its pixels."""

from activities.security.files.kinds import RefusalError, RefusedError

MARK, STUFFED, SCAN, END = 0xFF, 0x00, 0xDA, 0xD9  # begins a marker; no marker after all; begins the pixels; the end
RESTARTS = range(0xD0, 0xD8)
WITHOUT_LENGTH = frozenset({0x01, END, *RESTARTS})
DROPPED = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})  # all APPn but JFIF, ICC and Adobe's, and comments


def without_segments(data: bytes) -> bytes:
    """The picture without EXIF, XMP, comments and whatever follows its end; RefusedError where its segments do not add up."""
    kept, at = bytearray(data[:2]), 2
    while at + 1 < len(data):
        if data[at] != MARK:
            raise RefusedError(RefusalError.BROKEN)
        marker = data[at + 1]
        if marker == MARK:  # filling
            at += 1
            continue
        end = _end_of(data, at, marker)
        if marker not in DROPPED:
            kept += data[at:end]
        if marker == END:
            break
        at = end
    return bytes(kept)  # also where it breaks off after its pixels, as some scanners write it


def _end_of(data: bytes, at: int, marker: int) -> int:
    """Where a segment ends; that of a scan includes its pixels."""
    if marker in WITHOUT_LENGTH:
        return at + 2
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
    if end > len(data) or end < at + 4:
        raise RefusedError(RefusalError.BROKEN)
    if marker != SCAN:
        return end
    while (end := data.find(bytes([MARK]), end)) >= 0 and end + 1 < len(data):
        if data[end + 1] != STUFFED and data[end + 1] not in RESTARTS:
            return end
        end += 2
    return len(data)
