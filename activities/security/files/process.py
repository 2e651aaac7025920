"""The process that cleans one file: the file on standard input; on standard output a line of JSON, then the clean bytes."""

import json
import sys

from activities.security.files.apart import limit_self
from activities.security.files.docx import bare_docx
from activities.security.files.images import bare_image
from activities.security.files.kinds import MOST_BYTES, FileType, Refusal, Refused, type_of
from activities.security.files.pdf import bare_pdf


def bare(data: bytes) -> tuple[FileType, bytes]:
    """The kind of a file and the file without where and by whom it was made; Refused for what is not taken."""
    kind = type_of(data)
    try:
        clean = {FileType.PDF: bare_pdf, FileType.DOCX: bare_docx}.get(kind)
        written = clean(data) if clean else bare_image(data, kind)
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - whatever a foreign file makes a parser say, it cannot be read
        raise Refused(Refusal.BROKEN) from None
    if len(written) > 2 * MOST_BYTES:
        raise Refused(Refusal.TOO_BIG_INSIDE)
    return kind, written


def main() -> None:
    """Limit this process, clean what comes in, tell."""
    limit_self()
    try:
        kind, written = bare(sys.stdin.buffer.read())
    except Refused as refused:
        told, written = {"refused": refused.why.value}, b""
    else:
        told = {"kind": kind.value}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + written)


if __name__ == "__main__":
    main()
