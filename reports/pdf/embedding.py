"""A face inside a PDF file: only the glyphs used, and for each the exact letter a reader or search gets back.

The font is written as a composite font with two-byte codes. A code stands for a glyph together with one letter and a
width, so that a glyph drawn for different letters still gives each of them back.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from reports.pdf.shaping import Face

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFStream

_DROPPED_TABLES = (b"GSUB", b"GPOS", b"GDEF", b"cmap", b"name", b"post", b"OS/2", b"gasp")
_NO_LETTER = "\u200b"
_SYMBOLIC = 4
_ENTRIES_IN_A_BLOCK = 100  # most that a ToUnicode block may hold


class Cell(NamedTuple):
    """What one code stands for: a glyph (maybe blank), the letter it is read as, the width it takes in em."""

    glyph: int
    letter: str
    width: float


class EmbeddedFont:
    """Codes are given in order of first use, so equal documents become equal bytes."""

    def __init__(self, face: Face, resource: str) -> None:
        """`resource` is the name of the font inside the pages."""
        self.resource = resource
        self._face = face
        self._codes: dict[Cell, str] = {}

    def code(self, cell: Cell) -> str:
        """Four hexadecimal digits."""
        code = self._codes.get(cell)
        if code is None:
            code = self._codes[cell] = f"{len(self._codes) + 1:04x}"
        return code

    def add_to(self, document: Any) -> None:
        """Write the font's objects into a ReportLab `PDFDocument`; after the last page, before the file is made."""
        from reportlab.pdfbase import pdfdoc

        name = f"/AAAAAA+{self._face.name}"
        composite = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": name,
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([document.Reference(self._descendant(document, name))]),
                "ToUnicode": document.Reference(_compressed(self._letter_map().encode("ascii"))),
            }
        )
        document.idToObject[pdfdoc.BasicFonts][self.resource] = document.Reference(composite)

    def _descendant(self, document: Any, name: str) -> "PDFDictionary":
        from reportlab.pdfbase import pdfdoc

        system = pdfdoc.PDFDictionary({"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0})
        return pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": name,
                "CIDSystemInfo": system,
                "FontDescriptor": document.Reference(self._descriptor(document, name)),
                "CIDToGIDMap": document.Reference(_compressed(self._glyph_map())),
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray([f"{cell.width * 1000:.2f}" for cell in self._codes])]),
            }
        )

    def _descriptor(self, document: Any, name: str) -> "PDFDictionary":
        from reportlab.pdfbase import pdfdoc

        ascent, descent = (round(value * 1000) for value in self._face.extents())
        file = self._face.subset({cell.glyph for cell in self._codes}, _DROPPED_TABLES)
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": name,
                "Flags": _SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray([-1000, descent, 2000, ascent]),
                "Ascent": ascent,
                "Descent": descent,
                "CapHeight": ascent,
                "ItalicAngle": 0,
                "StemV": 80,
                "FontFile2": document.Reference(_compressed(file)),
            }
        )

    def _glyph_map(self) -> bytes:
        return b"".join(number.to_bytes(2, "big") for number in (0, *(cell.glyph for cell in self._codes)))

    def _letter_map(self) -> str:
        entries = [
            f"<{code}> <{(cell.letter or _NO_LETTER).encode('utf-16-be').hex()}>" for cell, code in self._codes.items()
        ]
        blocks = [entries[start : start + _ENTRIES_IN_A_BLOCK] for start in range(0, len(entries), _ENTRIES_IN_A_BLOCK)]
        body = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{body}"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        )


def _compressed(content: bytes) -> "PDFStream":
    from reportlab.pdfbase import pdfdoc

    return pdfdoc.PDFStream(content=content, filters=[pdfdoc.PDFZCompress])
