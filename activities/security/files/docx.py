"""A DOCX packed anew: no author, company, template, times or data beside the text, pictures written anew; macros and objects refused."""

import posixpath
import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from activities.security.files.images import bare_image
from activities.security.files.kinds import FileType, RefusalError, RefusedError, type_of

MOST_PARTS = 2_000
MOST_INSIDE = 100_000_000  # declared, and by that what is read: a part cannot give more than it declares
_ENCRYPTED = 0x1
_CORE = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/%s-properties"/>'
)
_EMPTIED = {
    "docprops/core.xml": _CORE,
    "docprops/app.xml": _PROPERTIES % b"extended",
    "docprops/custom.xml": _PROPERTIES % b"custom",
}
_NAMES = re.compile(rb"""(\b\w+:(?:author|initials|userId|providerId)\s*=\s*)("[^"]*"|'[^']*')""")
_LINK = re.compile(rb"<((?:\w+:)?Relationship)\s[^>]*?(?:/>|>\s*</\1\s*>)")
_TYPE = re.compile(rb"""\sType\s*=\s*["'][^"']*/(?:customXml|attachedTemplate)["']""")
_TARGET = re.compile(rb"""\sTarget\s*=\s*["']([^"']*)["']""")
_OVERRIDE = re.compile(rb"""<(?:\w+:)?Override\s[^>]*?PartName\s*=\s*["']/([^"']*)["'][^>]*?/>""")
_TEMPLATE = re.compile(rb"<w:attachedTemplate\s[^>]*?/>")  # the file on its author's machine that it was begun from
_WIDE = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x00<",
    b"<\x00",
)  # XML in 16 bits: no office writes it, and nothing is found in it
_DATA = "customxml/"  # what a form or another system keeps beside the text: what is shown of it stands in the text too
_DRAWN = (b"BM", b"GIF8", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00")  # pictures that hold no place: bitmaps, GIF, WMF


def bare_docx(data: bytes) -> bytes:
    """The same text and pictures; RefusedError for another zip, macros, embedded objects, films, encryption, or a bomb."""
    written = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(written, "w", ZIP_DEFLATED) as made:
        parts = given.infolist()
        _look(parts)
        if b"macroEnabled" in given.read("[Content_Types].xml"):
            raise RefusedError(RefusalError.MACROS)
        beside = _beside(given)
        for part in parts:
            name = part.filename.lower()
            if not part.is_dir() and name not in beside:
                made.writestr(_undated(part.filename), _bare(name, given.read(part), beside))
    return written.getvalue()


def _beside(given: ZipFile) -> frozenset[str]:
    """Names of the parts that hold data beside the text, wherever a relationship says they lie."""
    names = {name.lower(): name for name in given.namelist()}
    found = {name for name in names if name.startswith(_DATA)}
    for name, written in names.items():
        folder, mark, _ = name.rpartition("_rels/")
        if mark and name.endswith(".rels"):
            links = (match.group() for match in _LINK.finditer(given.read(written)))
            targets = [target for link in links if _TYPE.search(link) and (target := _TARGET.search(link))]
            found |= {posixpath.normpath(posixpath.join("/", folder, _name(each))).lstrip("/") for each in targets}
    return frozenset(found & names.keys()) - {"word/document.xml", "[content_types].xml"}


def _name(target: re.Match[bytes]) -> str:
    return target.group(1).decode(errors="replace").lower()


def _look(parts: list[ZipInfo]) -> None:
    """What the list of parts says before any of them is opened."""
    names = [part.filename.lower() for part in parts]
    if not {"word/document.xml", "[content_types].xml"} <= set(names):
        raise RefusedError(RefusalError.KIND)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise RefusedError(RefusalError.ENCRYPTED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INSIDE:
        raise RefusedError(RefusalError.TOO_BIG_INSIDE)
    if len(set(names)) < len(names):
        raise RefusedError(RefusalError.BROKEN)
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise RefusedError(RefusalError.MACROS)
    if any(name.startswith(("word/embeddings/", "word/activex/")) for name in names):
        raise RefusedError(RefusalError.EMBEDDED)


def _bare(name: str, data: bytes, beside: frozenset[str]) -> bytes:
    if name in _EMPTIED:
        return _EMPTIED[name]
    if name.startswith(("word/media/", "docprops/thumbnail.")):
        return _picture(name, data)
    if not name.endswith((".xml", ".rels")):
        return data
    if data.startswith(_WIDE):
        raise RefusedError(RefusalError.BROKEN)
    if name.endswith(".rels"):
        return _LINK.sub(lambda link: b"" if _TYPE.search(link.group()) else link.group(), data)
    if name == "[content_types].xml":
        return _OVERRIDE.sub(lambda part: b"" if _name(part) in beside else part.group(), data)
    data = _TEMPLATE.sub(b"", data)
    return _CORE if b"coreProperties" in data[:1000] else _NAMES.sub(rb'\1""', data)


def _picture(name: str, data: bytes) -> bytes:
    if data.startswith(_DRAWN) or data[40:44] == b" EMF" or (name.endswith(".svg") and b"<svg" in data):
        return data
    try:
        kind = type_of(data)
    except RefusedError:
        raise RefusedError(RefusalError.MEDIA) from None
    if kind not in (FileType.JPEG, FileType.PNG):
        raise RefusedError(RefusalError.MEDIA)
    return bare_image(data, kind)


def _undated(name: str) -> ZipInfo:
    """A part without its time, its maker's machine and its remarks."""
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    return part
