"""Which version of the guideline holds: the library's own in the store, else the one the program ships."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.guideline.table import Guideline, Terms, Thresholds
from db.codes import RuleStatus
from db.frozen import Frozen
from db.models.library import GuidelineVersion
from db.reading import Reader

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "guideline" / "weeding.toml"
STORED = sa.select(
    GuidelineVersion.version, GuidelineVersion.title, GuidelineVersion.source, GuidelineVersion.status,
    GuidelineVersion.effective_from, GuidelineVersion.rules,
).where(GuidelineVersion.deleted_at.is_(None))  # fmt: skip


def _guideline(
    version: int, title: str, source: str, status: RuleStatus, effective_from: dt.date, rules: Mapping[str, Any]
) -> Guideline:
    return Guideline(
        version=version,
        title=title,
        source=source,
        status=RuleStatus(status),
        effective_from=effective_from,
        thresholds=Thresholds(**rules["thresholds"]),
        terms=Terms(**rules["terms"]),
    )


IN_FORCE = Frozen(
    STORED.where(
        GuidelineVersion.status == RuleStatus.IN_FORCE,
        GuidelineVersion.effective_from <= sa.bindparam("day", type_=sa.Date()),
    )
    .order_by(GuidelineVersion.effective_from.desc(), GuidelineVersion.version.desc())
    .limit(1),
    _guideline,
)


def guideline_in_force(reader: Reader, day: dt.date) -> Guideline:
    """The newest stored version in force whose day has come; without one that of the program, although it calls itself
    a draft: minutes are drawn up by it meanwhile, and say so (002, opening note)."""
    return reader.one(IN_FORCE, day=day) or shipped_guideline()


@cache
def shipped_guideline() -> Guideline:
    """Version 1, as shipped with the program."""
    read = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    head = read.pop("guideline")
    return _guideline(**head, rules=read)
