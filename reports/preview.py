"""Pages of a PDF file as pictures, for the preview on the screen and for printing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from db.trouble import Trouble

_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page of `width` x `height` pixels; `rgb` has three bytes a pixel, rows from the top, without padding."""

    width: int
    height: int
    rgb: bytes


def page_count(pdf: bytes) -> int:
    """Number of pages. `Trouble` P-4102 if the file cannot be read."""
    document = _opened(pdf)
    try:
        return len(document)
    finally:
        document.close()


def page_images(pdf: bytes, dpi: float) -> list[PageImage]:
    """All pages. `Trouble` P-4102 if the file cannot be read."""
    return list(each_page_image(pdf, dpi))


def each_page_image(pdf: bytes, dpi: float, first: int = 0) -> Iterator[PageImage]:
    """The pages one after another from page `first` (counted from 0), for printing: at 300 dpi an A4 page takes 26 MB.

    `Trouble` P-4102 if the file cannot be read. PDFium may be used by one thread at a time only.
    """
    document = _opened(pdf)
    try:
        for number in range(first, len(document)):
            yield _image(document[number], dpi)
    finally:
        document.close()


def _opened(pdf: bytes) -> Any:
    import pypdfium2 as pdfium

    try:
        return pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        raise Trouble("P-4102", reason=str(error)) from error


def _image(page: Any, dpi: float) -> PageImage:
    bitmap = page.render(scale=dpi / _POINTS_PER_INCH, rev_byteorder=True, prefer_bgrx=False)
    try:
        row, pixels = bitmap.width * 3, bytes(bitmap.buffer)
        if bitmap.stride != row:
            pixels = b"".join(pixels[start : start + row] for start in range(0, len(pixels), bitmap.stride))
        return PageImage(bitmap.width, bitmap.height, pixels)
    finally:
        bitmap.close()
        page.close()
