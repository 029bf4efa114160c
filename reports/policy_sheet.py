"""The rules as an Excel file: one sheet, a row of the policy a row, right to left, equal tables make equal bytes."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.labels import RULE_STATUS
from app.persian import jalali
from app.persian.digits import to_persian
from app.policy.notation import NO, NO_LIMIT, YES, written
from app.policy.table import PolicyRow, PolicyTable
from app.policy.values import Fault, Kind, Parameter, read_value
from reports.excel import FONT, PERSIAN_DIGITS, put_number, put_text, saved
from reports.policy_columns import COLUMNS, HEAD_WORDS, ROW_WORDS, SheetColumn

if TYPE_CHECKING:
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "قواعد امانت"
_TITLE, _GROUP, _HEAD, _CODE, _CELL, _SUM = "عنوان", "گروه", "سرستون", "کد", "خانه", "عدد"
_GROUP_ROW = len(HEAD_WORDS) + 2
_HEAD_ROW, _CODE_ROW, _FIRST_ROW = _GROUP_ROW + 1, _GROUP_ROW + 2, _GROUP_ROW + 3
_ROOM = 200
"""So many rows below the last get lists to choose from too."""
_LONGEST_LIST = 250  # what Excel takes between the quotes of a list of choices


def policy_xlsx(table: PolicyTable) -> bytes:
    """The whole file; `reports.policy_reading` gives the table back."""
    from openpyxl import Workbook

    workbook = Workbook()
    for style in _styles():
        workbook.add_named_style(style)
    sheet = workbook.worksheets[0]
    _write_head(sheet, table)
    for place, column in enumerate(COLUMNS, 1):
        before = COLUMNS[place - 2].group if place > 1 else ""
        put_text(sheet, (_GROUP_ROW, place), column.group if column.group != before else "", _GROUP)
        put_text(sheet, (_HEAD_ROW, place), column.heading, _HEAD)
        put_text(sheet, (_CODE_ROW, place), column.code, _CODE)
    for line, row in enumerate(table.rows, _FIRST_ROW):
        for place, column in enumerate(COLUMNS, 1):
            _put(sheet, (line, place), column, row)
    _set_up(sheet, len(table.rows))
    return saved(workbook)


def _write_head(sheet: "Worksheet", table: PolicyTable) -> None:
    said = {
        "title": table.title,
        "version": to_persian(str(table.version)),
        "status": RULE_STATUS[table.status],
        "effective_from": jalali.short(table.effective_from) if table.effective_from else "",
        "profile": table.profile,
        "source": table.source,
        "categories": json.dumps(dict(table.categories), ensure_ascii=False) if table.categories else "",
    }
    for line, (name, label) in enumerate(HEAD_WORDS.items(), 1):
        put_text(sheet, (line, 1), label, _HEAD)
        put_text(sheet, (line, 2), said[name], _TITLE if name == "title" else _CELL)


def _put(sheet: "Worksheet", place: tuple[int, int], column: SheetColumn, row: PolicyRow) -> None:
    if column.parameter is None:
        put_text(sheet, place, str(getattr(row, column.code) or ""), _CELL)
        return
    plain = row.values.get(column.code)
    if plain is None:
        return
    value = read_value(column.parameter, plain)
    if isinstance(value, Fault):
        raise TypeError(column.code)
    if isinstance(value, int) and not isinstance(value, bool):
        put_number(sheet, place, value, _SUM)
    else:
        put_text(sheet, place, written(column.parameter, value), _CELL)


def _set_up(sheet: "Worksheet", rows: int) -> None:
    from openpyxl.utils import get_column_letter

    sheet.title = SHEET
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = f"{get_column_letter(len(_key_columns()) + 1)}{_FIRST_ROW}"
    sheet.page_setup.orientation = "landscape"
    for place, column in enumerate(COLUMNS, 1):
        wide = 30 if column.code in ("name", "source", "article") else max(12, len(column.heading) + 3)
        sheet.column_dimensions[get_column_letter(place)].width = wide
        if column.parameter is not None:
            _offer(sheet, get_column_letter(place), column.parameter, _FIRST_ROW + rows + _ROOM)


def _key_columns() -> list[SheetColumn]:
    return [column for column in COLUMNS if column.code in ROW_WORDS and column.group == COLUMNS[0].group]


def _offer(sheet: "Worksheet", letter: str, parameter: Parameter, last: int) -> None:
    """A list to choose from, where the words fit into one. It warns and does not forbid: «none» and codes are read
    too."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = {Kind.FLAG: (YES, NO), Kind.CHOICE: tuple(parameter.choices.values())}.get(parameter.kind, ())
    if parameter.default is None and words:
        words = (*words, NO_LIMIT)
    listed = ",".join(words)
    if not words or len(listed) > _LONGEST_LIST or '"' in listed:
        return
    offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, errorStyle="warning")
    offered.add(f"{letter}{_FIRST_ROW}:{letter}{last}")
    sheet.add_data_validation(offered)


def _styles() -> "Iterator[NamedStyle]":
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill

    def style(name: str, font: Font, fill: str = "", number_format: str = PERSIAN_DIGITS) -> NamedStyle:
        return NamedStyle(
            name,
            font=font,
            fill=PatternFill("solid", fgColor=fill) if fill else PatternFill(),
            alignment=Alignment(horizontal="right", vertical="center", readingOrder=2),
            number_format=number_format,
        )

    yield style(_TITLE, Font(name=FONT, size=13, bold=True))
    yield style(_GROUP, Font(name=FONT, size=11, bold=True), "FFE3F1EE")
    yield style(_HEAD, Font(name=FONT, size=10, bold=True), "FFEBEBEB")
    yield style(_CODE, Font(name=FONT, size=8, color="FF5B6472"))
    yield style(_CELL, Font(name=FONT, size=10))
    yield style(_SUM, Font(name=FONT, size=10), number_format="[$-3000429]#,##0")
