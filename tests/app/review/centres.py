"""A centre on PostgreSQL for tests, and what libraries told it: their rows, put there as the sync would."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.directives.doing import DoneDirective, do_directives
from app.directives.exchanges import ExchangePrinters
from app.library import Library
from app.review.scopes import ReviewerFacts
from db.act import Act
from db.codes import Role, RulingLevel
from db.isolation import DbRole, Scope
from db.models.base import Base
from db.models.centre import Directive, Reviewer
from db.models.schema import synced_tables
from db.models.sync import Device
from tests.app.directives.asking import PLAIN
from tests.library import SET_UP, act, found_as

BATCH = 2_000


def another_library(folder: Path, name: str, county: str = "اراک", **fields: Any) -> Library:
    """A library of its own."""
    return found_as(folder / "library", replace(SET_UP, name=name, county=county, **fields))


def told(centre: Centre, library: Library, heard_at: dt.datetime | None = None) -> None:
    """Everything the library has, as it is now, is known at the centre; what it had told before is replaced."""
    engine, branch = centre.store._reader_engine, library.branch.id
    with library.store.read() as reader, engine.connect() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        for table in synced_tables():
            if table.name in ("directive", "redirect", "union_title"):
                continue
            connection.execute(sa.delete(table).where(table.c.branch_id == branch))
            rows = [dict(row) for row in reader.connection.execute(sa.select(table)).mappings()]
            for start in range(0, len(rows), BATCH):
                connection.execute(sa.insert(table), rows[start : start + BATCH])
        if heard_at is not None:
            devices = Base.metadata.tables[Device.__tablename__]
            connection.execute(sa.delete(devices).where(devices.c.branch_id == branch))
            given = {"id": uuid.uuid4(), "branch_id": branch, "public_key": bytes(32), "state": "active", "scopes": []}
            connection.execute(sa.insert(devices).values(given | {"seen_at": heard_at, "app_version": "0.1.0"}))
        connection.execute(sa.text("RESET session_replication_role"))


def reviewer(centre: Centre, level: RulingLevel | None, county: str | None = "اراک", **fields: Any) -> ReviewerFacts:
    """Somebody of an office, for the county «اراک» or the province «مرکزی» unless something else is said."""
    role = {
        RulingLevel.COUNTY: Role.COUNTY_HEAD, RulingLevel.PROVINCE: Role.PROVINCE_REVIEWER,
        RulingLevel.HEAD_OFFICE: Role.RESOURCES_OFFICE, None: Role.LIBRARY_AFFAIRS,
    }[level]  # fmt: skip
    facts = ReviewerFacts(
        id=uuid.uuid4(), user_name=f"{level or 'affairs'}-{uuid.uuid4().hex[:4]}", name=f"{role} آزمون", role=role,
        level=level, province="مرکزی", county=county if level is RulingLevel.COUNTY else None, must_change=False,
        guarded=True, active=True, made_at=centre.now(),
    )  # fmt: skip
    facts = replace(facts, **fields)
    with centre.write() as tx:
        given = {name: getattr(facts, name) for name in facts.__dataclass_fields__ if name != "guarded"}
        tx.connection.execute(sa.insert(Reviewer).values(given | {"password_hash": "-", "totp_step": 0}))
    return facts


def act_of(centre: Centre, person: ReviewerFacts) -> Act:
    return centre.act(person.id, person.role)


def seen_by(branches: Iterable[Library | uuid.UUID]) -> Scope:
    """What an office sees of these libraries."""
    ids = tuple(one if isinstance(one, uuid.UUID) else one.branch.id for one in branches)
    return Scope(DbRole.REVIEW, ids)


def carried(centre: Centre, library: Library, printers: ExchangePrinters = PLAIN) -> tuple[DoneDirective, ...]:
    """The library hears what it is asked for, does it, and the centre hears of that."""
    with library.store.read() as reader:
        known = set(reader.connection.execute(sa.select(Directive.id)).scalars())
    with centre.store.read() as reader:
        query = sa.select(Directive).where(Directive.branch_id == library.branch.id)
        asked = [dict(row) | {"bpos": None} for row in reader.connection.execute(query).mappings()]
    with library.store.write() as tx:
        for row in asked:
            if row["id"] not in known:
                tx.connection.execute(sa.insert(Directive).values(row))
    done = do_directives(library, act(library), printers)
    told(centre, library)
    return done
