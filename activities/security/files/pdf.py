"""A PDF written anew from what its pages reach: no document information, XMP, editor's data, attached files or scripts."""

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PdfReadError
from pypdf.filters import ASCII85Decode, ASCIIHexDecode
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from activities.security.files.boxes import without_boxes
from activities.security.files.kinds import RefusalError, RefusedError
from activities.security.files.segments import without_segments

MOST_INSIDE = 75_000_000
_DROPPED = frozenset(
    {"/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/AF"}
)  # fmt: skip
_SIGNED_BY = frozenset(
    {"/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline", "/Squiggly",
     "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/FileAttachment", "/Popup"}
)  # annotations whose title is their author's name  # fmt: skip


def bare_pdf(data: bytes) -> bytes:
    """The same pages; RefusedError for an encrypted file or one without pages. A digital signature in it no longer holds."""
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise RefusedError(RefusalError.ENCRYPTED)
    if not len(reader.pages):
        raise RefusedError(RefusalError.BROKEN)
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for each in _objects(writer):
        _strip(each)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _objects(writer: PdfWriter) -> Iterator[Any]:
    """Every object of a document by its number; those that were taken out have none."""
    for number in count(1):
        try:
            yield writer.get_object(number)
        except PdfReadError:
            continue
        except IndexError:
            return


def _strip(node: Any) -> None:
    """Take the dropped entries out of a node and what lies directly in it; references lead to other objects of the list."""
    if isinstance(node, ArrayObject):
        for each in node:
            _strip(each)
    if not isinstance(node, DictionaryObject):
        return
    for name in _DROPPED & node.keys():
        del node[name]
    if node.get("/Subtype") in _SIGNED_BY:
        node.pop("/T", None)
    if isinstance(node, StreamObject):
        _strip_picture(node)
    for each in node.values():
        _strip(each)


def _strip_picture(stream: StreamObject) -> None:
    """A photograph in the document loses where and with what it was taken, also when it was packed once more."""
    filters = stream.get("/Filter")
    names = [str(each) for each in filters] if isinstance(filters, ArrayObject) else [str(filters)]
    strip = _PICTURES.get(names[-1])
    if strip is None:
        return
    data = StreamObject.get_data(stream)  # as they stand in the file: the getter of a packed stream unpacks them
    for packed in names[:-1]:
        if packed not in _PACKED:
            raise RefusedError(RefusalError.MEDIA)  # nobody packs a photograph so
        data = _PACKED[packed](data)
    StreamObject.set_data(stream, strip(data))  # the setter of a packed stream takes no picture
    stream[NameObject("/Filter")] = NameObject(names[-1])
    if len(names) > 1:
        stream.pop("/DecodeParms", None)


def _unpacked(data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    whole = unpacking.decompress(data, MOST_INSIDE)
    if unpacking.unconsumed_tail:
        raise RefusedError(RefusalError.TOO_BIG_INSIDE)
    return whole


_PICTURES: dict[str, Callable[[bytes], bytes]] = {
    "/DCTDecode": without_segments, "/DCT": without_segments, "/JPXDecode": without_boxes
}  # fmt: skip
_PACKED: dict[str, Callable[[bytes], bytes]] = {
    "/FlateDecode": _unpacked, "/Fl": _unpacked,
    "/ASCII85Decode": ASCII85Decode.decode, "/A85": ASCII85Decode.decode,
    "/ASCIIHexDecode": ASCIIHexDecode.decode, "/AHx": ASCIIHexDecode.decode,
}  # fmt: skip
