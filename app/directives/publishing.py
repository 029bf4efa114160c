"""What the centre owns and every branch lives by: rules of lending, calendar corrections, the guideline, the list of
licensed libraries (sync-protocol 9, feed «policy»). Branches read it beside their own and cannot change it.

A row that is published holds at a branch from the day it arrives there: nothing is retroactive (sync-protocol 11).
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.centre import Centre
from app.closures.checks import days_refusals
from app.exchange.libraries import LibraryForm
from app.form import invalid, required
from app.guideline.document import problems as guideline_problems
from app.guideline.document import read_document as read_guideline
from app.guideline.service import completed
from app.guideline.stored import guideline_at, insert_guideline
from app.outcome import Refused
from app.persian.digits import typed
from app.persian.text import clean, compact
from app.policy.document import read_document
from app.policy.problems import problems
from app.policy.stored import insert_policy
from db.act import Act
from db.codes import DayKind
from db.models.library import CalendarDay, LicensedLibrary
from db.models.schema import METADATA
from db.reading import Reader

POLICY, DAY, DAY_GONE, GUIDELINE, LIBRARY = (
    "policy.published", "day.published", "day.withdrawn", "guideline.published", "library.published",
)  # fmt: skip
OF_CENTRE = (DayKind.HOLIDAY, DayKind.OPENED, DayKind.EMERGENCY)
"""What the centre may say of a day: a holiday, no holiday (a lunar one that moved), closed by decree."""
LONGEST_NAME, LONGEST_ADDRESS = 300, 500


@dataclass(frozen=True, slots=True)
class Published:
    """It stands at the centre and goes to every branch; `changed` False: it stood so before. `version` where versions
    are counted."""

    row_id: uuid.UUID | None = None
    version: int | None = None
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Faulty:
    """A document that may not be published: everything wrong with it, a Persian sentence each."""

    problems: tuple[str, ...]


PublishOutcome: TypeAlias = "Published | Faulty | Refused"


def publish_policy(centre: Centre, document: Mapping[str, object], act: Act) -> PublishOutcome:
    """Put rules of lending (as in `resources/policy`) in force at every branch, before their own. A date gone by means
    today."""
    table = read_document(document)
    if isinstance(table, tuple):
        return Faulty(tuple(problem.text for problem in table))
    found = problems(table)
    if found:
        return Faulty(tuple(problem.text for problem in found))
    table = replace(table, effective_from=max(table.effective_from or act.day, act.day))
    with centre.write() as tx:
        version = insert_policy(tx, table, act.day, of_centre=True)
        tx.record(POLICY, act)
    return Published(version=version)


def publish_guideline(centre: Centre, document: Mapping[str, Any], act: Act) -> PublishOutcome:
    """Put figures of the weeding guideline in force at every branch; what is left out stays as it was published
    last."""
    with centre.store.read() as reader:
        whole = completed(document, guideline_at(reader, centre.id), act.day)
    found = guideline_problems(whole)
    if found:
        return Faulty(tuple(problem.text for problem in found))
    wanted = read_guideline(whole)
    wanted = replace(wanted, effective_from=max(wanted.effective_from, act.day))
    with centre.write() as tx:
        version = insert_guideline(tx, wanted, act, of_centre=True)
        tx.record(GUIDELINE, act)
    return Published(version=version)


def publish_calendar_day(centre: Centre, day: dt.date, kind: DayKind, name: str, act: Act) -> PublishOutcome:
    """Say of a day that it is a holiday, that it is none, or that everybody is closed by decree. The centre says one
    thing of a day: the last one."""
    said = clean(name, LONGEST_NAME)
    refused = (
        *days_refusals((day,), said, act.day),
        *(() if kind in OF_CENTRE else (invalid("day_kind", kind.value),)),
    )
    if refused:
        return Refused(refused)
    with centre.write() as tx:
        known = _rows(tx, CalendarDay, centre, day=day)
        same = [row for row in known if row.kind is kind and row.name == said]
        if same:
            return Published(same[0].id, changed=False)
        for row in known:
            tx.remove(CalendarDay, row, act)
        row_id = tx.insert(CalendarDay, day=day, kind=kind, name=said)
        tx.record(DAY, act)
    return Published(row_id)


def withdraw_calendar_day(centre: Centre, day: dt.date, act: Act) -> Published:
    """The centre says nothing of a day any more."""
    with centre.write() as tx:
        known = _rows(tx, CalendarDay, centre, day=day)
        for row in known:
            tx.remove(CalendarDay, row, act)
        if known:
            tx.record(DAY_GONE, act)
    return Published(changed=bool(known))


def publish_library(centre: Centre, form: LibraryForm, act: Act) -> PublishOutcome:
    """Put a library with a licence on the list of every branch, or change what is written of it (002 م7-24). The same
    name in the same county and province is the same library."""
    return next(publish_libraries(centre, (form,), act))


def publish_libraries(centre: Centre, forms: Iterable[LibraryForm], act: Act) -> Iterator[PublishOutcome]:
    """The same for a whole list, one after the other; what came of each."""
    known = licensed(centre)
    for form in forms:
        values = library_values(form)
        if isinstance(values, Refused):
            yield values
            continue
        twin = known.get(library_key(values))
        new = {name: value for name, value in values.items() if twin is None or getattr(twin, name) != value}
        if twin is not None and not new:
            yield Published(twin.id, changed=False)
            continue
        with centre.write() as tx:
            row_id: uuid.UUID = tx.insert(LicensedLibrary, **values) if twin is None else twin.id
            if twin is not None:
                tx.update(LicensedLibrary, twin, **new)
            tx.record(LIBRARY, act)
            known[library_key(values)] = _rows(tx, LicensedLibrary, centre, id=row_id)[0]
        yield Published(row_id)


def library_values(form: LibraryForm) -> dict[str, Any] | Refused:
    """What is kept of a library on the list, or what its form lacks."""
    values: dict[str, Any] = {
        "name": clean(form.name, LONGEST_NAME),
        "kind": form.kind,
        "province": clean(form.province, LONGEST_NAME) if form.province else "",
        "county": clean(form.county, LONGEST_NAME) if form.county else "",
        "licence_no": typed(clean(form.licence_no, LONGEST_NAME)) if form.licence_no else None,
        "founded_on": form.founded_on,
        "to_be_founded": form.to_be_founded,
        "licensed_until": form.licensed_until,
        "address": clean(form.address, LONGEST_ADDRESS) or None if form.address else None,
    }
    refused = tuple(required(library_name=values["name"], province=values["province"], county=values["county"]))
    return Refused(refused) if refused else values


def licensed(centre: Centre) -> dict[tuple[str, ...], Any]:
    """The list as it is published, by what makes two libraries the same."""
    with centre.store.read() as reader:
        return {library_key(row._asdict()): row for row in _rows(reader, LicensedLibrary, centre)}


def library_key(values: Mapping[Any, Any]) -> tuple[str, ...]:
    """What makes two libraries the same."""
    return tuple(compact(values[name]) for name in ("name", "county", "province"))


def _rows(reader: Reader, model: type[Any], centre: Centre, **where: Any) -> list[Any]:
    table = METADATA.tables[model.__tablename__]
    query = sa.select(table).where(table.c.branch_id == centre.id, table.c.deleted_at.is_(None))
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    return list(reader.connection.execute(query))
