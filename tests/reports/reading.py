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
from typing import Any

import pypdfium2
import pytest

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"

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
    return _DIRECTION_MARKS.sub("", done.stdout.decode("utf-8"))


def pdfium_text(pdf: bytes) -> list[str]:
    """What PDFium (the reader inside Chrome) reads on each page."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def squeezed(text: str) -> str:
    """Without white space: where lines and words were divided does not matter."""
    return "".join(text.split())


def missing(wanted: Iterable[str], text: str) -> list[str]:
    """Which of the texts a page does not hold."""
    page = squeezed(text)
    return [each for each in wanted if squeezed(each) not in page]
