"""The lists of copies that go home and of ours that are elsewhere, on paper and in Excel."""

import datetime as dt
import io
import uuid

import openpyxl

from app.circulation.elsewhere import Sighting
from app.conflicts.away import AwayCopy, AwayWhy
from app.exchange.rules import LibraryFacts
from db.codes import BranchKind, ItemStatus, ReturnSeenState
from reports.strangers import (
    NO_ADDRESS,
    UNNAMED,
    address_of,
    away_pdf,
    away_xlsx,
    by_library,
    home_pdf,
    home_xlsx,
)
from tests.reports.branches import BRANCH
from tests.reports.reading import missing, raw_text

TODAY = dt.date(2026, 11, 21)
FERDOWSI = LibraryFacts(
    uuid.uuid4(), 1, "کتابخانه عمومی فردوسی", BranchKind.INSTITUTIONAL, "مرکزی", "خمین", "۱", None,
    to_be_founded=False, licensed_until=None, address="خیابان شریعتی",
)  # fmt: skip


def seen(barcode: str, library: str | None, state: ReturnSeenState = ReturnSeenState.HERE) -> Sighting:
    at = dt.datetime(2026, 11, 10, 8, tzinfo=dt.UTC)
    return Sighting(uuid.uuid4(), 1, barcode, library, at, at.date(), state, None, "جلد خیس")


ROWS = (
    seen("ARK-1", None),
    seen("FRD-1", "کتابخانهٔ عمومی فردوسی", ReturnSeenState.CLOSED),
    seen("KHN-1", "کتابخانهٔ خیام"),
    seen("FRD-2", "كتابخانه عمومی  فردوسي"),
)
AWAY = (
    AwayCopy(uuid.uuid4(), "RAF-7", 1234, "کلیدر", "۲", ItemStatus.IN_TRANSIT, AwayWhy.BROUGHT, "کتابخانهٔ خیام", TODAY),
    AwayCopy(uuid.uuid4(), "RAF-8", 8, "بوستان", None, ItemStatus.IN_TRANSIT, AwayWhy.UNDER_WAY, None, None),
)


def lines(sheet: bytes) -> list[list[str]]:
    """The cells of a file, without its title."""
    read = openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(min_row=2, values_only=True)
    return [[str(cell or "") for cell in line] for line in read]


def test_each_library_has_its_table_and_the_nameless_stand_last() -> None:
    assert [(name, [row.barcode for row in copies]) for name, copies in by_library(ROWS)] == [
        ("کتابخانهٔ خیام", ["KHN-1"]),
        ("کتابخانهٔ عمومی فردوسی", ["FRD-1", "FRD-2"]),
        ("", ["ARK-1"]),
    ]


def test_the_address_comes_from_the_list_of_libraries_however_the_name_is_spaced() -> None:
    assert address_of([FERDOWSI], "کتابخانهٔ عمومی فردوسی") == "مرکزی، خمین، خیابان شریعتی"
    assert address_of([FERDOWSI], "کتابخانهٔ خیام") == address_of([FERDOWSI], None) == ""
    assert address_of([FERDOWSI, FERDOWSI], "کتابخانهٔ عمومی فردوسی") == ""


def test_the_slips_name_library_address_and_labels() -> None:
    told = ("FRD-1", "ARK-1", "کتابخانهٔ خیام — ۱ کتاب", "خیابان شریعتی", NO_ADDRESS, UNNAMED, "بسته شد", "جلد خیس")
    assert missing(told, raw_text(home_pdf(BRANCH, ROWS, [FERDOWSI], TODAY))) == []
    nothing = raw_text(home_pdf(BRANCH, (), [], TODAY))
    assert missing(("کتابی از کتابخانه‌های دیگر اینجا نیست",), nothing) == []


def test_the_sheet_has_a_line_for_each_copy() -> None:
    head, *rows = lines(home_xlsx(ROWS, [FERDOWSI], TODAY))
    assert head[:3] == ["کتابخانه", "نشانی", "برچسب"]
    assert [line[2] for line in rows] == ["KHN-1", "FRD-1", "FRD-2", "ARK-1"]
    assert rows[1][1] == "مرکزی، خمین، خیابان شریعتی"


def test_our_copies_elsewhere_on_paper_and_in_excel() -> None:
    told = ("کلیدر، جلد ۲", "۱۲۳۴", "کتابخانهٔ خیام", "آنجا بازگشت", "در راه")
    assert missing(told, raw_text(away_pdf(BRANCH, AWAY, TODAY))) == []
    assert missing(("هیچ کتابی از ما",), raw_text(away_pdf(BRANCH, (), TODAY))) == []
    head, first, second = lines(away_xlsx(AWAY, TODAY))
    assert (head[-1], first[2], first[-1], second[3]) == ("وضعیت در دفتر ما", "RAF-7", "در راه", "")
