"""Tables in Excel files, through calamine, after `xlsx_guard`."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.catalogue.importing.findings import Concern, Warn
from app.catalogue.importing.table import Line, Table, find_headings, table_of
from app.catalogue.importing.xlsx_guard import CheckedWorkbook, check_workbook
from db.trouble import Trouble

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with something in it: its rows from the first on, and where (row, column, from 0) formulas stand."""

    name: str
    rows: list[list[Cell]]
    formulas: frozenset[tuple[int, int]]

    def lines(self) -> Iterator[Line]:
        """The rows as lines; a row as a JSON list is what the side file keeps of it."""
        formulas = defaultdict[int, set[int]](set)
        for row, column in self.formulas:
            formulas[row].add(column)
        height = max((len(self.rows), *(row + 1 for row in formulas)))  # a formula may have no value yet
        for place in range(height):
            texts = tuple(map(cell_text, self.rows[place] if place < len(self.rows) else ()))
            raw = json.dumps(texts, ensure_ascii=False)
            yield Line(place + 1, texts, raw, formulas=frozenset(formulas.get(place, ())))


def open_xlsx(path: Path) -> Table:
    """The table in an Excel file: the first visible sheet with headings, else the first with anything in it.

    Raises Trouble P-2102 if the file is no Excel file, P-2103 if it is too big or made to do harm, P-2104 if it is
    empty; OSError as the disk says.
    """
    checked = check_workbook(path)
    try:
        sheets = list(visible_sheets(checked))
    except CalamineError as error:
        raise Trouble("P-2102", path=path, reason=str(error)) from error
    if not sheets:
        raise Trouble("P-2104", path=path)
    chosen = next((sheet for sheet in sheets if find_headings(sheet.lines()).line), sheets[0])
    others = "، ".join(sheet.name for sheet in sheets if sheet is not chosen)
    warnings = [Warn(Concern.OTHER_SHEETS, chosen.name, others)] if others else []
    return table_of(chosen.lines, len(chosen.rows), warnings)


def visible_sheets(checked: CheckedWorkbook) -> Iterator[Sheet]:
    """The visible sheets that hold anything. Raises CalamineError for what is no workbook after all."""
    parts = checked.part_of_sheet()
    with CalamineWorkbook.from_filelike(checked.archive()) as workbook:
        for sheet in workbook.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                if rows:
                    yield Sheet(sheet.name, rows, checked.formulas.get(parts.get(sheet.name, ""), frozenset()))


def cell_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a fraction, dates as ISO."""
    match cell:
        case str():
            return cell
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.datetime() | dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)
