"""docs/desk-protocol.md names every operation of the headless desk in a table, and none that is not there."""

import re
from functools import cache
from pathlib import Path

import pytest

from server.desk.operations import OPERATIONS

PAGE = Path(__file__).parents[2] / "docs" / "desk-protocol.md"
TABLE = re.compile(r"^\| op \|[^\n]*\n\|[-|]+\|\n(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
FIRST_CELL = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)
QUOTED = re.compile(r"`([a-z_.]+)`")
ONE_OPERATION_SEVERAL_WAYS = {"import": 3}
"""Rows of `import`: books, and the formats that have rows of their own."""


@cache
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def operations_in(text: str) -> list[str]:
    """The operations that head the rows of tables; a row may tell of several."""
    cells = [cell for table in TABLE.findall(text) for cell in FIRST_CELL.findall(table)]
    return [name for cell in cells for name in QUOTED.findall(cell)]


def is_missing(name: str, text: str) -> bool:
    return name not in operations_in(text)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_has_a_row(name: str) -> None:
    assert operations_in(page()).count(name) == ONE_OPERATION_SEVERAL_WAYS.get(name, 1)


def test_no_row_tells_of_an_operation_that_is_not_there() -> None:
    assert [name for name in operations_in(page()) if name not in OPERATIONS] == []


def test_a_missing_row_is_noticed() -> None:
    without = re.sub(r"^\| `pay` .*\n", "", page(), flags=re.MULTILINE)
    assert is_missing("pay", without)
    assert not is_missing("waive", without)
