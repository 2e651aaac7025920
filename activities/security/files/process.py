"""The process that cleans one file, or joins photographs: in comes the file; out a line of JSON, then the clean bytes."""

import json
import sys

from activities.security.files.apart import JOIN, limit_self
from activities.security.files.docx import bare_docx
from activities.security.files.images import bare_image
from activities.security.files.joining import joined
from activities.security.files.kinds import MOST_BYTES, FileType, RefusalError, RefusedError, type_of
from activities.security.files.pdf import bare_pdf


def together(data: bytes) -> tuple[FileType, bytes]:
    """Several photographs as one PDF; `data` begins with a line that lists how long each is."""
    told, _, rest = data.partition(b"\n")
    photographs, at = list[bytes](), 0
    for length in json.loads(told):
        photographs.append(rest[at : at + length])
        at += length
    return _small_enough(FileType.PDF, joined(photographs))


def bare(data: bytes) -> tuple[FileType, bytes]:
    """The kind of a file and the file without where and by whom it was made; RefusedError for what is not taken."""
    kind = type_of(data)
    clean = {FileType.PDF: bare_pdf, FileType.DOCX: bare_docx}.get(kind)
    return _small_enough(kind, clean(data) if clean else bare_image(data, kind))


def _small_enough(kind: FileType, written: bytes) -> tuple[FileType, bytes]:
    if len(written) > 2 * MOST_BYTES:
        raise RefusedError(RefusalError.TOO_BIG_INSIDE)
    return kind, written


def main() -> None:
    """Limit this process, clean what comes in, tell."""
    limit_self()
    try:
        work = together if sys.argv[1:] == [JOIN] else bare
        kind, written = work(sys.stdin.buffer.read())
    except RefusedError as refused:
        told, written = {"refused": refused.why.value}, b""
    else:
        told = {"kind": kind.value}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + written)


if __name__ == "__main__":
    main()
