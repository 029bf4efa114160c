"""Which version of the guideline holds: the library's own in the store, else the one the program ships."""

import datetime as dt
import tomllib
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.guideline.document import PARTS, read_document, write_rules
from app.guideline.table import Guideline
from db.act import Act
from db.codes import RuleStatus
from db.frozen import Frozen
from db.models.library import GuidelineVersion
from db.models.sync import Site
from db.reading import Reader
from db.writing import Tx

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "guideline" / "weeding.toml"
FIRST_OF_CENTRE = 10_000
"""Versions of the centre are numbered from here on, so that the version minutes remember is never ambiguous."""
OF_THE_CENTRE = "guideline_of_centre"
OWN = GuidelineVersion.branch_id == sa.select(Site.branch_id).scalar_subquery()
STORED = sa.select(
    GuidelineVersion.version, GuidelineVersion.title, GuidelineVersion.source, GuidelineVersion.status,
    GuidelineVersion.effective_from, GuidelineVersion.rules,
).where(GuidelineVersion.deleted_at.is_(None))  # fmt: skip


def _guideline(
    version: int, title: str, source: str, status: RuleStatus, effective_from: dt.date, rules: Mapping[str, Any]
) -> Guideline:
    """What was stored had no problems then; what a later program asks for beyond it comes from the shipped version."""
    shipped = write_rules(shipped_guideline())
    head = {
        "version": version, "title": title, "source": source, "status": status, "effective_from": effective_from,
    }  # fmt: skip
    return read_document(head | {part: rules.get(part, shipped[part]) for part in PARTS})


NEWEST_FIRST = Frozen(STORED.order_by(GuidelineVersion.version.desc()), _guideline)
IN_FORCE = Frozen(
    STORED.where(
        GuidelineVersion.status == RuleStatus.IN_FORCE,
        GuidelineVersion.effective_from <= sa.bindparam("day", type_=sa.Date()),
    )
    .order_by(OWN, GuidelineVersion.effective_from.desc(), GuidelineVersion.version.desc())
    .limit(1),
    _guideline,
)


def guideline_in_force(reader: Reader, day: dt.date) -> Guideline:
    """The newest stored version in force whose day has come, one of the centre before the library's own; without one
    that of the program, although it calls itself a draft: minutes are drawn up by it meanwhile, and say so (002,
    opening note)."""
    return reader.one(IN_FORCE, day=day) or shipped_guideline()


def guideline_at(reader: Reader, branch_id: uuid.UUID) -> Guideline:
    """The newest version that one owner has stored, else that of the program: at the centre, where those of all
    stand."""
    query = STORED.where(GuidelineVersion.branch_id == branch_id).order_by(GuidelineVersion.version.desc()).limit(1)
    found = reader.connection.execute(query).one_or_none()
    return shipped_guideline() if found is None else _guideline(*found)


@cache
def shipped_guideline() -> Guideline:
    """Version 1, as shipped with the program."""
    read = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return read_document(read.pop("guideline") | read)


def guidelines(reader: Reader) -> tuple[Guideline, ...]:
    """Every version, the newest first; that of the program is the last."""
    return (*reader.all(NEWEST_FIRST), shipped_guideline())


def guideline_of_version(reader: Reader, version: int) -> Guideline | None:
    """A version by its number."""
    return next((one for one in guidelines(reader) if one.version == version), None)


def insert_guideline(tx: Tx, guideline: Guideline, act: Act, *, of_centre: bool = False) -> int:
    """Store a checked version under the next number, which it returns."""
    own = (one.version for one in guidelines(tx) if one.version < FIRST_OF_CENTRE)
    version = FIRST_OF_CENTRE - 1 + tx.next_number(OF_THE_CENTRE) if of_centre else max(own) + 1
    tx.insert(
        GuidelineVersion,
        version=version,
        title=guideline.title,
        source=guideline.source,
        status=guideline.status,
        effective_from=guideline.effective_from,
        rules=write_rules(guideline),
        author_id=act.staff_id or tx.identity.branch_id,
        at=act.at,
    )
    return version
