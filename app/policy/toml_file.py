"""Policy tables as TOML: the shipped profiles of `resources/policy` and a library's own files."""

import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.policy.document import read_document, write_document
from app.policy.problems import problems
from app.policy.table import PolicyTable
from db.trouble import Trouble

PROFILES = Path(__file__).resolve().parents[2] / "resources" / "policy"


def load_profile(name_or_path: str | Path, folder: Path = PROFILES) -> PolicyTable:
    """The checked table of a shipped profile («public») or of a file (a path, or a name that ends in .toml).

    Raises Trouble P-1231 (the file cannot be read) or P-1232 (it holds no policy that may be put in force; `problems`
    tells why, in Persian, one line each).
    """
    path = Path(name_or_path)
    if path.suffix != ".toml" and len(path.parts) == 1:
        path = folder / f"{name_or_path}.toml"
    table = read_toml(_text_of(path), path)
    return table if table.profile else replace(table, profile=path.stem)


def read_toml(text: str, path: Path) -> PolicyTable:
    """The checked table in a TOML text; `path` is for the message. Raises Trouble P-1232."""
    table = read_document(_document(text, path))
    found = table if isinstance(table, tuple) else problems(table)
    if isinstance(table, tuple) or found:
        raise Trouble("P-1232", path=path, problems="\n".join(problem.text for problem in found))
    return table


def toml_document(path: Path) -> dict[str, object]:
    """What a TOML file says, not checked yet. Raises Trouble P-1231 (not to be read), P-1232 (no TOML)."""
    return _document(_text_of(path), path)


def write_toml(table: PolicyTable) -> str:
    """The table as a TOML text, the same text for the same table; reading it gives the table back."""
    document = write_document(table)
    rows = document.pop("rows")
    categories = document.pop("categories", None)
    parts = [_lines(document)]
    if isinstance(categories, Mapping):
        parts.append(f"[categories]\n{_lines(categories)}")
    if isinstance(rows, list):
        parts.extend(f"[[rows]]\n{_lines(row)}" for row in rows)
    return "\n".join(parts)


def _document(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Trouble("P-1232", path=path, problems=str(error)) from error


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Trouble("P-1231", path=path, reason=str(error)) from error


def _lines(table: Mapping[str, object]) -> str:
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in table.items())


def _key(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else _text(name)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(name))} = {_value(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return value.isoformat() if isinstance(value, dt.date) else _text(value)


def _text(value: object) -> str:
    # JSON writes strings, numbers and booleans as TOML does, but leaves DEL as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
