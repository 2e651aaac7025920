"""The scan of a synthetic paper: a PDF with one empty page."""

from io import BytesIO

from pypdf import PdfWriter


def scanned() -> bytes:
    """A PDF as a scanner leaves it, with nothing on it."""
    writer, written = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(written)
    return written.getvalue()
