import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.pdf.paper import Paper
from tests.reports.reading import pdfium_text, raw_text, squeezed

ROOT = Path(__file__).parents[3]

LINES = [
    "صورتجلسه ی شماره یک وجین:صورتجلسه ی وجین محتوایی منابع",
    "اعلام مؤلّف، کنترل و تأیید شد.",
    "آموزش گام‌به‌گام Windows XP برای همه",
    "Cormen, Thomas H. Introduction to Algorithms",
    "در تاریخ ۱۴۰۴/۰۹/۲۰ تعداد ۱۲ نسخه",
    "پُر از لآلی و الله و اِعراب",
]


def paper_with(lines: list[str]) -> Paper:
    paper = Paper("آزمون")
    paper.new_page()
    for number, line in enumerate(lines):
        paper.text(paper.regular.line(line), 11, (560, 800 - 22 * number))
    return paper


@pytest.mark.parametrize("line", LINES)
def test_poppler_reads_the_text_as_it_was_written(line: str) -> None:
    assert squeezed(raw_text(paper_with([line]).pdf(), "-raw")) == squeezed(line)


@pytest.mark.parametrize("line", LINES)
def test_pdfium_reads_the_text_as_it_was_written(line: str) -> None:
    (read,) = pdfium_text(paper_with([line]).pdf())
    assert sorted(read.split()) == sorted(line.split())


def test_pdfium_reads_words_in_their_order() -> None:
    assert pdfium_text(paper_with([LINES[1]]).pdf())[0].split() == LINES[1].split()


def test_equal_drawings_are_equal_bytes() -> None:
    assert paper_with(LINES).pdf() == paper_with(LINES).pdf()


def test_the_bytes_do_not_hang_on_the_process() -> None:
    script = "import sys; from tests.reports.pdf.test_paper import *; sys.stdout.buffer.write(paper_with(LINES).pdf())"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT, env=environment
        )
        assert done.stdout == paper_with(LINES).pdf()


def test_other_content_has_another_file_id() -> None:
    ids = {pdf.split(b"/ID")[1].split(b"]")[0] for pdf in (paper_with(LINES).pdf(), paper_with(LINES[:2]).pdf())}
    assert len(ids) == 2


def test_text_is_never_markup() -> None:
    line = "<b>(x) \\051 /F1 ]TJ ET <img src='http://localhost/'/>"
    assert squeezed(raw_text(paper_with([line]).pdf(), "-raw")) == squeezed(line)
