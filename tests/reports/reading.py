"""How the tests read back what was printed, and the shared data they use."""

import csv
import itertools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pytest

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"

_BOX = re.compile(r'xMin="([0-9.-]+)" yMin="([0-9.-]+)" xMax="([0-9.-]+)" yMax="([0-9.-]+)">([^<]*)</word>')
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def official_forms() -> list[dict[str, Any]]:
    """The five forms as the guideline prints them."""
    path = SHARED_DATA / "official_forms.json"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    forms: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["forms"]
    return forms


def real_titles(limit: int, step: int = 1) -> list[str]:
    """Titles of Persian books, every `step`-th of the file."""
    path = SHARED_DATA / "fa_titles_isbn.csv"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        rows = itertools.islice(csv.DictReader(file), 0, limit * step, step)
        return [row["title"].strip() for row in rows]


def raw_text(pdf: bytes, *options: str) -> str:
    """What poppler reads, without the direction marks it adds."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        done = subprocess.run(["pdftotext", *options, file.name, "-"], capture_output=True, check=True)
    return _DIRECTION_MARKS.sub("", done.stdout.decode("utf-8", "replace"))  # it halves a picture in a title


def pdfium_text(pdf: bytes) -> list[str]:
    """What PDFium (the reader inside Chrome) reads on each page."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


class Word(NamedTuple):
    """A word as poppler finds it: its page and the box it takes, in points from the upper left corner.

    The letters stand as they do on paper, from left to right.
    """

    page: int
    left: float
    top: float
    right: float
    foot: float
    text: str


def words(pdf: bytes) -> list[Word]:
    """Every word of a file with its place."""
    found, page = [], 0
    for line in raw_text(pdf, "-bbox").splitlines():
        page += "<page " in line
        if box := _BOX.search(line):
            left, top, right, foot = map(float, box.groups()[:4])
            found.append(Word(page, left, top, right, foot, box[5]))
    return found


def misplaced(pdf: bytes, size: tuple[float, float] = (595.3, 841.9)) -> list[str]:
    """Words that run over the edge of the paper, or over one another."""
    wrong = []
    pages: dict[int, list[Word]] = {}
    for word in words(pdf):
        if word.left < 12 or word.right > size[0] - 12 or word.top < 0 or word.foot > size[1]:
            wrong.append(f"{word.text} is over the edge of page {word.page}")
        pages.setdefault(word.page, []).append(word)
    for line in pages.values():
        for one, other in itertools.combinations(sorted(line, key=lambda word: word.top), 2):
            apart = abs((one.top + one.foot) - (other.top + other.foot)) / 2
            if apart < 4 and min(one.right, other.right) - max(one.left, other.left) > 1.5:
                wrong.append(f"{one.text} runs over {other.text} on page {one.page}")
    return wrong


def squeezed(text: str) -> str:
    """Without white space: where lines and words were divided does not matter."""
    return "".join(text.split())


def missing(wanted: Iterable[str], text: str) -> list[str]:
    """Which of the texts a page does not hold."""
    page = squeezed(text)
    return [each for each in wanted if squeezed(each) not in page]
