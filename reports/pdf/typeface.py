"""Words and lines of text in one weight of the typeface, wrapped to a width, ready to stand on paper.

Widths are in em: a line of width 10 set at 8 points is 80 points wide. Each word is shaped once a document.
Nothing in the text is markup.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import combining

from reports.pdf.bidi import base_of, levels_of, visual_order
from reports.pdf.embedding import EmbeddedFont
from reports.pdf.shaping import Face
from reports.pdf.words import Piece, Words
from reports.text import printable

_WORD_AND_SPACES = re.compile("([^ ]+)( *)")
_NUMBER = re.compile("[0-9۰-۹]+(?:[/.-][0-9۰-۹]+)*")
_ROUNDING = 1e-6
_STEP = 0.5
_UNBOUNDED = 1e6
_NARROWEST = 0.1  # em; more letters than fit at this width need not be tried on a line
_ZWNJ = "\u200c"

Levelled = tuple[int, Piece]


class Line(NamedTuple):
    """A line of text at the origin, in em: `show` is text operators, `marks` shapes, `font` the name in the page."""

    show: str
    marks: str
    width: float
    font: str


class _Word(NamedTuple):
    """What stays on one line, in reading order with levels: alone, and with the spaces that follow it."""

    pieces: list[Levelled]
    width: float
    spaced: list[Levelled]
    spaced_width: float


class Typeface:
    """One weight for one document."""

    def __init__(self, face: Face, resource: str) -> None:
        """`resource` is the name of the font inside the pages."""
        self.font = EmbeddedFont(face, resource)
        self._words = Words(face, self.font)
        self._known: dict[tuple[str, float, int | None], tuple[Line, ...]] = {}
        self._known_words: dict[tuple[str, int], _Word] = {}

    def line(self, text: str, base: int | None = None) -> Line:
        """The text on one line, however long."""
        return self.lines(text, _UNBOUNDED, base)[0]

    def lines(self, text: str, measure: float, base: int | None = None) -> tuple[Line, ...]:
        """The text on lines no wider than `measure` em, at least one; a word that is wider is broken.

        `base` is the direction of the whole; None takes that of the first letter (right to left for bare numbers).
        """
        if _NUMBER.fullmatch(text):
            number = self._words.number(text)
            if number.width <= measure:
                return (Line(f"0 0 Td[{number.show}]TJ", "", number.width, self.font.resource),)
        key = (text, measure, base)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._set(printable(text).strip(), measure, base)
        return known

    def balanced(self, text: str, measure: float) -> tuple[Line, ...]:
        """As `lines`, but no longer than needed for that number of lines, so that no word is left alone on the last."""
        lines = self.lines(text, measure)
        longest_word = max((self.line(word).width for word in text.split()), default=measure)
        while len(lines) > 1 and (measure := measure - _STEP) > longest_word:
            narrower = self.lines(text, measure)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def _set(self, text: str, measure: float, base: int | None) -> tuple[Line, ...]:
        levels = levels_of(text, base_of(text) if base is None else base)
        words = self._split(text, levels, measure)
        return tuple(self._line(chosen) for chosen in _filled(words, measure)) or (self._line([]),)

    def _line(self, words: list[_Word]) -> Line:
        pieces: list[Levelled] = []
        for word in words[:-1]:
            pieces += word.spaced
        for word in words[-1:]:
            pieces += word.pieces
        show, marks = _in_place(pieces)
        return Line(show, marks, _width(pieces), self.font.resource)

    def _split(self, text: str, levels: bytes, measure: float) -> Iterator[_Word]:
        for match in _WORD_AND_SPACES.finditer(text):
            start, end = match.span(1)
            if end - start <= measure / _NARROWEST:
                word = self._word(text, levels, (start, end, match.end()))
                if word.width <= measure + _ROUNDING:
                    yield word
                    continue
            while (stop := self._end_of_part(text, levels, (start, end), measure)) < end:
                yield self._word(text, levels, (start, stop, stop))
                start = stop
            yield self._word(text, levels, (start, end, match.end()))

    def _word(self, text: str, levels: bytes, span: tuple[int, int, int]) -> _Word:
        """The word from the first to the second place, with spaces up to the third."""
        start, _, end_of_spaces = span
        if levels.count(levels[start], start, end_of_spaces) < end_of_spaces - start:
            return self._new_word(text, levels, span)
        key = (text[start:end_of_spaces], levels[start])
        known = self._known_words.get(key)
        if known is None:
            known = self._known_words[key] = self._new_word(text, levels, span)
        return known

    def _new_word(self, text: str, levels: bytes, span: tuple[int, int, int]) -> _Word:
        start, end, end_of_spaces = span
        pieces = self._pieces(text, levels, start, end)
        spaced = _with_spaces(pieces, self._pieces(text, levels, end, end_of_spaces))
        return _Word(pieces, _width(pieces), spaced, _width(spaced))

    def _pieces(self, text: str, levels: bytes, start: int, end: int) -> list[Levelled]:
        return [
            (level, piece)
            for first, last, level in _stretches(levels, start, end)
            for piece in self._words.pieces(text[first:last], rtl=level % 2 == 1)
        ]

    def _end_of_part(self, text: str, levels: bytes, span: tuple[int, int], measure: float) -> int:
        """Where the longest part of a word ends that is no wider than `measure`: at least one letter."""
        start, end = span
        low, high = start + 1, min(end, start + 1 + int(measure / _NARROWEST))
        if high == end and self._word(text, levels, (start, end, end)).width <= measure + _ROUNDING:
            return end
        while low < high:
            middle = (low + high + 1) // 2
            fits = _width(self._pieces(text, levels, start, middle)) <= measure
            low, high = (middle, high) if fits else (low, middle - 1)
        return _between_letters(text, start, low)


def _width(pieces: list[Levelled]) -> float:
    return sum(piece.width for _, piece in pieces)


def _with_spaces(pieces: list[Levelled], spaces: list[Levelled]) -> list[Levelled]:
    """The spaces joined to the last piece where they run the same way, so that they are shown together."""
    if len(spaces) != 1 or spaces[0][0] != pieces[-1][0]:
        return pieces + spaces
    (level, last), (_, space) = pieces[-1], spaces[0]
    if level % 2 == 0:
        return [*pieces[:-1], (level, Piece(last.show + space.show, last.width + space.width, last.marks))]
    marks = f"q 1 0 0 1 {space.width:.4f} 0 cm {last.marks}Q " if last.marks else ""
    return [*pieces[:-1], (level, Piece(space.show + last.show, space.width + last.width, marks))]


def _filled(words: Iterator[_Word], measure: float) -> Iterator[list[_Word]]:
    """Words shared out over lines, as many on each as fit."""
    chosen: list[_Word] = []
    width = 0.0
    for word in words:
        if chosen and width + word.width > measure + _ROUNDING:
            yield chosen
            chosen, width = [], 0.0
        chosen.append(word)
        width += word.spaced_width
    if chosen:
        yield chosen


def _stretches(levels: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of one level between two places: first, last, level."""
    first = start
    for place in range(start + 1, end + 1):
        if place == end or levels[place] != levels[first]:
            yield first, place, levels[first]
            first = place


def _between_letters(text: str, start: int, place: int) -> int:
    """The last place up to this one where a letter begins: a mark or a ZWNJ stays with its letter."""
    stop = place
    while stop > start and stop < len(text) and (combining(text[stop]) or text[stop] == _ZWNJ):
        stop -= 1
    return stop if stop > start else place


def _in_place(pieces: list[Levelled]) -> tuple[str, str]:
    """Text and marks of pieces, each where it stands on paper but in the order they are read."""
    starts = [0.0] * len(pieces)
    x = 0.0
    for index in visual_order([level for level, _ in pieces]):
        starts[index] = round(x, 3)
        x += pieces[index][1].width
    shown: list[str] = []
    marks: list[str] = []
    at = 0.0
    for start, (_, piece) in zip(starts, pieces, strict=True):
        shown.append(f"{start - at:.3f} 0 Td[{piece.show}]TJ")
        at = start
        if piece.marks:
            marks.append(f"q 1 0 0 1 {start:.3f} 0 cm {piece.marks}Q")
    return " ".join(shown), " ".join(marks)
