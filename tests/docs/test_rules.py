"""docs/rules/weeding.md names code and tests that are there, and its tables are those of the program."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.binding.rules import TRANSITIONS as OF_REQUESTS
from app.exchange.stages import TRANSITIONS as OF_PACKAGES
from app.weeding.minutes.workflow import TRANSITIONS as OF_MINUTES
from tests.docs.test_requirements import names_in

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rules" / "weeding.md"
RULE = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| `([\w/.]+)` `(\w+)` \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
QUOTED = re.compile(r"`([^`]+)`")
NOTHING = "—"


@cache
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def table(heading: str, text: str) -> list[tuple[str, ...]]:
    """The rows of the first table under a heading, without marks of code."""
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [tuple(QUOTED.sub(r"\1", cell.strip()) for cell in row) for row in rows[2:]]


def minutes_rows() -> Iterator[tuple[str, ...]]:
    for (state, step, level), way in OF_MINUTES.items():
        yield state, step, level or NOTHING, way.becomes, way.days_of_term or NOTHING, way.article


def package_rows() -> Iterator[tuple[str, ...]]:
    for (way, stage, step), allowed in OF_PACKAGES.items():
        yield way, stage.key, step, allowed.becomes.key, allowed.article


def request_rows() -> Iterator[tuple[str, ...]]:
    for (state, step), way in OF_REQUESTS.items():
        yield state or NOTHING, step, way.becomes, way.article


def test_the_rules_are_numbered_without_gaps() -> None:
    numbers = [int(rule[0]) for rule in RULE.findall(page())]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == len(re.findall(r"^\| \d+ \|", page(), re.MULTILINE)) > 40


def test_every_rule_names_code_that_is_there() -> None:
    told = [(number, path, name) for number, _, _, path, name, _ in RULE.findall(page())]
    assert [rule for rule in told if not defines(ROOT / rule[1], rule[2])] == []


def defines(path: Path, name: str) -> bool:
    """Whether a file defines this function or table."""
    known = path.read_text(encoding="utf-8") if path.is_file() else ""
    return re.search(rf"^ *def {name}\(|^{name}[:=\s]", known, re.MULTILINE) is not None


def test_every_rule_names_tests_that_are_there() -> None:
    told = [(rule[0], TEST.findall(rule[5])) for rule in RULE.findall(page())]
    assert [number for number, tests in told if not tests] == []
    assert [(number, *test) for number, tests in told for test in tests if test[1] not in names_in(test[0])] == []


def test_the_tables_are_those_of_the_program() -> None:
    assert table("The way of minutes", page()) == list(minutes_rows())
    assert table("The way of a package", page()) == list(package_rows())
    assert table("The way of a binding request", page()) == list(request_rows())


def test_a_row_that_is_another_is_noticed() -> None:
    wrong = page().replace("| `ruled` | `close` | — | `closed` |", "| `ruled` | `close` | — | `draft` |")
    assert table("The way of minutes", wrong) != list(minutes_rows())
    assert not defines(ROOT / "app" / "weeding" / "rules.py", "no_such_rule")
