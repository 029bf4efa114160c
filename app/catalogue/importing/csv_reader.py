"""Tables of text: one row a line, cells parted by commas, semicolons, tabs or bars."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from app.catalogue.importing.columns import column_of
from app.catalogue.importing.csv_cells import Dialect, one_line, rows
from app.catalogue.importing.encodings import Encoding, TextLine, text_lines
from app.catalogue.importing.table import Line, Table, table_of

DELIMITERS = ",;\t|"

_EXCEL_HINT = re.compile(r"sep=(.)")  # first line of a file that Excel is to open with another delimiter
_SAMPLE_LINES = 20


def open_csv(path: Path, encoding: Encoding) -> Table:
    """The table in a text file. OSError as the disk says."""
    dialect = dialect_of([line.text for line in islice(text_lines(path, encoding), _SAMPLE_LINES)])

    def lines() -> Iterator[Line]:
        return rows(_without_hint(text_lines(path, encoding)), dialect)

    return table_of(lines, total=sum(1 for _ in text_lines(path, encoding)))


def dialect_of(sample: Sequence[str]) -> Dialect:
    """How cells are parted: as Excel's hint says, else as known headings are, else as most lines are alike."""
    hint = _EXCEL_HINT.fullmatch(sample[0]) if sample else None
    splits = {
        mark: [one_line(line, mark) for line in sample if line.strip()] for mark in (hint[1] if hint else DELIMITERS)
    }
    best = max(splits, key=lambda mark: _likeness(splits[mark]))
    return Dialect(best, _usual_width(splits[best])[0])


def _likeness(lines: Sequence[Sequence[str]]) -> tuple[int, int, int]:
    headings = max((sum(column_of(cell) is not None for cell in cells) for cells in lines), default=0)
    width, agreeing = _usual_width(lines)
    return (headings, agreeing if width > 1 else 0, width)


def _usual_width(lines: Sequence[Sequence[str]]) -> tuple[int, int]:
    """(cells, lines) of the most frequent width."""
    widths = Counter(len(cells) for cells in lines)
    return max(widths.items(), key=lambda found: (found[1], found[0]), default=(1, 0))


def _without_hint(lines: Iterator[TextLine]) -> Iterator[TextLine]:
    return (line for line in lines if line.number > 1 or not _EXCEL_HINT.fullmatch(line.text))
