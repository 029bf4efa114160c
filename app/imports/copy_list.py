"""A list of copies in a text file: on each line a number of a copy, and beside it what the list says of it."""

import re
from pathlib import Path

from app.imports.lines import read_text

_BETWEEN = re.compile(r"[,;،؛\t]")


def listed_copies(path: Path) -> tuple[tuple[str, str], ...]:
    """The first two cells of every line that has something in the first: number of the copy, and the cell beside it or
    "" where there is none.

    Raises Trouble P-2101 to P-2105.
    """
    lines, _ = read_text(path)
    rows = ([cell.strip(' "') for cell in _BETWEEN.split(line.text)] for line in lines)
    return tuple((cells[0], cells[1] if len(cells) > 1 else "") for cells in rows if cells[0])
