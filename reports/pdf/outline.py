"""The outline of a glyph as PDF path operators."""

from typing import Any


class _Path:
    """What HarfBuzz draws on."""

    def __init__(self, em: float) -> None:
        self.operators: list[str] = []
        self._em = em
        self._x = self._y = 0.0

    def add(self, operator: str, *points: float) -> None:
        self._x, self._y = points[-2:]
        self.operators.append(" ".join([*(f"{value * self._em:.4f}" for value in points), operator]))

    def add_quadratic(self, x1: float, y1: float, x: float, y: float) -> None:
        """PDF has cubic curves only."""
        near = (self._x + (x1 - self._x) * 2 / 3, self._y + (y1 - self._y) * 2 / 3)
        far = (x + (x1 - x) * 2 / 3, y + (y1 - y) * 2 / 3)
        self.add("c", *near, *far, x, y)


def glyph_path(font: Any, number: int, em: float) -> str:
    """The shape of a glyph of a HarfBuzz font, in em; empty for a blank. `em` is the size of one font unit."""
    import uharfbuzz as hb

    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, path: path.add("m", x, y))
    pen.set_line_to_func(lambda x, y, path: path.add("l", x, y))
    pen.set_quadratic_to_func(lambda x1, y1, x, y, path: path.add_quadratic(x1, y1, x, y))
    pen.set_cubic_to_func(lambda x1, y1, x2, y2, x, y, path: path.add("c", x1, y1, x2, y2, x, y))
    pen.set_close_path_func(lambda path: path.operators.append("h"))
    path = _Path(em)
    font.draw_glyph(number, pen, path)
    return " ".join(path.operators)
