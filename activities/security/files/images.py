"""JPEG and PNG written anew from their pixels: no EXIF, XMP, text, thumbnail or trailing bytes; turned as they were shown."""

from io import BytesIO

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from activities.security.files.kinds import FileType, RefusalError, RefusedError

MOST_PIXELS = 50_000_000  # local: a telephone's largest photograph; 150 MB once it is opened
_STRONGEST = 255  # of a quantization table that every reader knows


def bare_image(data: bytes, kind: FileType) -> bytes:
    """The same picture with nothing beside it; RefusedError where it is broken, moves, or has too many pixels."""
    try:
        with Image.open(BytesIO(data), formats=[kind.name]) as opened:
            return _anew(opened, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedError(RefusalError.TOO_BIG_INSIDE) from None


def _anew(opened: Image.Image, kind: FileType) -> bytes:
    if opened.width * opened.height > MOST_PIXELS:
        raise RefusedError(RefusalError.TOO_BIG_INSIDE)
    if kind is FileType.PNG and getattr(opened, "is_animated", False):
        raise RefusedError(RefusalError.MOVING)
    turned, written = ImageOps.exif_transpose(opened), BytesIO()
    turned.info = {name: value for name, value in opened.info.items() if name == "transparency"}
    turned.save(written, format=kind.name, **_as_before(opened))
    return written.getvalue()


def _as_before(opened: Image.Image) -> dict[str, object]:
    """A JPEG's own tables, so that writing it again costs next to nothing of it."""
    if not isinstance(opened, JpegImageFile):
        return {}
    tables = {number: list(table) for number, table in opened.quantization.items()}
    if not tables or any(value > _STRONGEST for table in tables.values() for value in table):
        return {"quality": 92}
    return {"qtables": tables, "subsampling": get_sampling(opened)}
