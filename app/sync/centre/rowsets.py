"""The rows of a batch by table, on their way into the tables: each statement takes all rows of one table."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from app.items.writing import ShelvedTitle
from app.sync.apply import change_statement
from app.sync.centre.folding import Folded, NotPlainError
from app.sync.derived import MAKERS, derived, in_parts, recount, shelved_titles
from app.sync.rows import Cipher, from_wire, plain_image, secret_columns
from db.arrays import BASE, Sent, ToText, array, integers, quoted, to_text
from db.models.base import Base
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item, LocalUse
from db.models.members import Member
from db.models.schema import METADATA
from db.wire import entity
from db.writing import Tx

DAY = to_text(sa.Date())
ORDER = {
    table.name: place
    for place, table in enumerate(sorted(METADATA.sorted_tables, key=lambda table: table.name != Member.__tablename__))
}
"""Tables that others refer to first; readers before all, since accounts are kept for those that are there."""
SHELVED = ("dewey", "author_mark", "year", "material", "age_group")
SHELVING = frozenset({"title_id", "accession_no", "volume_no", "copy_no", "local_class"})
COUNTED = {
    "lent": "integer:loan_count = item.loan_count + new.lent",
    "used": "integer:uses = item.uses + new.used",
    "last": "date:last_loan_on = greatest(item.last_loan_on, new.last)",
}
"""The summaries of a copy, raised by what a batch adds."""


@dataclass(slots=True)
class Use:
    """How often a batch lent a copy, used it in the hall, and on which day it was last lent."""

    lent: int = 0
    in_hall: int = 0
    last: int | None = None


def in_order(rows: Iterable[Folded]) -> list[Folded]:
    """Rows by table, those that others refer to first."""
    return sorted(rows, key=lambda row: ORDER[row.model.__tablename__])


def arrays(model: type[Base], values: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Columns as arrays, their values as they stand on the wire."""
    writers = zip(_writers(model, tuple(values)), values.items(), strict=True)
    return {name: array(write, column) for write, (name, column) in writers}


@cache
def _writers(model: type[Base], names: tuple[str, ...]) -> tuple[ToText, ...]:
    columns = METADATA.tables[model.__tablename__].columns
    return tuple(to_text(columns[name].type) for name in names)


@cache
def _fields(model: type[Base]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The places of the fields of an entity in an after-image, in their order, and their names."""
    fields = sorted(entity(model).fields.values(), key=lambda field: field.number)
    return tuple(field.number for field in fields), tuple(field.name for field in fields)


class RowSets:
    """The rows of one batch on their way into the tables."""

    def __init__(self, branch_id: uuid.UUID, rows: Sequence[Folded], cipher: Cipher) -> None:
        self.branch_id = branch_id
        self.cipher = cipher
        self.born = [row for row in rows if row.image is not None]
        self.changed = [row for row in rows if row.image is None]
        self.uses: dict[bytes, Use] = defaultdict(Use)
        self.to_count: set[uuid.UUID] = set()
        self.to_shelve: set[uuid.UUID] = set()
        self.titles = self._titles()

    def _titles(self) -> dict[uuid.UUID, ShelvedTitle]:
        """The titles that were born in the same batch as their copies."""
        new = (
            ShelvedTitle(uuid.UUID(bytes=row.row_id), *(values[name] for name in SHELVED))
            for row in self.born
            if row.model is Title and (values := from_wire(Title, row.image or []))
        )
        return {title.id: title for title in new}

    def send(self, sent: Sent) -> None:
        """What was there before goes first, since it may free a number or close a loan that a new row takes; copies
        go last, with what their new loans add to them."""
        copies = [row for row in self.changed if row.model is Item]
        self._change(sent, (row for row in self.changed if row.model is not Item))
        self._add(sent)
        self._change_copies(sent, copies)

    def settle(self, tx: Tx) -> None:
        """What rests on rows that are there now: keys of rows of which a text changed, and summaries of copies."""
        for model in MAKERS:
            ids = {uuid.UUID(bytes=row.row_id) for row in self.changed if row.model is model and _is_keyed(row)}
            _derive_again(tx, model, ids | self.to_shelve if model is Item else ids)
        recount(tx, self.to_count)

    def _change(self, sent: Sent, rows: Iterable[Folded]) -> None:
        for (model, places, gone), group in _grouped(rows):
            if model in (Loan, LocalUse) and (gone or not {"item_id", "out_on"}.isdisjoint(_names(model, places))):
                raise NotPlainError  # rare: the copies concerned would have to be asked for
            self._update(sent, model, places, group, gone=gone)

    def _change_copies(self, sent: Sent, rows: Sequence[Folded]) -> None:
        for (model, places, gone), group in _grouped(rows):
            self._update(sent, model, places, group, gone=gone)
        self.to_count.update(uuid.UUID(bytes=item) for item in self.uses)

    def _update(
        self, sent: Sent, model: type[Base], places: tuple[int, ...], rows: Sequence[Folded], *, gone: bool
    ) -> None:
        names = _names(model, places)
        values = {name: [row.patch[place] for row in rows] for name, place in zip(names, places, strict=True)}
        for name in secret_columns(model) & values.keys():
            values[name] = [self._sealed(value) for value in values[name]]
        if gone:
            values["deleted_at"] = [row.deleted_ms for row in rows]
        columns = {
            "id": _ids(rows),
            BASE: integers(row.base for row in rows),
            **_places(rows),
            **arrays(model, values),
        }
        if model is Item:
            columns |= self._counts(rows)
        sent.update(model.__tablename__, len(rows), columns, COUNTED if model is Item else {})

    def _counts(self, rows: Sequence[Folded]) -> dict[str, str]:
        """What the batch adds to the summaries of these copies, as arrays by the names of COUNTED."""
        uses = [self.uses.pop(row.row_id, Use()) for row in rows]
        return {
            "lent": integers(use.lent for use in uses),
            "used": integers(use.lent + use.in_hall for use in uses),
            "last": array(DAY, [use.last for use in uses]),
        }

    def _add(self, sent: Sent) -> None:
        for model, group in groupby(self.born, key=lambda row: row.model):
            rows = list(group)
            if model in (Loan, LocalUse):
                self._count(model, rows)
            computed = self._computed(model, rows)
            images = zip(*(self._image(row) for row in rows), strict=True)
            values = dict(zip(_fields(model)[1], images, strict=True)) | {
                "deleted_at": [row.deleted_ms for row in rows]
            }
            columns = {"id": _ids(rows), **_places(rows), **arrays(model, values), **computed}
            sent.insert(model.__tablename__, len(rows), columns, branch_id=self.branch_id)

    def _image(self, row: Folded) -> Sequence[Any]:
        """The image of a new row as it is stored: whole, and its secrets sealed."""
        image, plain, places = row.image or [], plain_image(row.model), _fields(row.model)[0]
        image += plain[len(image) :]  # an older program said less
        for name in secret_columns(row.model):
            place = entity(row.model).fields[name].number
            image[place] = self._sealed(image[place])
        if len(image) == len(places):
            return image
        if any(value is not None for place, value in enumerate(image) if place not in places):
            raise NotPlainError  # a newer one said more
        return [image[place] for place in places]

    def _sealed(self, value: str | None) -> str | None:
        return None if value is None else self.cipher.encrypt(value)

    def _count(self, model: type[Base], rows: Sequence[Folded]) -> None:
        """What new loans and uses add to their copies."""
        fields = entity(model).fields
        for row in rows:
            if row.deleted_ms is None:
                image = row.image or []
                use = self.uses[image[fields["item_id"].number]]
                if model is Loan:
                    use.lent += 1
                    use.last = max(image[fields["out_on"].number], use.last or 0)
                else:
                    use.in_hall += 1

    def _computed(self, model: type[Base], rows: Sequence[Folded]) -> dict[str, str]:
        """The derived columns of new rows, as arrays."""
        if model not in MAKERS:
            return {}
        values = [from_wire(model, row.image or []) | {"id": uuid.UUID(bytes=row.row_id)} for row in rows]
        made = [derived(model, value, self.titles) for value in values]
        columns = {name: array(quoted, [one[name] for one in made]) for name in made[0]}
        if model is not Item:
            return columns
        self.to_count.update(value["id"] for value in values)
        self.to_shelve.update(value["id"] for value in values if value["title_id"] not in self.titles)
        none = integers(0 for _ in rows)
        return columns | {"loan_count": none, "uses": none}


def _derive_again(tx: Tx, model: type[Base], ids: Collection[uuid.UUID]) -> None:
    """Make the derived columns of rows that are there anew."""
    table = METADATA.tables[model.__tablename__]
    for some in in_parts(ids):
        rows = tx.connection.execute(sa.select(table).where(table.c.id.in_(some))).mappings().all()
        titles = shelved_titles(tx, (row["title_id"] for row in rows)) if model is Item else {}
        for row in rows:
            made = derived(model, dict(row), titles)
            named = {f"new_{name}": value for name, value in made.items()}
            tx.execute(change_statement(model, frozenset(made)), row_id=row["id"], **named)


def _ids(rows: Sequence[Folded]) -> str:
    return array(bytes.hex, [row.row_id for row in rows])


def _places(rows: Sequence[Folded]) -> dict[str, str]:
    """Versions and positions of rows, as arrays."""
    return {"ver": integers(row.ver for row in rows), "bpos": integers(row.pos for row in rows)}


def _is_keyed(row: Folded) -> bool:
    names = _names(row.model, tuple(row.patch))
    return bool(names) if row.model is not Item else not SHELVING.isdisjoint(names)


@lru_cache(maxsize=1_024)
def _names(model: type[Base], places: tuple[int, ...]) -> tuple[str, ...]:
    known = dict(zip(*_fields(model), strict=True))
    return tuple(known[place] for place in places)


def _grouped(
    rows: Iterable[Folded],
) -> list[tuple[tuple[type[Base], tuple[int, ...], bool], list[Folded]]]:
    """Changed rows by table and by which columns changed."""
    groups: dict[tuple[type[Base], tuple[int, ...], bool], list[Folded]] = {}
    for row in rows:
        key = (row.model, tuple(sorted(row.patch)), row.deleted_ms is not None)
        groups.setdefault(key, []).append(row)
    return sorted(groups.items(), key=lambda pair: ORDER[pair[0][0].__tablename__])
