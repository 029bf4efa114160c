"""Reading the rules back from an Excel sheet, guarded like every Excel file from outside; mistakes name their cell."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from python_calamine import CalamineError

from app.catalogue.importing.xlsx_guard import check_workbook
from app.catalogue.importing.xlsx_reader import Sheet, cell_text, visible_sheets
from app.labels import RULE_STATUS
from app.persian.digits import parse_int, to_persian
from app.policy.notation import read_written
from app.policy.parameters import PARAMETERS
from app.policy.problems import Problem
from app.policy.values import Fault
from db.trouble import Trouble
from reports.policy_columns import HEAD_WORDS, KEY_WORDS, MOST_COLUMNS, ROW_WORDS

NO_HEADINGS = "سطری که نام ستون‌ها (branch، category، item_type) را دارد پیدا نشد."
FORMULA = "در این خانه فرمول است؛ مقدار آن را بنویسید."
UNREADABLE = "«{text}» برای «{label}» خوانده نشد."
UNKNOWN = "«{text}» نام هیچ ستونی از قواعد نیست."


@dataclass(frozen=True, slots=True)
class SheetDocument:
    """The document in a sheet, and where its rows and columns stand, to tell of problems found later."""

    document: Mapping[str, object]
    lines: Sequence[int]
    letters: Mapping[str, str]

    def located(self, problem: Problem) -> Problem:
        """The problem with its cell in front of the words."""
        if not problem.place:
            return problem
        line, letter = self.lines[problem.place - 1], self.letters.get(problem.parameter, "")
        return replace(problem, text=f"{_cell(line, letter)}: {problem.text}")


def read_policy_sheet(path: Path) -> SheetDocument | tuple[Problem, ...]:
    """The document in an Excel file, or every cell that cannot be read.

    Raises Trouble P-1231 (not to be read), P-2102 (no Excel file), P-2103 (too big or made to do harm), P-2104 (empty).
    """
    try:
        checked = check_workbook(path, MOST_COLUMNS)
        sheets = list(visible_sheets(checked))
    except CalamineError as error:
        raise Trouble("P-2102", path=path, reason=str(error)) from error
    except OSError as error:
        raise Trouble("P-1231", path=path, reason=str(error)) from error
    if not sheets:
        raise Trouble("P-2104", path=path)
    found = ((sheet, _heading_line(sheet)) for sheet in sheets)
    sheet, line = next(((sheet, line) for sheet, line in found if line is not None), (sheets[0], None))
    return (Problem("sheet.headings", NO_HEADINGS),) if line is None else _read(sheet, line)


def _read(sheet: Sheet, heading: int) -> SheetDocument | tuple[Problem, ...]:
    codes = {place: code for place, cell in enumerate(sheet.rows[heading]) if (code := cell_text(cell).strip())}
    problems = [
        Problem("sheet.column", f"{_cell(heading + 1, _letter(place))}: {UNKNOWN.format(text=code)}")
        for place, code in codes.items()
        if code not in PARAMETERS and code not in ROW_WORDS
    ]
    if len(set(codes.values())) < len(codes):
        problems.append(Problem("sheet.column", "نام یک ستون دو بار آمده است."))
    rows, lines = [], []
    for line in range(heading + 1, len(sheet.rows)):
        cells = {place: cell_text(cell) for place, cell in enumerate(sheet.rows[line]) if place in codes}
        formulas = {column for row, column in sheet.formulas if row == line and column in codes}
        if not formulas and not any(text.strip() for text in cells.values()):
            continue
        rows.append(dict(_values(line, cells, codes, problems)))
        lines.append(line + 1)
        problems += [Problem("sheet.formula", f"{_cell(line + 1, _letter(place))}: {FORMULA}") for place in formulas]
    if problems:
        return tuple(problems)
    letters = {code: _letter(place) for place, code in codes.items()}
    return SheetDocument({**_head(sheet, heading), "rows": rows}, lines, letters)


def _values(
    line: int, cells: Mapping[int, str], codes: Mapping[int, str], problems: list[Problem]
) -> Iterator[tuple[str, object]]:
    for place, text in cells.items():
        code = codes[place]
        if code in ROW_WORDS and text.strip():
            yield code, text.strip()
        if code not in PARAMETERS:
            continue
        plain = read_written(PARAMETERS[code], text)
        if isinstance(plain, Fault):
            words = UNREADABLE.format(text=text.strip()[:80], label=PARAMETERS[code].label)
            problems.append(Problem(plain.value, f"{_cell(line + 1, _letter(place))}: {words}", parameter=code))
        elif plain is not None:
            yield code, plain


def _head(sheet: Sheet, heading: int) -> dict[str, object]:
    """Title, status and the like above the rows; what is left out stays as it is in the library."""
    names = {label: name for name, label in HEAD_WORDS.items()}
    said: dict[str, object] = {}
    for row in sheet.rows[:heading]:
        label, text = (cell_text(cell).strip() for cell in (*row, "", "")[:2])
        if label in names and text:
            said[names[label]] = text
    statuses = {label: status.value for status, label in RULE_STATUS.items()}
    if "status" in said:
        said["status"] = statuses.get(str(said["status"]), said["status"])
    if "version" in said:
        said["version"] = parse_int(str(said["version"])) or said["version"]
    if "categories" in said:
        said["categories"] = _categories(str(said["categories"]))
    return said


def _categories(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _heading_line(sheet: Sheet) -> int | None:
    for line, row in enumerate(sheet.rows[:40]):
        if set(KEY_WORDS) <= {cell_text(cell).strip() for cell in row}:
            return line
    return None


def _cell(line: int, letter: str) -> str:
    column = f"، ستون {letter}" if letter else ""
    return f"سطر {to_persian(str(line))}{column}"


def _letter(place: int) -> str:
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
