"""docs/requirements.md tells of every line asked for how far it is, and names tests that are there."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "requirements.md"
ASKED = ROOT / ".." / "shared" / "requirements.md"
LINES = 252
STATES = ("done", "partly", "later", "no")
ISSUES = ("cataloguing",)

ASKED_ROW = re.compile(r"^\| (\d+) \| (S\d[^|]*?) \|", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
PART = re.compile(r"^## ([A-Z])\. (.+)$", re.MULTILINE)
COUNTS = re.compile(r"^\| ([A-Z])\. [^|]+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
TOTAL = re.compile(r"^\| together \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
LATER = re.compile(r"^\| ([a-z ]+) \| (\d+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+(?:::\w+)?)`")
ANY_CODE = re.compile(r"`(tests/[^`]*)`")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page."""

    part: str
    number: int
    source: str
    asked: str
    state: str
    proof: str

    @property
    def issue(self) -> str:
        """The issue that brings what is not there: the first words of a `later`."""
        return next((issue for issue in ISSUES if self.proof.startswith(f"{issue}: ")), "")


@cache
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@cache
def rows() -> tuple[Row, ...]:
    """The rows of all parts, in the order of the page."""
    heads = list(PART.finditer(page()))
    ends = [head.start() for head in heads[1:]] + [len(page())]
    return tuple(
        Row(head[1], int(number), *cells)
        for head, end in zip(heads, ends, strict=True)
        for number, *cells in ROW.findall(page()[head.end() : end])
    )


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a file as they are named to pytest; none if it is not there."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    body = ast.parse(file.read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    inside = {f"{node.name}::{inner}" for node in classes for inner in _functions(node.body)}
    return frozenset(name for name in {*_functions(body), *inside} if name.rpartition("::")[2].startswith("test_"))


def _functions(body: list[ast.stmt]) -> list[str]:
    return [node.name for node in body if isinstance(node, ast.FunctionDef)]


def numbers(where: list[Row]) -> list[int]:
    return [row.number for row in where]


def test_every_line_has_exactly_one_row_in_order() -> None:
    assert numbers(list(rows())) == list(range(1, LINES + 1))


def test_no_row_is_lost_to_a_slip_of_the_pen() -> None:
    written = [line for line in page().splitlines() if re.match(r"\|\s*\d+\s*\|", line)]
    assert len(written) == len(rows())


def test_every_state_is_a_known_word() -> None:
    assert [(row.number, row.state) for row in rows() if row.state not in STATES] == []


def test_every_line_says_what_is_asked_and_why_it_stands_so() -> None:
    assert numbers([row for row in rows() if len(row.asked) < 10 or len(row.proof) < 10]) == []


def test_every_named_test_is_there() -> None:
    named = [(row.number, path, name) for row in rows() for path, name in TEST.findall(row.proof)]
    assert len(named) > 100
    assert [missing for missing in named if missing[2] not in names_in(missing[1])] == []


def test_every_test_named_beside_the_lines_is_there() -> None:
    beside = page().partition("## The tables beside the lines")[2]
    named = TEST.findall(beside)
    assert len(named) > 20
    assert [(path, name) for path, name in named if name not in names_in(path)] == []


def test_every_test_is_named_in_full() -> None:
    assert [code for code in ANY_CODE.findall(page()) if not TEST.match(f"`{code}`")] == []


def test_what_is_done_or_partly_done_names_its_tests() -> None:
    assert numbers([row for row in rows() if row.state in ("done", "partly") and not TEST.search(row.proof)]) == []


def test_what_is_partly_done_says_what_is_missing() -> None:
    assert numbers([row for row in rows() if row.state == "partly" and "Missing: " not in row.proof]) == []


def test_what_is_done_misses_nothing() -> None:
    assert numbers([row for row in rows() if row.state == "done" and "Missing: " in row.proof]) == []


def test_what_comes_later_names_its_issue() -> None:
    assert numbers([row for row in rows() if row.state == "later" and not row.issue]) == []


def test_what_is_not_done_at_all_names_no_test() -> None:
    assert numbers([row for row in rows() if row.state in ("later", "no") and TEST.search(row.proof)]) == []


def test_the_counts_of_the_summary_are_right() -> None:
    counted = Counter((row.part, row.state) for row in rows())
    expected = {part: [counted[part, state] for state in STATES] for part in sorted({row.part for row in rows()})}
    told = {part: list(map(int, figures)) for part, *figures in COUNTS.findall(page())}
    assert told == {part: [*figures, sum(figures)] for part, figures in expected.items()}
    by_state = [sum(column) for column in zip(*expected.values(), strict=True)]
    assert [list(map(int, total)) for total in TOTAL.findall(page())] == [[*by_state, LINES]]


def test_the_counts_of_the_issues_are_right() -> None:
    told = {issue: int(count) for issue, count in LATER.findall(page())}
    assert told == Counter(row.issue for row in rows() if row.state == "later")
    assert set(told) <= set(ISSUES)


@pytest.mark.skipif(not ASKED.exists(), reason="the list of requirements is not beside this checkout")
def test_numbers_and_sources_are_those_of_the_list() -> None:
    asked = [(int(number), source) for number, source in ASKED_ROW.findall(ASKED.read_text(encoding="utf-8"))]
    assert len(asked) == LINES
    assert [(row.number, row.source) for row in rows()] == asked
