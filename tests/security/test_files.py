"""A file says what it has to say, and nothing of where, when, with what and by whom it was made."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from pypdf import PdfReader

from activities.security.files.boxes import without_boxes
from activities.security.files.cleaning import cleaned
from activities.security.files.images import MOST_PIXELS
from activities.security.files.kinds import FileType, RefusalError, RefusedError
from activities.security.files.process import bare
from tests.build.files import AUTHOR, CONTENT_TYPES, MAKER, PLACE, SECRETS, box, docx, jpeg, jpeg2000, pdf, png


def _inside(data: bytes) -> bytes:
    """A file's bytes, and of a zip those of its parts."""
    if not data.startswith(b"PK"):
        return data
    with ZipFile(BytesIO(data)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("make", [jpeg, png, pdf, docx])
def test_place_and_author_are_gone_and_the_kind_is_told_by_content(make: Callable[[], bytes]) -> None:
    """Who finds the file does not find the house the person hides in, nor the officer who took the picture."""
    given = make()
    assert any(secret in _inside(given) for secret in SECRETS), "the file gave nothing away to begin with"
    kind, clean = bare(given)
    assert FileType(make.__name__) is kind
    assert [] == [secret for secret in SECRETS if secret in _inside(clean)]


def test_a_photograph_stands_as_it_was_shown() -> None:
    """Held upright, it stays upright though the mark that said so is gone; its colours stay."""
    _, clean = bare(jpeg(orientation=6))
    with Image.open(BytesIO(clean)) as picture:
        assert (20, 40) == picture.size
        red, _, blue = picture.convert("RGB").split()
        assert red.getpixel((10, 5)) == pytest.approx(255, abs=30)
        assert blue.getpixel((10, 35)) == pytest.approx(255, abs=30)
        assert not picture.getexif()


def test_a_transparent_colour_stays_transparent() -> None:
    """A seal on a paper is not turned into a black square."""
    _, clean = bare(png())
    with Image.open(BytesIO(clean)) as picture:
        assert 0 == picture.info["transparency"]


def test_a_paper_keeps_its_pages_pictures_and_text() -> None:
    """What was to be read can be read."""
    _, clean = bare(pdf())
    objects: Any = PdfReader(BytesIO(clean)).pages[0]["/Resources"]
    for name in ("/Im0", "/Im1", "/Im2"):
        picture = Image.open(BytesIO(objects["/XObject"][name]._data))
        assert (40, 20) == picture.convert("RGB").size
    _, letter = bare(docx())
    with ZipFile(BytesIO(letter)) as packed:
        assert "Kính gửi" in packed.read("word/document.xml").decode()
        assert (40, 20) == Image.open(BytesIO(packed.read("word/media/image1.jpeg"))).size


def test_a_letter_has_no_data_beside_its_text_and_nothing_points_to_it() -> None:
    """A form's data and the path of a template are gone with what led to them, so that the letter opens without a repair."""
    _, letter = bare(docx())
    with ZipFile(BytesIO(letter)) as packed:
        names = packed.namelist()
        assert [] == [name for name in names if name.startswith("customXml") or name == "word/form.xml"]
        told = b"".join(packed.read(name) for name in names if name.endswith((".rels", ".xml")))
        assert [] == [word for word in (b"customXml", b"form.xml", b"attachedTemplate") if word in told]
        assert b"media/image1.jpeg" in packed.read("word/_rels/document.xml.rels")


def test_of_a_jpeg_2000_only_what_makes_the_picture_is_kept() -> None:
    """Boxes of kinds nobody knows are left out; one that breaks off is refused."""
    kept = without_boxes(jpeg2000() + box(b"new!", PLACE.encode()))
    assert (True, []) == (b"jp2c" in kept, [secret for secret in SECRETS if secret in kept])
    with pytest.raises(RefusedError) as refused:
        without_boxes(jpeg2000()[:60])
    assert RefusalError.BROKEN is refused.value.why


def test_pixels_in_tiles_keep_their_places_when_remarks_are_blanked() -> None:
    """A bare codestream in tiles, without boxes: the same pixels, the remark is gone, and so is what follows its end."""
    written = BytesIO()
    Image.linear_gradient("L").save(written, "JPEG2000", no_jp2=True, comment=AUTHOR, tile_size=(64, 64))
    clean = without_boxes(written.getvalue() + MAKER)
    assert (False, False) == (AUTHOR.encode() in clean, MAKER in clean)
    assert Image.open(written).tobytes() == Image.open(BytesIO(clean)).tobytes()


def _large() -> bytes:
    """A PNG of a few bytes that says it has more pixels than may be opened."""
    head = struct.pack(">IIBBBBB", MOST_PIXELS, 2, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def _zip_of(size: int) -> bytes:
    return docx(word__bomb_txt=b"\0" * size)


def _moving() -> bytes:
    written = BytesIO()
    first, second = (Image.new("RGB", (4, 4), colour) for colour in ("red", "blue"))
    first.save(written, "PNG", save_all=True, append_images=[second])
    return written.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], RefusalError]] = {
    "a program": (lambda: b"MZ\x90\x00", RefusalError.KIND),
    "a page of HTML": (lambda: b"<html>%PDF</html>", RefusalError.KIND),
    "nothing": (lambda: b"", RefusalError.KIND),
    "a zip of something else": (lambda: b"PK\x03\x04" + docx()[4:].replace(b"document.xml", b"workbook.xml"), RefusalError.KIND),
    "macros": (lambda: docx(word__vbaProject_bin=b"x"), RefusalError.MACROS),
    "macros by their type": (lambda: _typed(b"application/vnd.ms-word.document.macroEnabled"), RefusalError.MACROS),
    "an embedded object": (lambda: docx(word__embeddings__ole1_bin=b"x"), RefusalError.EMBEDDED),
    "a film in a letter": (lambda: docx(word__media__film_mp4=b"\0\0\0\x20ftypmp42"), RefusalError.MEDIA),
    "a moving picture": (_moving, RefusalError.MOVING),
    "a paper under a password": (lambda: pdf(password="mat-khau"), RefusalError.ENCRYPTED),
    "a picture too large to open": (_large, RefusalError.TOO_BIG_INSIDE),
    "a letter that unpacks to the ceiling": (lambda: _zip_of(101_000_000), RefusalError.TOO_BIG_INSIDE),
    "half a photograph": (lambda: jpeg(size=(400, 400))[:900], RefusalError.BROKEN),
    "half a screenshot": (lambda: png()[:-60], RefusalError.BROKEN),
    "half a letter": (lambda: docx()[:-40], RefusalError.BROKEN),
    "a paper without pages": (lambda: b"%PDF-1.7\n%%EOF", RefusalError.BROKEN),
}  # fmt: skip


def _typed(marker: bytes) -> bytes:
    given, written = BytesIO(docx()), BytesIO()
    with ZipFile(given) as packed, ZipFile(written, "w") as made:
        for name in packed.namelist():
            made.writestr(name, CONTENT_TYPES + marker if name.startswith("[") else packed.read(name))
    return written.getvalue()


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_paper_or_cannot_be_read_is_refused_with_its_reason(name: str) -> None:
    """The officer learns what to do instead: another kind, another copy, without the password."""
    make, why = REFUSED[name]
    with pytest.raises(RefusedError) as refused:
        await cleaned(make())
    assert why is refused.value.why


async def test_a_file_is_opened_in_a_process_that_knows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file made to break a parser breaks a process that holds nothing, and the officer is told."""
    monkeypatch.setenv("HOMEWARD_KEYS__FILE", "nowhere")
    clean = await cleaned(pdf())
    assert (FileType.PDF, False) == (clean.kind, AUTHOR.encode() in clean.data)
    with pytest.raises(RefusedError):
        await cleaned(b"%PDF-1.7\n%%EOF")
