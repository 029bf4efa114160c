"""A policy table as plain tables and lists: what TOML files and the desk protocol carry.

    {"version": 1, "title": …, "status": "in_force", "effective_from": "1405/07/01",
     "rows": [{"category": "bachelor", "item_type": "*", "loan_days": 20, …, "source": …, "article": …}, …]}

The parameters stand in the row itself, or together under `values`. Only `rows` is required.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeGuard

from app.policy.parameters import PARAMETERS
from app.policy.problems import Problem
from app.policy.table import ANY, PolicyRow, PolicyTable
from app.policy.values import read_day
from db.codes import RuleStatus

_ROW_WORDS = ("branch", "category", "item_type", "name", "source", "article")


def read_document(document: object) -> PolicyTable | tuple[Problem, ...]:
    """The table, or why the document has not the shape of one. Its values are still to be checked (`problems`)."""
    if not _is_table(document):
        return (Problem("document.shape", "آیین‌نامه خوانده نشد: باید جدولی با فهرست «rows» باشد."),)
    rows = document.get("rows")
    if not isinstance(rows, list | tuple) or not all(_is_row(row) for row in rows):
        return (Problem("document.rows", "«rows» باید فهرستی از ردیف‌ها باشد و نام‌های هر ردیف نوشته باشد."),)
    return _head_faults(document) or _table(document, tuple(_row(row) for row in rows))


def write_document(table: PolicyTable) -> dict[str, object]:
    """The plain form of a table; reading it again gives an equal table."""
    head = {
        "version": table.version,
        "title": table.title,
        "profile": table.profile,
        "source": table.source,
        "status": table.status.value,
        "effective_from": table.effective_from,
        "categories": dict(table.categories),
        "rows": [_plain_row(row) for row in table.rows],
    }
    return {name: value for name, value in head.items() if value not in (None, "", {})}


def _is_table(plain: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(plain, Mapping) and all(isinstance(name, str) for name in plain)


def _is_row(plain: object) -> bool:
    if not _is_table(plain) or not _is_table(plain.get("values", {})):
        return False
    return all(isinstance(plain.get(word, ""), str | None) for word in _ROW_WORDS)


def _row(plain: Mapping[str, object]) -> PolicyRow:
    words = {word: text for word in _ROW_WORDS if isinstance(text := plain.get(word), str)}
    inner = plain.get("values")
    nested = inner if _is_table(inner) else {}
    values = {name: value for name, value in plain.items() if name not in (*_ROW_WORDS, "values")}
    return PolicyRow(
        branch=words.get("branch", ANY),
        category=words.get("category", ANY),
        item_type=words.get("item_type", ANY),
        values=MappingProxyType({name: _json(value) for name, value in {**values, **nested}.items()}),
        source=words.get("source", ""),
        article=words.get("article"),
        name=words.get("name", ""),
    )


def _json(value: object, depth: int = 3) -> object:
    """The value as JSON can carry it: dates as text. Nothing sensible lies deeper than a table in a list."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if depth and _is_table(value):
        return {name: _json(inner, depth - 1) for name, inner in value.items()}
    if depth and isinstance(value, list | tuple):
        return [_json(inner, depth - 1) for inner in value]
    return value


def _plain_row(row: PolicyRow) -> dict[str, object]:
    key = {"branch": row.branch, "category": row.category, "item_type": row.item_type}
    words = {"name": row.name, "source": row.source, "article": row.article}
    return {
        **{name: text for name, text in key.items() if text != ANY},
        **{name: text for name, text in words.items() if text},
        **{name: row.values[name] for name in _in_order(row) if row.values[name] is not None},
    }


def _in_order(row: PolicyRow) -> list[str]:
    """The parameters as the program lists them, so that equal rows are written alike; unknown names at the end."""
    return [*(name for name in PARAMETERS if name in row.values), *(n for n in row.values if n not in PARAMETERS)]


def _head_faults(document: Mapping[str, object]) -> tuple[Problem, ...]:
    version, status = document.get("version", 1), document.get("status", RuleStatus.IN_FORCE)
    faults = []
    if not isinstance(version, int) or isinstance(version, bool):
        faults.append(Problem("document.version", "شماره نسخه آیین‌نامه باید عدد درست باشد."))
    if status not in list(RuleStatus):
        faults.append(Problem("document.status", "وضعیت آیین‌نامه باید draft یا in_force باشد."))
    if document.get("effective_from") is not None and _day(document) is None:
        faults.append(Problem("document.effective_from", "تاریخ اجرای آیین‌نامه درست نیست."))
    if not all(isinstance(document.get(word, ""), str) for word in ("title", "profile", "source")):
        faults.append(Problem("document.title", "عنوان و منبع آیین‌نامه باید نوشته باشد."))
    categories = document.get("categories", {})
    if not _is_table(categories) or not all(isinstance(label, str) for label in categories.values()):
        faults.append(Problem("document.categories", "گروه‌های عضویت باید جدولی از کد و نام باشد."))
    return tuple(faults)


def _table(document: Mapping[str, object], rows: tuple[PolicyRow, ...]) -> PolicyTable:
    version, categories = document.get("version", 1), document.get("categories", {})
    return PolicyTable(
        version=version if isinstance(version, int) else 1,
        title=str(document.get("title", "")),
        status=RuleStatus(str(document.get("status", RuleStatus.IN_FORCE))),
        effective_from=_day(document),
        rows=rows,
        profile=str(document.get("profile", "")),
        source=str(document.get("source", "")),
        categories=MappingProxyType({code: str(label) for code, label in categories.items()})
        if _is_table(categories)
        else {},
    )


def _day(document: Mapping[str, object]) -> dt.date | None:
    return read_day(document.get("effective_from"))
