"""The rows of the demo library as its files hold them."""

import csv
from pathlib import Path

DEMO = Path(__file__).parents[2] / "resources" / "demo"
REFERENCE_DAY = "1405/09/01"
"""The day the demo library is set on: three years of loans lie before it."""

AGE_GROUPS = {"الف", "ب", "ج", "د", "ه"}

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """Every row of a CSV file of the demo library, column to cell."""
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def several(cell: str) -> list[str]:
    """The values of a cell that holds several, parted by «|»."""
    return cell.split("|") if cell else []


def pairs(cell: str) -> list[tuple[str, str]]:
    """The values of a cell of the shape «translator:…|editor:…»."""
    return [(code, value) for code, _, value in (entry.partition(":") for entry in several(cell))]
