"""Sheets of paper: text, rules and shades on pages of a PDF file. Points from the lower left corner, as in PDF."""

import io
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from reports.pdf.shaping import Face
from reports.pdf.typeface import Line, Typeface
from reports.text import printable

MM: Final = 72 / 25.4
A4: Final = (210 * MM, 297 * MM)
LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0  # which part of a line stands at the given place

_FONTS = Path(__file__).parents[2] / "resources" / "fonts"


class Paper:
    """One document. Equal calls make equal bytes: no date, no random id."""

    def __init__(self, title: str, size: tuple[float, float] = A4) -> None:
        """`size` in points. `Trouble` P-4101 if the font files are not there."""
        self.regular = Typeface(Face(_FONTS / "Vazirmatn-Regular.ttf"), "F1")
        self.bold = Typeface(Face(_FONTS / "Vazirmatn-Bold.ttf"), "F2")
        self._title = printable(title)
        self._size = size
        self._pages: list[list[str]] = []
        self._pictures: list[bytes] = []

    def new_page(self) -> None:
        """What follows is drawn on a new page."""
        self._pages.append([])

    @property
    def page_count(self) -> int:
        """Pages begun so far."""
        return len(self._pages)

    def on_every_page(self, draw: Callable[[int, int], None]) -> None:
        """Draw what needs the count of the pages: `draw` is told the number of a page and the count."""
        pages = self._pages
        for number, page in enumerate(pages, start=1):
            self._pages = [page]
            draw(number, len(pages))
        self._pages = pages

    def text(self, line: Line, size: float, place: tuple[float, float], anchor: float = RIGHT, gray: float = 0) -> None:
        """A line with its foot at `place`; `size` in points, `gray` from 0 (black) to 1 (white)."""
        x = place[0] - anchor * line.width * size
        self._show(line, f"{size:g} 0 0 {size:g} {x:.2f} {place[1]:.2f}", gray)

    def slanted(self, line: Line, size: float, centre: tuple[float, float], degrees: float, gray: float) -> None:
        """A line turned about its middle, as a mark across the page."""
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x = centre[0] - cosine * line.width * size / 2
        y = centre[1] - sine * line.width * size / 2
        turned = f"{size * cosine:.3f} {size * sine:.3f} {-size * sine:.3f} {size * cosine:.3f} {x:.2f} {y:.2f}"
        self._show(line, turned, gray)

    def rules(self, ends: Iterable[tuple[float, float, float, float]], width: float = 0.5, gray: float = 0) -> None:
        """Straight rules (x1, y1, x2, y2), drawn in one go."""
        path = " ".join(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l" for x1, y1, x2, y2 in ends)
        self._draw(f"{width:g} w {gray:g} G {path} S 0 G")

    def dots(self, start: float, end: float, y: float) -> None:
        """A dotted rule to write on by hand."""
        self._draw(f"q 0.6 w 0.45 G 1 J [0 2.2] 0 d {start:.2f} {y:.2f} m {end:.2f} {y:.2f} l S Q")

    def frame(self, box: tuple[float, float, float, float], width: float = 0.6) -> None:
        """The outline of a box (x, y, width, height)."""
        self._draw(f"{width:g} w {_rectangle(box)} S")

    def shade(self, box: tuple[float, float, float, float], gray: float) -> None:
        """A box filled with gray."""
        self._draw(f"{gray:g} g {_rectangle(box)} f 0 g")

    def picture(self, jpeg: bytes, box: tuple[float, float, float, float]) -> None:
        """A JPEG picture filling a box (x, y, width, height)."""
        if jpeg not in self._pictures:
            self._pictures.append(jpeg)
        x, y, width, height = box
        name = _picture_name(self._pictures.index(jpeg))
        self._draw(f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm /{name} Do Q")

    def pdf(self) -> bytes:
        """The whole file."""
        from reportlab.pdfbase import pdfdoc

        document = pdfdoc.PDFDocument(invariant=1, pdfVersion=(1, 5), lang="fa")
        document.setTitle(self._title)
        document.setAuthor("")
        document.setSubject("")
        document.setCreator("Pishkhan")
        pictures = self._stored_pictures(document)
        for drawn in self._pages:
            content = "\n".join(drawn)
            document.updateSignature(content)
            document.addPage(self._page(content, pictures))
        for typeface in (self.regular, self.bold):
            typeface.font.add_to(document)
        data = document.GetPDFData(None)
        return data if isinstance(data, bytes) else data.encode("latin-1")

    def _stored_pictures(self, document: Any) -> Mapping[str, object]:
        """Each picture as it is, once in the file whatever number of pages show it."""
        return {
            _picture_name(place): document.Reference(_image(jpeg), _picture_name(place))
            for place, jpeg in enumerate(self._pictures)
        }

    def _page(self, content: str, pictures: Mapping[str, object]) -> object:
        from reportlab.pdfbase import pdfdoc

        page = pdfdoc.PDFPage()
        page.MediaBox = pdfdoc.PDFArray([0, 0, *self._size])
        page.Contents = pdfdoc.PDFStream(content=content.encode("ascii"), filters=[pdfdoc.PDFZCompress])
        page.Resources = pdfdoc.PDFResourceDictionary()
        page.Resources.basicFonts()
        if pictures:
            page.Resources.XObject = pdfdoc.PDFDictionary(dict(pictures))
        return page

    def _show(self, line: Line, matrix: str, gray: float) -> None:
        if not line.show:
            return
        drawn = f"BT/{line.font} 1 Tf {matrix} Tm {line.show} ET"
        if line.marks:
            drawn += f" q {matrix} cm {line.marks} Q"
        self._draw(f"{gray:g} g {drawn} 0 g" if gray else drawn)

    def _draw(self, operators: str) -> None:
        self._pages[-1].append(operators)


def _picture_name(place: int) -> str:
    return f"Im{place + 1}"


def _image(jpeg: bytes) -> object:
    from PIL import Image
    from reportlab.pdfbase import pdfdoc

    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        width, height = picture.size
    stream = pdfdoc.PDFStream(content=jpeg)
    words = {"Type": "XObject", "Subtype": "Image", "ColorSpace": "DeviceRGB", "Filter": "DCTDecode"}
    for name, word in words.items():
        stream.dictionary[name] = pdfdoc.PDFName(word)
    for name, value in {"Width": width, "Height": height, "BitsPerComponent": 8}.items():
        stream.dictionary[name] = value
    return stream


def _rectangle(box: tuple[float, float, float, float]) -> str:
    return " ".join(f"{value:.2f}" for value in box) + " re"
