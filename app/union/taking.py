"""A library reads the union catalogue: what the record says beside its own, taking fields over, and cataloguing a book
from a record that is there already (003 م5-1).

Its own record stays its own: nothing of the union ever changes it by itself (sync-protocol 11).
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from app.actions import Action
from app.catalogue import keys
from app.catalogue.form import Creator, TitleForm
from app.catalogue.service import find_twin
from app.catalogue.writing import index_title, insert_title
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal, Weight
from app.union.reading import TITLE, UNION_TITLE, record_for
from app.union.record import FIELDS, UNION, UnionRecord, titles_of
from app.union.rules import TICKS, Aspect, described, differences
from db.act import Act
from db.codes import CataloguingStatus
from db.journal import Intent
from db.models.catalogue import Title, TitleSubject
from db.reading import Reader
from db.writing import Tx

TAKEN = tuple(name for name in FIELDS if name not in ("main_creator", "creators"))
"""What can be taken over: not the names, of which the union does not say what part each had."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One field of the library's record and of the union's."""

    field: str
    ours: Any
    theirs: Any

    @property
    def same(self) -> bool:
        """Whether they say the same."""
        return bool(self.ours == self.theirs)

    @property
    def takeable(self) -> bool:
        """Whether the union says something else that can be taken over."""
        return not self.same and self.field in TAKEN and self.theirs not in (None, "", [])


@dataclass(frozen=True, slots=True)
class Compared:
    """A title of the library beside its record in the union; `differing` are the aspects in which they are not the same
    book, if they are not."""

    title_id: uuid.UUID
    record: UnionRecord
    fields: tuple[Beside, ...]
    differing: tuple[Aspect, ...]

    @property
    def news(self) -> tuple[Beside, ...]:
        """What can be taken over."""
        return tuple(field for field in self.fields if field.takeable)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The library's record says now what the union's says in these fields."""

    title_id: uuid.UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogued:
    """A title of the library describes the record's book; `made` is False where it stood there before."""

    title_id: uuid.UUID
    made: bool


def compared(reader: Reader, title_id: uuid.UUID) -> Compared | None:
    """A title beside its record; None while no record of the union has come for it."""
    record = record_for(reader, TITLE, title_id)
    title = next(iter(titles_of(reader, [title_id])), None)
    if record is None or title is None or title.deleted:
        return None
    ours, theirs = title.columns, {name: getattr(record, name) for name in FIELDS}
    fields = tuple(Beside(name, ours[name], theirs[name]) for name in FIELDS if ours[name] or theirs[name])
    return Compared(title_id, record, fields, differences(described(ours), described(theirs)))


def take_over(
    library: Library, title_id: uuid.UUID, fields: Collection[str], act: Act
) -> TakenOver | Refused | NotFound:
    """Take fields of the union's record over into the library's own."""
    with library.store.write() as tx:
        found = compared(tx, title_id)
        if found is None:
            return NotFound(Sought.RECORD, str(title_id))
        if problems := (*library.forbids(act, Action.CATALOGUE), *_untakeable(fields)):
            return Refused(problems)
        news = {beside.field: beside.theirs for beside in found.news if beside.field in fields}
        if not news:
            return TakenOver(title_id, ())
        _set(tx, title_id, news, act)
        index_title(tx, title_id, library.store.dialect.name)
        tx.record("title.corrected_from_union", act, Intent(seen={"record": str(found.record.id)}))
        return TakenOver(title_id, tuple(news))


def _untakeable(fields: Collection[str]) -> Iterator[Refusal]:
    for name in fields:
        if name not in TAKEN:
            yield Refusal("field.invalid", facts={"field": name, "value": name})


def _set(tx: Tx, title_id: uuid.UUID, news: Mapping[str, Any], act: Act) -> None:
    found = tx.connection.execute(sa.select(Title.__table__).where(Title.id == title_id)).mappings().one()
    if "subjects" in news:
        _set_subjects(tx, title_id, news["subjects"], act)
    columns = {name: value for name, value in news.items() if name != "subjects"}
    now = {**found, **columns}
    computed = {
        "sort_key": keys.title_sort_key(now["title"]),
        "match_key": keys.match_key(now["title"], now["main_creator"], now["publisher"], now["edition"], now["year"]),
        "work_key": keys.work_key(now["title"], now["main_creator"]),
    }
    changed = {name: value for name, value in (columns | computed).items() if value != found[name]}
    if changed:
        tx.update(Title, SimpleNamespace(**found), **changed)


def _set_subjects(tx: Tx, title_id: uuid.UUID, headings: Sequence[str], act: Act) -> None:
    """Line by line, so that what was there can come back."""
    query = (
        sa.select(TitleSubject.__table__)
        .where(TitleSubject.title_id == title_id, TitleSubject.deleted_at.is_(None))
        .order_by(TitleSubject.position)
    )
    for row, heading in zip_longest(tx.connection.execute(query).all(), headings):
        if row is None:
            tx.insert(TitleSubject, title_id=title_id, position=headings.index(heading) + 1, heading=heading)
        elif heading is None:
            tx.remove(TitleSubject, row, act)
        elif row.heading != heading:
            tx.update(TitleSubject, row, heading=heading)


def catalogue_from(
    library: Library, record_id: uuid.UUID, ticks: Collection[Aspect], act: Act
) -> Catalogued | Refused | NotFound:
    """A title of the library from a record of the union, for copies to stand under. Creators, title and publisher are
    to be ticked first, book in hand (003 م5-2 تبصره ۱)."""
    with library.store.write() as tx:
        record = record_for(tx, UNION_TITLE, record_id)
        if record is None:
            return NotFound(Sought.RECORD, str(record_id))
        if problems := (*library.forbids(act, Action.CATALOGUE), *_unticked(ticks)):
            return Refused(problems)
        form = form_of(record)
        twin = find_twin(tx, form)
        if twin is not None:
            return Catalogued(twin, made=False)
        title_id = insert_title(tx, form, library.store.dialect.name)
        tx.record("title.taken_from_union", act, Intent(seen={"record": str(record.id)}))
        return Catalogued(title_id, made=True)


def _unticked(ticks: Collection[Aspect]) -> Iterator[Refusal]:
    for aspect in TICKS:
        if aspect not in ticks:
            yield Refusal("union.not_ticked", "003 م5-2 تبصره ۱", weight=Weight.CONFIRM, facts={"aspect": aspect.value})


def form_of(record: UnionRecord) -> TitleForm:
    """The form of a title as a record describes it, and where it came from."""
    names = [name for name in record.creators if name != record.main_creator]
    main = () if record.main_creator is None else (record.main_creator,)
    return TitleForm(
        title=record.title, subtitle=record.subtitle, statement=record.statement,
        creators=tuple(Creator(name) for name in (*main, *names)), subjects=tuple(record.subjects),
        edition=record.edition, place=record.place, publisher=record.publisher, year=record.year, pages=record.pages,
        series=record.series, isbn=record.isbn, nbn=record.nbn, dewey=record.dewey, author_mark=record.author_mark,
        language=record.language, material=record.material, status=CataloguingStatus.IMPORTED,
        marc=record.marc, marc_format=None if record.marc is None else "marc21", extras={UNION: str(record.id)},
    )  # fmt: skip
