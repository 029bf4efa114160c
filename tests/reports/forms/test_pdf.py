import dataclasses
import gc
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
import pytest

from reports.forms.pdf import form_pdf
from reports.forms.spec import FormKind, Signatory
from reports.pdf.paper import Paper
from reports.preview import page_count
from tests.reports.forms.samples import HOSTILE_TITLES, form, form_of, row
from tests.reports.reading import missing, pdfium_text, raw_text, real_titles, squeezed

ROOT = Path(__file__).parents[3]


def pages_of(pdf: bytes) -> list[str]:
    return raw_text(pdf, "-raw").split("\f")[:-1]


@pytest.mark.parametrize("kind", FormKind)
def test_a_form_says_all_that_the_guideline_prints(kind: FormKind) -> None:
    data = form_of(kind, 12)
    spec = data.spec
    wanted = [spec.appendix, spec.title, *(column.head for column in spec.columns), data.closing_sentence()]
    wanted += [f"{field.label} {data.header_text(field.fact)}" for field in spec.header]
    for block in spec.signatures:
        wanted += [block.statement, block.role]
    text = raw_text(form_pdf(data), "-raw")
    assert missing(wanted, text) == []
    assert squeezed(text).count(squeezed("نام و نام خانوادگی")) == len(spec.signatures)
    assert squeezed(text).count(squeezed("تاریخ/ امضا")) == len(spec.signatures)
    assert "تعداد۱۲نسخه" in squeezed(text)
    assert "زهرا" in text


@pytest.mark.parametrize("kind", FormKind)
def test_a_form_holds_every_fact_of_its_rows(kind: FormKind) -> None:
    data = form_of(kind, 3)
    text = raw_text(form_pdf(data), "-raw")
    wanted = ["تاریخ ادبیات ایران", "دولت‌آبادی، محمود", "۵۰۰۰", "۱۳۸۹/۰۱/۰۱", "۵۰۰۲", "۱۳۸۹/۰۱/۰۳"]
    if kind is not FormKind.BINDING:
        wanted += ["۱۳۸۵", "۸فا۱/۲۱", "موافقت شد"]
    assert missing(wanted, text) == []


def test_persian_and_latin_in_one_title_are_read_back() -> None:
    titles = ["Windows XP آموزش گام‌به‌گام", "اعلام جرم علیه مؤلّف", "Cormen, Thomas H. Introduction to Algorithms"]
    pdf = form_pdf(form(FormKind.WEEDING_CONTENT, tuple(row(n, title) for n, title in enumerate(titles))))
    assert missing(titles, raw_text(pdf, "-raw")) == []
    words = set(pdfium_text(pdf)[0].split())
    assert {"گام‌به‌گام", "اعلام", "مؤلّف", "Windows", "Cormen,", "H."} <= words


def test_real_titles_are_read_back() -> None:
    titles = [title for title in real_titles(120, step=200) if not re.search("[A-Za-z]", title)]
    pdf = form_pdf(form(FormKind.BINDING, tuple(row(n, title) for n, title in enumerate(titles))))
    letters = squeezed(raw_text(pdf, "-raw"))
    assert [title for title in titles if squeezed(re.sub(r"\W", " ", title)) not in re.sub(r"\W", "", letters)] == []


def test_the_head_of_the_table_stands_on_every_page() -> None:
    data = form_of(FormKind.WEEDING_DUPLICATE, 200)
    pages = pages_of(form_pdf(data))
    assert len(pages) > 4
    heads = [column.head for column in data.spec.columns]
    assert [missing(heads, page) for page in pages] == [[]] * len(pages)


def test_pages_are_numbered() -> None:
    pages = pdfium_text(form_pdf(form_of(FormKind.BINDING, 60)))
    assert len(pages) == 2
    assert "صفحهٔ ۱ از ۲" in pages[0]
    assert "صفحهٔ ۲ از ۲" in pages[1]


@pytest.mark.parametrize("count", [1, 5, *range(22, 34), 60, 61, 62])
def test_the_blocks_to_sign_stay_together_on_the_last_page(count: int) -> None:
    pages = pages_of(form_pdf(form_of(FormKind.WEEDING_WORN, count)))
    signed = [squeezed(page).count(squeezed("تاریخ/ امضا")) for page in pages]
    assert signed == [0] * (len(pages) - 1) + [5]
    assert missing(["بازیافت آنها بلامانع است.", "ردیف"], pages[-1]) == []


def test_a_short_form_has_its_five_numbered_rows() -> None:
    text = raw_text(form_pdf(form_of(FormKind.WEEDING_CONTENT, 0)), "-bbox")
    assert [number for number in "۱۲۳۴۵" if f">{number}</word>" not in text] == []


def test_the_columns_run_from_right_to_left() -> None:
    boxes = raw_text(form_pdf(form_of(FormKind.BINDING, 8)), "-bbox")
    places = [
        float(found[1])
        for head in ("ردیف", "عنوان", "مؤلّف", "نسخه")
        if (found := re.search(rf'xMin="([0-9.]+)"[^>]*>(?:{head}|{head[::-1]})</word>', boxes))
    ]
    assert len(places) == 4
    assert places == sorted(places, reverse=True)
    assert places[0] > 530


def test_equal_facts_are_equal_bytes() -> None:
    assert form_pdf(form_of(FormKind.WEEDING_WORN, 30)) == form_pdf(form_of(FormKind.WEEDING_WORN, 30))


def test_a_loose_page_says_whose_paper_it_is() -> None:
    pages = pages_of(form_pdf(form_of(FormKind.WEEDING_WORN, 60)))
    assert len(pages) == 2
    assert [missing(["کتابخانه عمومی شهید بهشتی · شماره: ۱۴۰۴/۱۲"], page) for page in pages] == [[]] * 2


def test_the_file_tells_its_title_and_language_and_nothing_of_the_machine() -> None:
    pdf = form_pdf(form_of(FormKind.WEEDING_CONTENT, 3))
    told = pypdfium2.PdfDocument(pdf).get_metadata_dict(skip_empty=True)
    assert told.pop("Title") == (
        "صورتجلسه ی شماره یک وجین:صورتجلسه ی وجین محتوایی منابع · کتابخانه عمومی شهید بهشتی · شماره: ۱۴۰۴/۱۲"
    )
    assert set(told) == {"Creator", "Producer", "CreationDate", "ModDate"}
    assert told["CreationDate"] == told["ModDate"] == "D:20000101000000+00'00'"
    assert b"/Lang (fa)" in pdf
    assert not re.search(rb"/(home|tmp|work|usr)/|[A-Z]:\\\\", pdf)


def test_every_font_is_in_the_file() -> None:
    pdf = form_pdf(form_of(FormKind.WEEDING_CONTENT, 3))
    assert set(re.findall(rb"/BaseFont /([^ /]+)", pdf)) == {
        b"AAAAAA+Vazirmatn-Regular",
        b"AAAAAA+Vazirmatn-Bold",
    }
    assert pdf.count(b"/FontFile2") == 2


def test_a_draft_is_marked_on_every_page() -> None:
    data = form_of(FormKind.WEEDING_CONTENT, 60)
    final, draft = form_pdf(data), form_pdf(dataclasses.replace(data, draft=True))
    assert [missing(["پیش‌نویس"], page) for page in pages_of(draft)] == [[]] * page_count(draft)
    assert "پیش‌نویس" not in raw_text(final, "-raw")


def test_the_head_of_the_chain_is_printed_at_the_foot() -> None:
    assert (
        missing(["سر زنجیره", "118-9f86d081884c7d65"], raw_text(form_pdf(form_of(FormKind.BINDING, 1)), "-raw")) == []
    )


def test_hostile_titles_are_printed_as_text() -> None:
    rows = tuple(row(number, title) for number, title in enumerate(HOSTILE_TITLES))
    text = squeezed(raw_text(form_pdf(form(FormKind.WEEDING_CONTENT, rows)), "-raw"))
    for part in ("cmd|", "SUM", "src", "http://localhost/x.png", "passwd", "راستچپ", "زنگتب", "_x0041_", "&amp;"):
        assert part in text


def test_a_title_of_two_thousand_letters_is_printed_whole() -> None:
    title = " ".join(f"کلمه{number}" for number in range(400))[:2000]
    text = raw_text(form_pdf(form(FormKind.WEEDING_CONTENT, (row(1), row(2, title), row(3)))), "-raw")
    assert [number for number in range(240) if f"{number}" not in text] == []
    assert missing(["۵۰۰۳"], text) == []


@pytest.mark.parametrize("letter", ["ب", "W", "۷"])
def test_a_word_without_spaces_stays_inside_its_column(letter: str) -> None:
    pdf = form_pdf(form(FormKind.WEEDING_CONTENT, (row(1, letter * 2000),)))
    assert squeezed(raw_text(pdf, "-raw")).count(letter) >= 2000
    lefts = [
        float(left)
        for left, word in re.findall(r'xMin="([0-9.]+)"[^>]*>([^<]*)</word>', raw_text(pdf, "-bbox"))
        if letter * 5 in word
    ]
    assert lefts
    assert min(lefts) > 400


def test_heavy_packages_wait_until_a_form_is_made() -> None:
    script = (
        "import sys, reports.forms.pdf, reports.forms.xlsx, reports.preview\n"
        "print([name for name in ('reportlab', 'uharfbuzz', 'bidi', 'openpyxl', 'pypdfium2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT, text=True)
    assert done.stdout.strip() == "[]"


def test_a_struck_row_is_crossed_out_and_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = Paper.rules

    def noted(paper: Paper, ends: Iterable[tuple[float, ...]], width: float = 0.5, gray: float = 0) -> None:
        lines = list(ends)
        drawn.append(len(lines) if width == 0.7 else 0)
        draw(paper, lines, width, gray)  # type: ignore[arg-type]

    monkeypatch.setattr(Paper, "rules", noted)
    struck = dataclasses.replace(row(2, "گلستان سعدی"), struck=True, ruling="رد")
    form_pdf(form(FormKind.WEEDING_WORN, (row(1), row(2, "گلستان سعدی"), row(3))))
    plain = sum(drawn)
    drawn.clear()
    pdf = form_pdf(form(FormKind.WEEDING_WORN, (row(1), struck, row(3))))
    assert sum(drawn) - plain == 8  # every cell but the number of the row and the expert's words
    assert missing(["گلستان سعدی", "۵۰۰۲", "حذف شد؛ رد", "تعداد ۲ نسخه"], raw_text(pdf, "-raw")) == []


def test_every_page_says_by_which_revision_and_guideline_it_was_made() -> None:
    data = dataclasses.replace(form_of(FormKind.WEEDING_WORN, 60), revision=2, guideline="ویراست ۱، پیش‌نویس")
    wanted = ["ویراست ۲ صورتجلسه", "دستورالعمل ویراست ۱، پیش‌نویس"]
    assert [missing(wanted, page) for page in pages_of(form_pdf(data))] == [[]] * len(pages_of(form_pdf(data)))


def test_names_stand_under_their_label_and_the_unknown_are_left_to_be_written() -> None:
    names = {Signatory.BRANCH_HEAD: "زهرا کریمی", Signatory.PROVINCE_REVIEWER: "سیده فاطمه میرحسینی رضوی کاشانی"}
    data = dataclasses.replace(form_of(FormKind.WEEDING_WORN, 3), signatories=names)
    text = raw_text(form_pdf(data), "-raw")
    assert missing(names.values(), text) == []
    assert squeezed(text).count(squeezed("نام و نام خانوادگی")) == 5


def test_five_hundred_rows_fill_their_pages_and_end_with_rows_beside_the_signatures() -> None:
    pages = pages_of(form_pdf(form_of(FormKind.WEEDING_DUPLICATE, 500)))
    rows_on = [len(re.findall("۱۳۸۵", page)) for page in pages]
    assert sum(rows_on) == 500
    assert min(rows_on[1:-2]) == max(rows_on[1:-2])
    assert rows_on[-1] >= 3


def test_five_thousand_rows_are_set_without_searching_for_garbage() -> None:
    """Collection is left for later, and goes on afterwards."""
    assert gc.isenabled()
    before = gc.get_stats()[0]["collections"]
    form_pdf(form_of(FormKind.WEEDING_CONTENT, 400))
    assert gc.get_stats()[0]["collections"] - before < 20
    assert gc.isenabled()
