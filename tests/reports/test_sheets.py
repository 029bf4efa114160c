"""The plain list on A4 that minutes, reports and working papers are drawn on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.preview import page_count
from reports.sheets import SIGN, Column, Row, Sheet
from tests.reports.forms.samples import HOSTILE_TITLES
from tests.reports.reading import Word, misplaced, raw_text, squeezed, words

COLUMNS = (Column("ردیف", 9, centred=True), Column("عنوان", 60), Column("تاریخ ثبت", 18, centred=True))
LONG = "کتابخانه عمومی مشارکتی حضرت آیت‌الله العظمی سید محمدرضا موسوی گلپایگانی، شمارهٔ 2 Branch (A)"


def rows(count: int, title: str = "سووشون") -> list[Row]:
    return [Row((f"R{number}", title, "۱۴۰۵/۰۸/۳۰")) for number in range(1, count + 1)]


def signed(listed: list[Row]) -> bytes:
    sheet = Sheet("صورتجلسه", "شماره ۱۴۰۵/۳", "شهید بهشتی")
    sheet.table(COLUMNS, listed, closing=SIGN)
    sheet.sign("مسئول کتابخانه", "KARIMI")
    return sheet.pdf()


def numbers(found: list[Word], page: int) -> int:
    return sum(word.page == page and word.text.startswith("R") for word in found)


def test_pages_are_numbered_of_how_many() -> None:
    pages = raw_text(signed(rows(80)), "-raw").split("\f")[:-1]
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"صفحه{'۱۲۳'[number - 1]}از۳" in squeezed(page).replace("\u0654", "")


@pytest.mark.parametrize("count", [1, 2, *range(28, 42), 70])
def test_rows_go_along_with_the_signature(count: int) -> None:
    found = words(signed(rows(count)))
    (page,) = {word.page for word in found if word.text == "KARIMI"}
    assert page == max(word.page for word in found)
    assert numbers(found, page) >= min(count, 3)
    assert sum(numbers(found, each) for each in range(1, page + 1)) == count


@pytest.mark.parametrize("lines", [20, 55, 130])
def test_a_row_higher_than_a_page_goes_on_on_the_next(lines: int) -> None:
    title = " ".join(f"کلمه{number}" for number in range(lines * 4))
    pdf = signed([*rows(2), Row(("ش۳", title, "")), *rows(1)])
    text = squeezed(raw_text(pdf, "-raw"))
    assert [number for number in range(lines * 4) if f"کلمه{number}" not in text] == []
    assert misplaced(pdf) == []


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_hostile_text_stays_in_its_place(title: str) -> None:
    sheet = Sheet(f"صورتجلسه {title}", f"{title} " * 12, f"{LONG} {title}")
    sheet.heading(f"{title} " * 8)
    sheet.table((*COLUMNS, Column("شناسهٔ طولانی", 8, centred=True)), [Row((title, title * 3, title, title))] * 30)
    sheet.sign(LONG, title * 4)
    assert misplaced(sheet.pdf()) == []


def test_the_name_of_a_library_stands_beside_the_title_and_not_under_it() -> None:
    pdf = Sheet("صورتجلسهٔ تحویل منابع وجینی به کتابخانه", "شماره ۱۴۰۵/۳", f"{LONG} — شهرستان اراک").pdf()
    assert misplaced(pdf) == []
    title = [word for word in words(pdf) if word.top < 40 and word.left > 300]
    assert {word.top for word in title} == {title[0].top}
    assert len(title) >= 5


def test_a_day_and_a_heading_of_one_word_are_set_smaller_before_they_break() -> None:
    sheet = Sheet("فهرست", "", "ما")
    narrow = (Column("ویراست", 7.5, centred=True), Column("تاریخ", 10, centred=True), Column("عنوان", 100))
    sheet.table(narrow, [Row(("۲", "۱۴۰۵/۰۸/۳۰", "سووشون"))])
    text = raw_text(sheet.pdf())
    assert [whole for whole in ("ویراست", "۱۴۰۵/۰۸/۳۰") if whole not in text] == []


def test_words_one_over_another_are_found() -> None:
    """The test of the test: what stands on something else is told."""
    sheet = Sheet("صورتجلسه", "", "ما")
    for shift in (0, 5):
        sheet.paper.text(sheet.paper.regular.line("روی‌هم"), 9, (300 + shift, 400 + shift / 5))
    sheet.paper.text(sheet.paper.regular.line("بیرون از کاغذ"), 9, (30, 300))
    told = misplaced(sheet.pdf())
    assert any("runs over" in one for one in told)
    assert any("over the edge" in one for one in told)


@settings(max_examples=15)
@given(st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=30))
def test_rows_of_any_height_are_all_there(lines: list[int]) -> None:
    listed = [Row((f"R{place}", "کلمه " * 9 * high, "")) for place, high in enumerate(lines)]
    pdf = signed(listed)
    assert page_count(pdf) <= sum(lines) // 20 + len(lines) + 1
    assert squeezed(raw_text(pdf, "-raw")).count("کلمه") == 9 * sum(lines)
