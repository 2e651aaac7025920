"""Real files as officers have them, with what gives away a place or an author."""

import base64 as b64
import os
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

MAKER, AUTHOR, PLACE = b"SecretPhone 12", "Nguyen Thi Author", "Tri An 11.10N 106.97E"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><creator>{AUTHOR}</creator><place>{PLACE}</place></x:xmpmeta>'.encode()
SECRETS = (MAKER, AUTHOR.encode(), PLACE.encode(), b"GPS", b"Exif", b"xmpmeta")
CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

_TYPE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
OVERRIDES = b'<Override PartName="/customXml/itemProps1.xml" ContentType="a/b"/><Override PartName="/word/form.xml" ContentType="a/b"/>'
RELATIONS = b"".join(
    b'<Relationship Id="rId%d" Type="%s%s" Target="%s"/>' % (number, _TYPE, kind, target)
    for number, (kind, target) in enumerate(
        [
            (b"customXml", b"../customXml/item1.xml"),
            (b"customXml", b"/word/form.xml"),
            (b"image", b"media/image1.jpeg"),
        ],
        1,
    )
)
TEMPLATE = (
    f'<Relationship Id="rId1" Type="{_TYPE.decode()}attachedTemplate" Target="file:///C:/{AUTHOR}/a.dotx"/>'.encode()
)


def exif(orientation: int = 1) -> Image.Exif:
    """Where and with what a photograph was taken."""
    held = Image.Exif()
    held[0x010F], held[0x013B], held[0x0112] = MAKER.decode(), AUTHOR, orientation
    held.get_ifd(0x8825).update({1: "N", 2: (11.0, 6.0, 0.0), 3: "E", 4: (106.0, 58.0, 0.0), 27: PLACE.encode()})
    return held


def jpeg(*, orientation: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    """A telephone's photograph: left half red, right half blue, trailing bytes after its end."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    picture.save(written, "JPEG", exif=exif(orientation), xmp=XMP, comment=AUTHOR, quality=95)
    return written.getvalue() + MAKER


def png() -> bytes:
    """A screenshot with text chunks, EXIF and a transparent colour."""
    picture, text, written = Image.new("P", (8, 8), 1), PngImagePlugin.PngInfo(), BytesIO()
    picture.putpalette([0, 0, 0, 255, 0, 0])
    text.add_text("Author", AUTHOR)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=False)
    picture.save(written, "PNG", pnginfo=text, exif=exif(), transparency=0)
    return written.getvalue()


def jpeg2000() -> bytes:
    """A scanner's picture: a remark before its pixels, boxes that tell of author and place, and one of its maker's own."""
    written = BytesIO()
    Image.new("RGB", (40, 20), "red").save(written, "JPEG2000", comment=AUTHOR)
    extra = ((b"xml ", XMP), (b"uuid", bytes(16) + exif().tobytes()), (b"asoc", box(b"lbl ", PLACE.encode())))
    return written.getvalue() + b"".join(box(kind, content) for kind, content in extra)


def box(kind: bytes, content: bytes) -> bytes:
    """A box as ISO 15444 has it."""
    return (len(content) + 8).to_bytes(4) + kind + content


def pdf(*, password: str = "") -> bytes:
    """A scan: one page with a photograph, document information, XMP, an attached file and a script."""
    writer, written = PdfWriter(), BytesIO()
    page = writer.add_blank_page(200, 200)
    picture = StreamObject()
    picture._data = jpeg()
    picture.update({NameObject("/Filter"): NameObject("/DCTDecode"), NameObject("/Subtype"): NameObject("/Image")})
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(AUTHOR)}
    images = DictionaryObject({NameObject("/Im0"): writer._add_object(picture)})
    for name, data, filters in (
        ("/Im1", jpeg2000(), ["/JPXDecode"]),
        ("/Im2", b64.a85encode(jpeg()) + b"~>", ["/ASCII85Decode", "/DCTDecode"]),
    ):
        scanned = StreamObject()
        scanned._data = data
        packed = ArrayObject(NameObject(each) for each in filters)
        scanned.update({NameObject("/Filter"): packed, NameObject("/Subtype"): NameObject("/Image")})
        images[NameObject(name)] = writer._add_object(scanned)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    writer.add_metadata({"/Author": AUTHOR, "/Producer": MAKER.decode()})
    writer.xmp_metadata = XMP
    writer.add_attachment("a.txt", PLACE.encode())
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(script))
    if password:
        writer.encrypt(password)
    writer.write(written)
    return written.getvalue()


def docx(**parts: bytes) -> bytes:
    """A letter with an author, a company, a reviewer, a template, a form's data and a photograph. `parts`: more of them, `__` for `/` and `_` for `.`."""
    core = f"<cp:coreProperties><dc:creator>{AUTHOR}</dc:creator></cp:coreProperties>".encode()
    text = f'<w:document><w:ins w:author="{AUTHOR}" w:id="1"><w:t>Kính gửi</w:t></w:ins></w:document>'.encode()
    whole = {
        "[Content_Types].xml": CONTENT_TYPES.replace(b"/>", b">" + OVERRIDES + b"</Types>"),
        "word/document.xml": text,
        "docProps/core.xml": core,
        "docProps/app.xml": b"<Properties><Company>" + AUTHOR.encode() + b"</Company></Properties>",
        "word/media/image1.jpeg": jpeg(),
        "word/_rels/document.xml.rels": RELATIONS,
        "word/_rels/settings.xml.rels": TEMPLATE,
        "word/settings.xml": b'<w:settings><w:attachedTemplate r:id="rId1"/><w:zoom w:percent="100"/></w:settings>',
        "customXml/item1.xml": XMP,
        "customXml/itemProps1.xml": b"<ds:datastoreItem/>",
        "word/form.xml": f"<form><by>{AUTHOR}</by></form>".encode(),
    } | {name.replace("__", "/").replace("_", "."): data for name, data in parts.items()}
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as packed:
        for name, data in whole.items():
            packed.writestr(name, data)
    return written.getvalue()


def scan(size: int) -> bytes:
    """A PDF of about this many bytes: one page, and a picture that cannot be packed any smaller."""
    writer, written, picture = PdfWriter(), BytesIO(), StreamObject()
    page = writer.add_blank_page(200, 200)
    picture._data = os.urandom(size)
    images = DictionaryObject({NameObject("/Im0"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    writer.write(written)
    return written.getvalue()
