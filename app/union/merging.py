"""Two records of one book become one: as a redirect, so that it can be taken back (001: records that were put together
wrongly when data came over, and nobody could take apart)."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.catalogue.call_number import normalise_class
from app.catalogue.isbn import valid_isbn13
from app.centre import Centre
from app.form import invalid, required
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.union.deeds import CORRECTED, MERGED, Branches, forbidden, out_of_scope, reason_missing, refused, who
from app.union.reading import UNION_TITLE
from app.union.record import FIELDS, UnionRecord, record_of
from app.union.rules import NEVER, Aspect, described, differences
from app.union.writing import Work, change_record, lead_record, lock_records, redirect_of
from db.act import Act
from db.codes import CataloguingStatus
from db.journal import Intent
from db.reading import Reader

LISTS, TEXTS = frozenset({"creators", "subjects"}), frozenset(FIELDS) - {"creators", "subjects", "year", "material"}


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged record leads to the kept one. `eid` names the deed, for taking it back."""

    kept: uuid.UUID
    merged: uuid.UUID
    eid: uuid.UUID


@dataclass(frozen=True, slots=True)
class Corrected:
    """Fields of a record were changed; `changed` are their names."""

    record_id: uuid.UUID
    changed: tuple[str, ...]
    eid: uuid.UUID | None


def facts_of(record: UnionRecord) -> dict[str, Any]:
    """The fields of a record by name."""
    return {name: getattr(record, name) for name in FIELDS}


def differing(one: UnionRecord, other: UnionRecord) -> tuple[Aspect, ...]:
    """In what two records speak against each other."""
    return differences(described(facts_of(one)), described(facts_of(other)))


def merge(
    centre: Centre,
    kept: uuid.UUID,
    merged: uuid.UUID,
    act: Act,
    reason: str,
    *,
    take: Collection[str] = (),
    scope: Branches = None,
) -> Merged | Refused | NotFound:
    """Let one record lead to another. `take` names fields whose value comes from the merged one. Refused where edition,
    volume, language or material differ (003 م5-2): if that is a slip of the pen it is corrected first."""
    with centre.write() as tx:
        lock_records(tx, (kept, merged))
        stays, goes = record_of(tx, kept), record_of(tx, merged)
        if stays is None or goes is None:
            return NotFound(Sought.RECORD, str(merged if stays else kept))
        speaks_against = chain(
            forbidden(act), reason_missing(reason), _unmergeable(tx, stays, goes), out_of_scope(tx, merged, scope)
        )
        if problems := refused(speaks_against):
            return problems
        work = Work(tx, act, centre.id)
        taken = {name: getattr(goes, name) for name in FIELDS if name in take}
        if taken:
            change_record(work, stays, **taken, status=CataloguingStatus.REVIEWED)
        lead_record(work, merged, kept, who(tx, act))
        seen = {"kept": str(kept), "merged": str(merged), "name": stays.title, "other": goes.title}
        entry = work.record(MERGED, Intent(reason=reason.strip(), seen=seen))
        return Merged(kept, merged, entry.eid)


def _unmergeable(reader: Reader, stays: UnionRecord, goes: UnionRecord) -> Iterator[Refusal]:
    if stays.id == goes.id:
        yield Refusal("union.same")
        return
    for record in (stays, goes):
        if redirect_of(reader, UNION_TITLE, record.id) is not None:
            yield Refusal("union.merged_already", facts={"title": record.title})
    for aspect in differing(stays, goes):
        if aspect in NEVER:
            yield Refusal("union.differs", "003 م5-2", facts={"aspect": aspect.value})


def correct(
    centre: Centre, record_id: uuid.UUID, fields: Mapping[str, Any], act: Act, reason: str, *, scope: Branches = None
) -> Corrected | Refused | NotFound:
    """Set fields of a record right for everybody who holds it. From then on it no longer follows its first title."""
    with centre.write() as tx:
        lock_records(tx, (record_id,))
        record = record_of(tx, record_id)
        if record is None:
            return NotFound(Sought.RECORD, str(record_id))
        speaks_against = chain(
            forbidden(act), reason_missing(reason), field_problems(fields), out_of_scope(tx, record_id, scope)
        )
        if problems := refused(speaks_against):
            return problems
        told = cleaned(fields)
        changed = tuple(name for name, value in told.items() if value != getattr(record, name))
        if not changed:
            return Corrected(record_id, (), None)
        work = Work(tx, act, centre.id)
        change_record(work, record, **told, status=CataloguingStatus.REVIEWED)
        seen = {"record": str(record_id), "name": told.get("title", record.title), "fields": list(changed)}
        entry = work.record(CORRECTED, Intent(reason=reason.strip(), seen=seen))
        return Corrected(record_id, changed, entry.eid)


def field_problems(fields: Mapping[str, Any]) -> Iterator[Refusal]:
    """What is wrong with corrected fields. An unknown name is a bug and raises ValueError."""
    if unknown := fields.keys() - set(FIELDS):
        raise ValueError(f"a record has no {sorted(unknown)}")
    if "title" in fields:
        yield from required(title=clean(fields["title"] or ""))
    if "language" in fields:
        yield from required(language=clean(fields["language"] or ""))
    if fields.get("isbn") and valid_isbn13(fields["isbn"]) is None:
        yield invalid("isbn", fields["isbn"])
    year = fields.get("year")
    if year is not None and not 300 <= year <= 2200:
        yield invalid("year", year)


def cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Corrected fields as they are stored."""
    return {name: _cleaned(name, value) for name, value in fields.items()}


def _cleaned(name: str, value: Any) -> Any:
    if name in LISTS:
        return [text for one in value if (text := clean(one, 500))]
    if name not in TEXTS or value is None:
        return value
    text = clean(value)
    if name == "isbn":
        return valid_isbn13(text)
    if name == "dewey":
        return normalise_class(text) or text or None
    return text if name in ("title", "language") else text or None
