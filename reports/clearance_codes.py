"""Bars and squares on paper: Code 128 and QR as plain rectangles, sharp at any resolution of a printer."""

from itertools import groupby

from reports.pdf.paper import MM, Paper

QUIET_BARS, QUIET_SQUARE = 10, 4
"""Modules that stay white around the code, as the two standards ask."""


def draw_bars(paper: Paper, code: str, place: tuple[float, float], height: float, module: float = 0.375 * MM) -> float:
    """Code 128 with its lower left corner at `place` (points), quiet zones left out; returns its width.

    A module of 0.375 mm is three dots of a label printer with 203 dpi.
    """
    import barcode

    (pattern,) = barcode.Code128(code).build()
    x, y = place
    for dark, run in groupby(pattern):
        width = len(list(run)) * module
        if dark == "1":
            paper.shade((x, y, width, height), 0)
        x += width
    return float(x - place[0])


def draw_square(paper: Paper, text: str, place: tuple[float, float], side: float) -> None:
    """A QR code of level M with its quiet zone inside the square of `side` points at `place` (lower left corner)."""
    from reportlab.graphics.barcode import qrencoder

    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    module = side / (len(code.modules) + 2 * QUIET_SQUARE)
    for line, modules in enumerate(code.modules):
        x, y = place[0] + QUIET_SQUARE * module, place[1] + side - (line + 1 + QUIET_SQUARE) * module
        for dark, run in groupby(map(bool, modules)):
            width = len(list(run)) * module
            if dark:
                paper.shade((x, y, width, module), 0)
            x += width
