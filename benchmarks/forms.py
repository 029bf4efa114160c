"""An official form of 5,000 rows as PDF and as Excel, against a bare ReportLab table and a bare openpyxl sheet of the
same cells: no shaping, no right-to-left line, no heading, no styles."""

import datetime as dt
import io
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.persian import jalali
from benchmarks.figures import Timings
from reports.forms.data import FormData, FormRow
from reports.forms.pdf import form_pdf
from reports.forms.spec import FormKind
from reports.forms.xlsx import form_xlsx

ROWS, ROUNDS = 5_000, 5
DAY = dt.date(2026, 12, 1)
SYLLABLES = (
    "دا را می سا نو شا بر گل مه کا تا پر خو نا زا فر جه شه با ری سی مو لا کو هم دل آر بی خا نی در مان ست یر زن تاب "
    "گاه ور ین ام"
).split()
FONT = Path(__file__).resolve().parents[1] / "resources" / "fonts" / "Vazirmatn-Regular.ttf"


@dataclass(frozen=True)
class FormFigures:
    """Seconds of a whole file."""

    pdf: Timings
    bare_pdf: Timings
    xlsx: Timings
    bare_xlsx: Timings


def measure(_: Path) -> FormFigures:
    """The four in turn, in every round."""
    data = _form()
    cells = [_cells(number, row) for number, row in enumerate(data.rows, 1)]
    figures = FormFigures(Timings(), Timings(), Timings(), Timings())
    sides: tuple[tuple[Timings, Callable[[], object]], ...] = (
        (figures.pdf, lambda: form_pdf(data)),
        (figures.bare_pdf, lambda: _bare_table(cells)),
        (figures.xlsx, lambda: form_xlsx(data)),
        (figures.bare_xlsx, lambda: _bare_sheet(cells)),
    )
    for _timings, make in sides:
        make()  # packages loaded
    for _round in range(ROUNDS):
        for timings, make in sides:
            start = time.perf_counter()
            make()
            timings.add_round([time.perf_counter() - start])
    return figures


def _form() -> FormData:
    random_ = random.Random(7)
    words = ["".join(random_.choices(SYLLABLES, k=random_.randint(1, 3))) for _ in range(12_000)]
    rows = tuple(
        FormRow(
            title=" ".join(random_.choice(words) for _ in range(random_.randint(2, 8))),
            author=f"{random_.choice(words)}، {random_.choice(words)}",
            year=str(random_.randint(1350, 1405)),
            accession_no=str(10_000 + number),
            accession_date=dt.date(2010, 3, 21) + dt.timedelta(number),
            copy_no=str(number % 3 + 1),
            class_no=f"۸فا۳/{number % 90 + 10}",
            ruling="تأیید",
        )
        for number in range(ROWS)
    )
    return FormData(
        FormKind.WEEDING_WORN, "کتابخانه عمومی سنجش", "مرکزی", "اراک", "آبگرم", "۴", DAY, rows, number="1405/1"
    )


def _cells(number: int, row: FormRow) -> list[str]:
    day = jalali.short(row.accession_date) if row.accession_date else ""
    facts = (row.title, row.author, row.year, row.accession_no, day, row.volume_no, row.copy_no, row.class_no)
    return [str(number), *facts, row.ruling]


def _bare_table(cells: list[list[str]]) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, SimpleDocTemplate

    if "Vazirmatn" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Vazirmatn", str(FONT)))
    file = io.BytesIO()
    style = [("FONT", (0, 0), (-1, -1), "Vazirmatn", 8), ("GRID", (0, 0), (-1, -1), 0.35, (0.5, 0.5, 0.5))]
    table = LongTable(cells, colWidths=[53] * 10, rowHeights=[17] * len(cells), style=style)
    SimpleDocTemplate(file, pagesize=A4, leftMargin=30, rightMargin=30).build([table])
    return file.getvalue()


def _bare_sheet(cells: list[list[str]]) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in cells:
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
