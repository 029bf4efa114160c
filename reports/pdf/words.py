"""Shaped words as PDF text operators, each shaped once a document.

Readers of PDF files, and searches in them, see letters at places from left to right and turn right-to-left words round.
So that they find the text as it was written:
* every code is one letter with a width of its own: a ligature (لا), a ZWNJ, or a letter with marks (لّ) shares out the
  width of its glyph among its letters;
* marks above and below are drawn as shapes, not as text;
* words, and the punctuation that touches them, are shown one by one in the order they are read.
"""

from itertools import groupby
from typing import NamedTuple
from unicodedata import bidirectional

from reports.pdf.embedding import Cell, EmbeddedFont
from reports.pdf.shaping import Face, Glyph

_ZWNJ = "\u200c"
_OF_A_WORD = frozenset({"R", "AL", "NSM", "BN"})


class Piece(NamedTuple):
    """Letters of one direction: `show` is what a TJ array holds, `width` in em, `marks` shapes beside the text."""

    show: str
    width: float
    marks: str


class Words:
    """The shaped words of one weight in one document."""

    def __init__(self, face: Face, font: EmbeddedFont) -> None:
        self._face = face
        self._font = font
        self._known: dict[tuple[str, bool], tuple[Piece, ...]] = {}
        self._digits: dict[str, tuple[str, float]] = {}

    def pieces(self, text: str, *, rtl: bool) -> tuple[Piece, ...]:
        """The pieces of a text of one direction, in reading order."""
        key = (text, rtl)
        known = self._known.get(key)
        if known is None:
            parts = _apart(text) if rtl else [text]
            known = self._known[key] = tuple(self._shaped(part, rtl=rtl) for part in parts)
        return known

    def number(self, text: str) -> Piece:
        """A text of digits, each perhaps with a point or slash before it.

        These stand side by side unchanged, so numbers, nearly all of them different, need no shaping.
        """
        known = self._digits
        digits = [known.get(digit) or self._digit(digit) for digit in text]
        return Piece(f"<{''.join([show for show, _ in digits])}>", sum([width for _, width in digits]), "")

    def _digit(self, digit: str) -> tuple[str, float]:
        """Its code without the brackets, and its width."""
        (piece,) = self.pieces(digit, rtl=False)
        self._digits[digit] = known = (piece.show[1:-1], piece.width)
        return known

    def _shaped(self, text: str, *, rtl: bool) -> Piece:
        shown: list[str] = []
        marks: list[str] = []
        x = 0.0
        for carrier, carried in _carriers(self._face.shape(text, rtl=rtl), rtl=rtl):
            shown.append(self._cells(carrier, carried, rtl=rtl))
            marks += [self._mark(mark, x if rtl else x + carrier.advance) for mark in carried]
            x += carrier.advance
        return Piece("".join(shown).replace("><", ""), x, "".join(marks))

    def _cells(self, carrier: Glyph, carried: list[Glyph], *, rtl: bool) -> str:
        """The codes of a letter and its marks, side by side in the width of the letter; the first draws the letter."""
        if not carried and len(carrier.text) == 1 and not carrier.x_offset:
            return f"<{self._font.code(Cell(carrier.number, carrier.text, carrier.advance))}>"
        letters = list(carrier.text + "".join(mark.text for mark in carried)) or [""]
        glyphs = [carrier.number] + [self._face.blank] * (len(letters) - 1)
        width = carrier.advance / len(letters)
        in_place = reversed(letters) if rtl else letters
        codes = "".join(self._font.code(Cell(*cell, width)) for cell in zip(glyphs, in_place, strict=True))
        return f"{_moved(carrier.x_offset)}<{codes}>{_moved(-carrier.x_offset)}"

    def _mark(self, mark: Glyph, x: float) -> str:
        outline = self._face.outline(mark.number)
        return f"q 1 0 0 1 {x + mark.x_offset:.4f} {mark.y_offset:.4f} cm {outline} f Q " if outline else ""


def _carriers(glyphs: list[Glyph], *, rtl: bool) -> list[tuple[Glyph, list[Glyph]]]:
    """From left to right, each glyph that takes room with those it carries (marks, ZWNJ), these in reading order."""
    groups: list[tuple[Glyph, list[Glyph]]] = []
    for glyph in reversed(glyphs) if rtl else glyphs:
        if groups and not glyph.advance:
            groups[-1][1].append(glyph)
        else:
            groups.append((glyph, []))
    return groups[::-1] if rtl else groups


def _apart(text: str) -> list[str]:
    """Stretches of letters, and every character that is not a letter by itself."""
    if text.replace(_ZWNJ, "").isalpha():
        return [text]
    parts: list[str] = []
    for of_a_word, run in groupby(text, key=lambda character: bidirectional(character) in _OF_A_WORD):
        characters = "".join(run)
        parts += [characters] if of_a_word else list(characters)
    return parts


def _moved(distance: float) -> str:
    """A move to the right inside a TJ array, in em."""
    thousandths = round(-distance * 1000)
    return f"{thousandths} " if thousandths else ""
