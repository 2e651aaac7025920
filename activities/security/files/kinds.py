"""Which kind of file some bytes are, told by the bytes alone, and why a file is refused."""

from enum import StrEnum

MOST_BYTES = 10_000_000


class FileType(StrEnum):
    """The kinds that are taken."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        """As `Content-Type` names it."""
        return {
            FileType.PDF: "application/pdf",
            FileType.JPEG: "image/jpeg",
            FileType.PNG: "image/png",
            FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }[self]

    @property
    def extension(self) -> str:
        """The end of a file's name."""
        return "jpg" if self is FileType.JPEG else self.value


class RefusalError(StrEnum):
    """Why a file is not taken: of another kind or with more in it than a paper has, or not to be read."""

    KIND = "kind"
    MACROS = "macros"
    EMBEDDED = "embedded"
    MEDIA = "media"
    MOVING = "moving"
    ENCRYPTED = "encrypted"
    TOO_BIG_INSIDE = "too-big-inside"
    BROKEN = "broken"

    @property
    def unreadable(self) -> bool:
        """The kind would do, but the file cannot be read; otherwise its kind will not do."""
        return self in (RefusalError.ENCRYPTED, RefusalError.TOO_BIG_INSIDE, RefusalError.BROKEN)


class RefusedError(Exception):
    """The file is not taken."""

    def __init__(self, why: RefusalError) -> None:
        super().__init__(why.value)
        self.why = why


def type_of(data: bytes) -> FileType:
    """The kind of a file by its first bytes; RefusedError for another. That a zip is a DOCX is seen when it is opened."""
    if data.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if data.startswith(b"PK\x03\x04"):
        return FileType.DOCX
    if b"%PDF-" in data[:1024]:
        return FileType.PDF
    raise RefusedError(RefusalError.KIND)
