import io
import re
from dataclasses import asdict
from typing import Any

import pytest
from openpyxl import load_workbook

from db.codes import DocumentKind
from reports.forms.data import cell_text
from reports.forms.official import FORMS
from reports.forms.pdf import form_pdf
from reports.forms.spec import FormKind
from reports.forms.xlsx import form_xlsx
from tests.reports.forms.samples import form_of
from tests.reports.reading import official_forms, pdfium_text, raw_text, squeezed

WIDTH_OF_THE_TABLE = 186


def official(kind: FormKind) -> dict[str, Any]:
    key = "binding_request" if kind is FormKind.BINDING else kind.value
    return next(form for form in official_forms() if form["key"] == key)


def test_every_kind_has_its_form() -> None:
    assert set(FORMS) == set(FormKind)
    assert {kind.value for kind in FormKind} <= {kind.value for kind in DocumentKind}


@pytest.mark.parametrize("kind", FormKind)
def test_every_word_is_the_guidelines_own(kind: FormKind) -> None:
    form, printed = FORMS[kind], official(kind)
    assert form.appendix == printed["appendix"]
    assert form.title == printed["title"]
    assert [field.label for field in form.header] == printed["header"]
    assert [column.head for column in form.columns] == printed["columns"]
    assert form.least_rows == printed["blank_rows"]
    assert form.sentence == printed["sentence"]
    assert form.article == printed["article"]
    worded = [{**asdict(signature)} for signature in form.signatures]
    assert [{key: block[key] for key in printed["signatures"][0]} for block in worded] == printed["signatures"]


@pytest.mark.parametrize("kind", FormKind)
def test_the_columns_fill_the_page(kind: FormKind) -> None:
    assert sum(column.width for column in FORMS[kind].columns) == WIDTH_OF_THE_TABLE


@pytest.mark.parametrize("kind", FormKind)
def test_nobody_signs_twice(kind: FormKind) -> None:
    signatories = [signature.signatory for signature in FORMS[kind].signatures]
    assert len(set(signatories)) == len(signatories)


VALUES = ("شهید بهشتی", "قزوین", "آوج", "آبگرم", "۴", "۱۴۰۴/۰۹/۲۰")
ROWS = 6
HAMZA = "\u0654"  # this way of reading puts a mark on the last letter before its word
BLANKS = (
    ("     /     /      13   ", " ۱۴۰۴/۰۹/۲۰ "),
    (r"(?<=تعداد) {2,}", " ۶ "),
    (r"(?<=عمومی) {2,}", " شهید بهشتی "),
)


def filled(printed: dict[str, Any]) -> str:
    """The sentence of the guideline with its three blanks filled by hand."""
    text = str(printed["sentence"])
    for blank, value in BLANKS:
        text, found = re.subn(blank, value, text, count=1)
        assert found == 1
    return text


def blocks(printed: dict[str, Any], *keys: str) -> list[str]:
    return [block[key] for block in printed["signatures"] for key in keys]


@pytest.mark.parametrize("kind", FormKind)
def test_the_paper_reads_letter_by_letter_as_the_guideline_in_its_order(kind: FormKind) -> None:
    """Heading, columns from right to left, rows, sentence and the blocks from right to left: nothing more or less."""
    printed, data = official(kind), form_of(kind, ROWS)
    told = [printed["appendix"], "شماره: ۱۴۰۴/۱۲", printed["title"]]
    told += [part for pair in zip(printed["header"], VALUES, strict=True) for part in pair]
    told += printed["columns"]
    facts = [column.fact for column in data.spec.columns[1:]]
    for number, row in enumerate(data.rows):
        told += ["۱۲۳۴۵۶"[number], *(cell_text(row, fact) for fact in facts)]
    told += [filled(printed)]
    for block in printed["signatures"]:
        name = "زهرا کریمی" if block["role"] == "مسئول کتابخانه عمومی" else ""
        told += [block["statement"], block["role"], block["name_label"], name, block["date_sign_label"]]
    told += ["صفحهٔ ۱ از ۱", "کتابخانه عمومی شهید بهشتی · شماره: ۱۴۰۴/۱۲", "سر زنجیره: 118-9f86d081884c7d65"]
    read, wanted = (squeezed(text).replace(HAMZA, "") for text in (raw_text(form_pdf(data), "-raw"), "".join(told)))
    assert read == wanted


@pytest.mark.parametrize("kind", FormKind)
def test_words_stand_apart_as_the_guideline_prints_them(kind: FormKind) -> None:
    """No space after the first colon of form 1, one after that of the others, «شهر/ روستا», «تاریخ/ امضا»."""
    printed = official(kind)
    lines = [" ".join(line.split()) for line in pdfium_text(form_pdf(form_of(kind, ROWS)))[0].splitlines()]
    fields = [f"{label} {value}" for label, value in zip(printed["header"], VALUES, strict=True)]
    signed = [" ".join(blocks(printed, "statement", "role", "name_label", "date_sign_label"))]
    wanted = [printed["title"], fields[0], " ".join(fields[1:4]), " ".join(fields[4:])]
    assert lines[1:5] == wanted
    closing = " ".join(lines).replace(" زهرا کریمی", "")
    assert [text for text in (*signed, " ".join(filled(printed).split())) if text not in closing] == []


@pytest.mark.parametrize("kind", FormKind)
def test_the_sheet_reads_letter_by_letter_as_the_guideline_in_its_order(kind: FormKind) -> None:
    printed, data = official(kind), form_of(kind, ROWS)
    sheet = load_workbook(io.BytesIO(form_xlsx(data))).worksheets[0]
    lines = [[str(cell) for cell in line if cell is not None] for line in sheet.iter_rows(values_only=True)]
    labels = [f"{label} {value}" for label, value in zip(printed["header"], VALUES, strict=True)]
    head = [line for line in lines if line]
    assert head[:6] == [
        [printed["appendix"], "شماره: ۱۴۰۴/۱۲"], [printed["title"]], labels[:1], labels[1:4], labels[4:],
        printed["columns"],
    ]  # fmt: skip
    assert head[6 + ROWS :] == [
        [filled(printed)], blocks(printed, "statement"), blocks(printed, "role"), blocks(printed, "name_label"),
        ["زهرا کریمی"], blocks(printed, "date_sign_label"), ["سر زنجیره: 118-9f86d081884c7d65"],
    ]  # fmt: skip
