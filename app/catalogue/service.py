"""Adding and finding titles."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.actions import Action
from app.catalogue.form import TitleForm, title_problems
from app.catalogue.writing import INDEX_ROW, index_text, insert_title, match_key_of
from app.library import HERE, Library
from app.outcome import Refused
from app.refusal import Refusal
from db.act import Act
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.items import Item
from db.reading import Reader
from db.search_index import TitleText, rebuild

TITLE_BY_MATCH = Frozen(
    sa.select(Title.id)
    .where(Title.branch_id == HERE, Title.match_key == sa.bindparam("key"), Title.deleted_at.is_(None))
    .limit(1),
    lambda title_id: title_id,
)


@dataclass(frozen=True, slots=True)
class TitleAdded:
    """A record was stored. `twin` is an older record that describes the same book, if there is one."""

    title_id: uuid.UUID
    twin: uuid.UUID | None


def find_twin(reader: Reader, form: TitleForm) -> uuid.UUID | None:
    """The record that already describes this book: creators, title and publisher agree (003 م5-2 تبصره ۱)."""
    found: uuid.UUID | None = reader.one(TITLE_BY_MATCH, key=match_key_of(form))
    return found


def add_title(library: Library, form: TitleForm, act: Act) -> TitleAdded | Refused:
    """Store a record, or say what is wrong with its fields."""
    problems: tuple[Refusal, ...] = (*library.forbids(act, Action.CATALOGUE), *title_problems(form))
    if problems:
        return Refused(problems)
    with library.store.write() as tx:
        twin = find_twin(tx, form)
        title_id = insert_title(tx, form, library.store.dialect.name)
        tx.record("title.added", act)
        return TitleAdded(title_id, twin)


def rebuild_index(library: Library) -> int:
    """Index every title anew, the most lent first; returns their number. Safe at any time, also while the desk
    works."""
    lent = sa.func.coalesce(
        sa.select(sa.func.sum(Item.loan_count))
        .where(Item.title_id == Title.id, Item.deleted_at.is_(None))
        .scalar_subquery(),
        0,
    )
    order = sa.select(Title.id).where(Title.deleted_at.is_(None)).order_by(lent.desc(), Title.id)
    with library.store.write() as tx:
        ids = list(tx.connection.execute(order).scalars())
        entries = [_entry(tx, title_id) for title_id in ids]
        rebuild(tx, entries, library.store.dialect.name)
        return len(entries)


def _entry(reader: Reader, title_id: uuid.UUID) -> TitleText:
    row = reader.one(INDEX_ROW, title_id=title_id)
    if row is None:
        raise RuntimeError("a title vanished inside a transaction")
    return index_text(reader, row)
