"""Every trouble has its message in three parts."""

import ast
import re
from pathlib import Path

import pytest

from app.messages import MESSAGES, UNKNOWN, message_of, one_line
from db.connect import open_file
from db.trouble import Trouble
from tests.persian_words import faults
from tests.source import ROOT, nodes

LAYERS = ("app", "db", "reports", "ui", "server", "installer")
CODE = re.compile(r"P-[0-9]{4}")
MACHINE = re.compile("Traceback|Error|Exception|sqlite|None|errno|exit code", re.IGNORECASE)
# Names that have no Persian form, or stand on a file or button so.
NAMES = ("PDF", "CSV", "UTF-8", "Excel", "MARC", "XLSX", "JSON", "keys.json", "PostgreSQL", "Linux", "Windows", "udev",
         "dialout", "letter", "number", "prefix", "Ctrl", "USB", "COM")  # fmt: skip


def codes_in_source() -> dict[str, str]:
    """Every code written in the source, and a place of it."""
    found = {}
    for path, node in nodes("P-", layers=LAYERS):
        if path.name == "messages.py":
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            found[node.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def test_every_code_of_the_source_has_a_message() -> None:
    written = codes_in_source()
    assert len(written) > 30
    assert {code: place for code, place in written.items() if code not in MESSAGES} == {}


@pytest.mark.parametrize("code", MESSAGES)
def test_a_message_has_three_whole_persian_parts(code: str) -> None:
    assert CODE.fullmatch(code)
    message = MESSAGES[code]
    for part in (message.what, message.lost, message.do):
        plain = re.sub(r"\{[a-z_]+\}", "متن", part)
        assert len(plain.strip()) > 10
        assert plain.endswith(".") or part.endswith(". {column}")
        assert not MACHINE.search(plain)
        assert faults(plain, foreign_names=NAMES) == []


def test_the_blanks_are_filled_from_the_trouble() -> None:
    message = message_of(Trouble("P-1201", path=Path("/home/نسرین/داده‌ها")))
    assert "«\u2066/home/نسرین/داده‌ها\u2069»" in message.what


def test_a_blank_that_the_trouble_does_not_fill_stays_empty() -> None:
    assert message_of(Trouble("P-1601")).what == "کاربری به نام «» نیست."


def test_a_trouble_without_a_message_is_told_with_its_code() -> None:
    message = message_of(Trouble("P-9999"))
    assert "P-9999" in message.what
    assert message.lost == UNKNOWN.lost


def test_a_path_keeps_its_direction_within_the_sentence() -> None:
    assert "«\u2066/tmp/x.xlsx\u2069»" in message_of(Trouble("P-2101", path="/tmp/x.xlsx")).what


@pytest.mark.parametrize("hostile", ["\u202eexe.txt", "{0.__class__}", "{code}", "x" * 9_000, "\ud800", "a\nb"])
def test_names_of_files_do_no_harm_in_a_message(hostile: str) -> None:
    line = one_line(Trouble("P-1202", path=hostile))
    assert not re.search("[\u0000-\u001f\u202a-\u202e\ud800-\udfff]", line)
    assert line.count("\u2066") == line.count("\u2069") <= 1
    assert len(line) < 800


def test_one_line_tells_all_three_parts_and_the_code() -> None:
    trouble = Trouble("P-1101")
    message = message_of(trouble)
    line = one_line(trouble)
    assert line.startswith(f"{message.what} {message.lost} {message.do}")
    assert line.endswith("(P-1101)")


def test_a_trouble_of_the_store_reaches_the_librarian_in_persian(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(b"not a database at all" * 500)
    with pytest.raises(Trouble) as caught:
        open_file(path, bytes(32))
    assert caught.value.code == "P-1501"
    assert "کلید" in one_line(caught.value)
