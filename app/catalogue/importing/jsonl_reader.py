"""JSON lines: one object a line; a list is several values of its field."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from app.catalogue.importing.encodings import Encoding, TextLine, text_lines
from app.catalogue.importing.findings import Reason, Repair
from app.catalogue.importing.table import Row, Table
from app.catalogue.importing.texts import unescape

_SAMPLE_LINES = 200


def open_jsonl(path: Path, encoding: Encoding) -> Table:
    """The table in a file of JSON lines; its columns are the names in the first objects. OSError as the disk says."""

    def rows() -> Iterator[Row]:
        return (_row(line) for line in text_lines(path, encoding) if line.text.strip())

    columns = dict.fromkeys(name for row in islice(rows(), _SAMPLE_LINES) for name in row.values)
    return Table(tuple(columns), sum(1 for _ in text_lines(path, encoding)), rows)


def _row(line: TextLine) -> Row:
    try:
        found = json.loads(line.text)
        values = {str(name): _texts(value) for name, value in found.items()} if isinstance(found, dict) else None
    except (ValueError, RecursionError):
        return Row(line.number, {}, line.raw, refusal=Reason.JSON_INVALID)
    if values is None:
        return Row(line.number, {}, line.raw, refusal=Reason.JSON_NO_OBJECT)
    mended = {name: tuple(map(unescape, texts)) for name, texts in values.items()}
    repairs = [Repair.ESCAPED_LETTERS] if mended != values else []
    if "\ufffd" in line.text:
        repairs.append(Repair.UNREADABLE_LETTERS)
    return Row(line.number, mended, line.raw, tuple(repairs))


def _texts(value: object) -> tuple[str, ...]:
    """The texts of a value; lists and objects inside a list stay JSON."""
    if isinstance(value, list):
        return tuple(text for part in value if (text := _text(part)).strip())
    text = _text(value)
    return (text,) if text.strip() else ()


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return json.dumps(value, ensure_ascii=False)
