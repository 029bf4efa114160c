from pathlib import Path

import pytest

from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.findings import Reason, Repair
from app.catalogue.importing.jsonl_reader import open_jsonl
from app.catalogue.importing.table import Row


def rows(tmp_path: Path, content: str | bytes) -> list[Row]:
    path = tmp_path / "list.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(open_jsonl(path, Encoding.UTF_8).rows())


def test_lists_numbers_and_nothing_become_texts(tmp_path: Path) -> None:
    (row,) = rows(
        tmp_path,
        '{"title": "کلیدر", "authors": ["الف", null, "ب"], "year": 1363, "isbn": 9.789644170119e12, "price": null,'
        ' "pages": 2836.5, "sold": true, "size": {"w": 14}}',
    )
    assert dict(row.values) == {
        "title": ("کلیدر",),
        "authors": ("الف", "ب"),
        "year": ("1363",),
        "isbn": ("9789644170119",),
        "price": (),
        "pages": ("2836.5",),
        "sold": ("true",),
        "size": ('{"w": 14}',),
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "کلیدر"', Reason.JSON_INVALID),
        ('["کلیدر"]', Reason.JSON_NO_OBJECT),
        ("12", Reason.JSON_NO_OBJECT),
        ("[" * 100_000, Reason.JSON_INVALID),
        ('{"a":' * 100_000, Reason.JSON_INVALID),
        ('{"n": ' + "9" * 5_000 + "}", Reason.JSON_INVALID),
    ],
)
def test_a_line_that_is_no_object_is_refused_and_the_next_is_read(tmp_path: Path, line: str, reason: Reason) -> None:
    refused, good = rows(tmp_path, f'{line}\n\n{{"title": "کلیدر"}}\n')
    assert (refused.refusal, refused.raw, refused.number) == (reason, line, 1)
    assert (good.refusal, good.number) == (None, 3)


def test_damaged_and_escaped_letters_are_repairs(tmp_path: Path) -> None:
    damaged, escaped = rows(tmp_path, b'{"title": "a\xff"}\n{"title": "<U+06F1>"}\n')
    assert damaged.repairs == (Repair.UNREADABLE_LETTERS,)
    assert damaged.raw == b'{"title": "a\xff"}'
    assert escaped.repairs == (Repair.ESCAPED_LETTERS,)
    assert escaped.values == {"title": ("۱",)}
