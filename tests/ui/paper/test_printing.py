import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.pdf.paper import A4, Paper
from reports.preview import PageImage, page_images
from tests.ui.paper.cups import QUEUE, Cups, running_cups
from ui.paper.printing import chosen_pages

ROOT = Path(__file__).parents[3]


@pytest.fixture
def cups() -> Iterator[Cups]:
    with running_cups() as running:
        yield running


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """Three pages, each black in another third."""
    paper = Paper("سه صفحه")
    for page in range(3):
        paper.new_page()
        third = A4[1] / 3
        paper.shade((0, page * third, A4[0], third), 0)
    path = tmp_path / "three.pdf"
    path.write_bytes(paper.pdf())
    return path


def run(environment: dict[str, str], pdf: Path, *options: str) -> dict[str, Any]:
    """Print in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.paper.print_run", str(pdf), *options],
        cwd=ROOT, env=environment, capture_output=True, check=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def darkness(page: PageImage) -> list[int]:
    """How dark the upper, middle and lower third of a page are, in tenths."""
    third = len(page.rgb) // 3
    return [round(10 - 10 * sum(page.rgb[start : start + third]) / third / 255) for start in (0, third, 2 * third)]


def test_every_page_reaches_the_printer_as_it_is(cups: Cups, pdf: Path) -> None:
    told = run(cups.environment, pdf)
    assert told == {
        "printers": [QUEUE], "end": "finished", "reason": "", "steps": [[0, 3], [1, 3], [2, 3], [3, 3]],
    }  # fmt: skip
    arrived = cups.arrived()
    assert arrived.startswith(b"%PDF-")
    printed, meant = page_images(arrived, 30), page_images(pdf.read_bytes(), 30)
    assert [abs(page.width - 248) + abs(page.height - 351) <= 2 for page in printed] == [True] * 3
    assert [darkness(page) for page in printed] == [darkness(page) for page in meant]
    assert [darkness(page) for page in printed] == [[0, 0, 10], [0, 10, 0], [10, 0, 0]]


def test_title_and_copies_are_told_to_the_queue(cups: Cups, pdf: Path) -> None:
    assert run(cups.environment, pdf, "--copies", "2", "--pages", "۲")["end"] == "finished"
    assert len(page_images(cups.arrived(), 20)) == 1
    title, copies, options = cups.options()
    assert (title, copies) == ("برگه", 2)
    assert "media=A4" in options


def test_a_person_prints_from_the_preview_with_keys_alone(cups: Cups, pdf: Path) -> None:
    told = run(cups.environment, pdf, "--window", "--pages", "۲")
    assert told == {
        "asked": [QUEUE, "همه (۱ تا ۳)"], "progress": True, "end": "به چاپگر فرستاده شد", "left": False,
    }  # fmt: skip
    assert [darkness(page) for page in page_images(cups.arrived(), 20)] == [[0, 10, 0]]


def test_only_the_pages_asked_for_are_printed(cups: Cups, pdf: Path) -> None:
    run(cups.environment, pdf, "--pages", "3,1")
    assert [darkness(page) for page in page_images(cups.arrived(), 20)] == [[10, 0, 0], [0, 0, 10]]


def test_text_stays_sharp(cups: Cups, tmp_path: Path) -> None:
    """300 dots an inch, grey, without the blur of a photograph: the darkest line of a hairline grid stays black."""
    paper = Paper("خط")
    paper.new_page()
    paper.rules([(50, y, 500, y) for y in range(100, 700, 10)], width=0.5, gray=0)
    (tmp_path / "lines.pdf").write_bytes(paper.pdf())
    run(cups.environment, tmp_path / "lines.pdf")
    (page,) = page_images(cups.arrived(), 300)
    middle = page.rgb[page.width // 2 * 3 :: page.width * 3]
    assert min(middle) < 40
    assert sum(value < 128 for value in middle) >= 60


def test_a_printer_that_dies_on_the_way_is_told(cups: Cups, pdf: Path) -> None:
    told = run(cups.environment, pdf, "--kill", str(cups.pid))
    assert told["end"] == "P-4103"
    assert told["reason"] == "ارتباط با چاپگر قطع شد"
    assert cups.arrived(patience=0.2) == b""


def test_what_is_stopped_never_reaches_the_printer(cups: Cups, pdf: Path) -> None:
    told = run(cups.environment, pdf, "--cancel")
    assert (told["end"], told["steps"][-1]) == ("cancelled", [1, 3])
    assert cups.arrived(patience=1) == b""


def test_a_printer_nobody_knows_is_told(cups: Cups, pdf: Path) -> None:
    told = run(cups.environment, pdf, "--printer", "HP")
    assert told == {"end": "P-4103", "reason": "چاپگر «HP» پیدا نشد"}


def test_a_computer_without_printers_is_told(cups: Cups, pdf: Path) -> None:
    cups.kill()
    assert run(cups.environment, pdf) == {"end": "P-4104", "reason": ""}


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("", (0, 1, 2, 3, 4)),
        (" ", (0, 1, 2, 3, 4)),
        ("2", (1,)),
        ("۲-۴", (1, 2, 3)),
        ("۱، ۴-۵", (0, 3, 4)),
        ("5,1", (4, 0)),
        ("1,1-2", (0, 1)),
    ],
)
def test_pages_are_chosen_as_people_write_them(text: str, pages: tuple[int, ...]) -> None:
    assert chosen_pages(text, 5) == pages


@pytest.mark.parametrize("text", ["0", "6", "4-2", "3-6", "a", "1,,2", "-2", "1-", "۱.۵"])
def test_what_is_no_page_of_the_paper_is_refused(text: str) -> None:
    assert chosen_pages(text, 5) is None
