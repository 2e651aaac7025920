"""Several photographs of one paper become one PDF: a page each, turned as they were shown, no larger than a reader needs."""

from io import BytesIO

from PIL import Image

from activities.security.files.images import bare_image
from activities.security.files.kinds import FileType, RefusalError, RefusedError, type_of
from activities.security.files.pdf import bare_pdf

LONGEST_SIDE = 2200  # local: an A4 page at about 190 dots an inch
A4_INCHES = 11.69
QUALITY = 82
PHOTOGRAPHS = (FileType.JPEG, FileType.PNG)


def joined(photographs: list[bytes]) -> bytes:
    """One PDF; RefusedError where one of them is no photograph or cannot be read."""
    pages = [_page(each) for each in photographs]
    written = BytesIO()
    pages[0].save(
        written, "PDF", save_all=True, append_images=pages[1:], resolution=LONGEST_SIDE / A4_INCHES, quality=QUALITY
    )
    return bare_pdf(written.getvalue())


def _page(data: bytes) -> Image.Image:
    """A photograph without where and with what it was taken, on white where it was transparent."""
    kind = type_of(data)
    if kind not in PHOTOGRAPHS:
        raise RefusedError(RefusalError.KIND)
    with Image.open(BytesIO(bare_image(data, kind)), formats=[kind.name]) as opened:
        whole = opened.convert("RGBA")
    page = Image.new("RGB", whole.size, "white")
    page.paste(whole, mask=whole)
    page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return page
