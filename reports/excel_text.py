"""How texts fill the cells of an Excel sheet, reckoned beforehand: whoever opens the file does not tell."""

from math import ceil
from typing import Final

A4_PAPER: Final = 9
"""How Excel calls A4."""

_CELL_MARGINS = 0.7  # in digits
_SIZE = 9.0  # of the type the widths below are of
_WIDEST, _USUAL, _SPACE = 1.6, 0.7, 0.5
_WIDTHS = {
    **dict.fromkeys("WM@%&mw—", _WIDEST),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZصضسش_=+#<>", 1.1),
    **dict.fromkeys("abcdeghknopqsuvxyz", 1.0),
    **dict.fromkeys("بپتثکگفقی", 0.85),
    **dict.fromkeys("0123456789۰۱۲۳۴۵۶۷۸۹", 0.92),
    **dict.fromkeys("/.,:;!|'()[]،؛ijltIاأإآ", 0.55),
    **dict.fromkeys("\u200c\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652", 0.0),
}
"""Widths of letters set at nine points, in digits of the font by which Excel measures columns. A little too wide
rather than too narrow."""


def lines_needed(text: str, width: float, size: float = _SIZE) -> int:
    """Lines a text takes, wrapped between words in a column so many digits wide; at least one. `size` in points."""
    room = (width - _CELL_MARGINS) * _SIZE / size
    if len(text) * _WIDEST <= room:
        return 1
    lines, used = 1, 0.0
    for word in text.split():
        long = sum([_WIDTHS.get(letter, _USUAL) for letter in word])
        if used and used + long > room:
            lines, used = lines + 1, 0.0
        broken = ceil(long / room) - 1
        lines += max(broken, 0)
        used += long - max(broken, 0) * room + _SPACE
    return lines
