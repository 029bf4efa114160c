"""Rows of the union catalogue inside somebody's transaction: records, redirects, and who hears of them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.centre import AT_THE_CENTRE, Centre
from app.union.reading import FARTHEST, TITLE, UNION_TITLE, ids_leading_to, titles_leading_to
from app.union.record import RECORD, UnionRecord, record_of, with_keys
from db.act import Act
from db.codes import Role
from db.feeds import BIB, subscribe, take_positions
from db.frozen import Frozen
from db.journal import Entry, Intent
from db.models.catalogue import Title
from db.models.centre import Redirect, UnionTitle
from db.reading import Reader
from db.writing import Tx

HELD = "held"
"""Why a branch hears of a record: a title of its own leads there."""


@dataclass(frozen=True, slots=True)
class RedirectRow:
    """A redirect as it is taken back."""

    id: uuid.UUID
    ver: int
    branch_id: uuid.UUID
    old_id: uuid.UUID
    new_id: uuid.UUID
    made_by: str
    deleted_at: object = None


REDIRECT_COLUMNS = tuple(getattr(Redirect, name) for name in RedirectRow.__dataclass_fields__)
REDIRECT: Frozen[RedirectRow] = Frozen(
    sa.select(*REDIRECT_COLUMNS).where(
        Redirect.entity == sa.bindparam("entity"),
        Redirect.old_id == sa.bindparam("old"),
        Redirect.deleted_at.is_(None),
    ),
    RedirectRow,
)
LED_TO = Frozen(
    sa.select(Redirect.id).where(Redirect.new_id == sa.bindparam("record"), Redirect.deleted_at.is_(None)).limit(1),
    lambda row_id: row_id,
)
OWN_TITLE = Frozen(
    sa.select(Title.branch_id).where(Title.id == sa.bindparam("title"), Title.deleted_at.is_(None)),
    lambda branch_id: branch_id,
)
LOCKED = sa.select(UnionTitle.id).order_by(UnionTitle.id).with_for_update()


@dataclass
class Work:
    """One transaction on the catalogue: who acts, and which branches shall hear of which records."""

    tx: Tx
    act: Act
    centre_id: uuid.UUID
    told: defaultdict[uuid.UUID, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))

    def record(self, kind: str, intent: Intent | None = None, undoes: uuid.UUID | None = None) -> Entry:
        """Let the branches hear, and write the entry: the last step. Heads of feeds are locked in the order of their
        names, as `db.feeds.publish` does it."""
        if self.told:
            take_positions(self.tx, BIB, 0)
        for branch_id in sorted(self.told, key=lambda branch_id: branch_id.hex):
            way = [step for record_id in sorted(self.told[branch_id]) for step in way_of(self.tx, record_id)]
            for model in (UnionTitle, Redirect):
                ids = dict.fromkeys(row_id for kind_of_row, row_id in way if kind_of_row is model)
                subscribe(self.tx, branch_id, model, ids, HELD)
        return self.tx.record(kind, self.act, intent, undoes)


def way_of(reader: Reader, record_id: uuid.UUID) -> Iterator[tuple[type[UnionTitle | Redirect], uuid.UUID]]:
    """The rows by which somebody who knows a record's id comes to the record that stands for it."""
    yield UnionTitle, record_id
    for _ in range(FARTHEST):
        onward = redirect_of(reader, UNION_TITLE, record_id)
        if onward is None:
            return
        record_id = onward.new_id
        yield Redirect, onward.id
        yield UnionTitle, record_id


def centre_act(centre: Centre) -> Act:
    """An act of the centre itself."""
    return Act(None, Role.ADMINISTRATOR, AT_THE_CENTRE, centre.clock.read())


def lock_records(tx: Tx, ids: Collection[uuid.UUID]) -> None:
    """Let nobody else lead these records anywhere until this transaction is over."""
    tx.connection.execute(LOCKED.where(UnionTitle.id.in_(ids))).all()


def redirect_of(reader: Reader, entity: str, old_id: uuid.UUID) -> RedirectRow | None:
    """The redirect in force of an id."""
    return reader.one(REDIRECT, entity=entity, old=old_id)


def led_to(reader: Reader, record_id: uuid.UUID) -> bool:
    """Whether any title of another, or a merged record, leads to this one."""
    return reader.one(LED_TO, record=record_id) is not None


def lead_record(work: Work, old_id: uuid.UUID, new_id: uuid.UUID, by: str) -> None:
    """Let a record stand for another; `by` names who says so. All who hold it hear of the other."""
    holders = set(titles_leading_to(work.tx, ids_leading_to(work.tx, old_id)).values())
    _redirect(work, UNION_TITLE, old_id, new_id, work.centre_id, by)
    for branch_id in holders:
        work.told[branch_id].add(old_id)


def lead_title(work: Work, title_id: uuid.UUID, branch_id: uuid.UUID, record_id: uuid.UUID, by: str) -> None:
    """Let a branch's title lead to a record, and the branch hear of it."""
    _redirect(work, TITLE, title_id, record_id, branch_id, by)
    work.told[branch_id].add(record_id)


def _redirect(work: Work, entity: str, old_id: uuid.UUID, new_id: uuid.UUID, owner: uuid.UUID, by: str) -> None:
    row = {"entity": entity, "old_id": old_id, "new_id": new_id, "made_at": work.act.at, "made_by": by}
    work.tx.insert(Redirect, branch_id=owner, **row)


def add_record(work: Work, record_id: uuid.UUID, columns: Mapping[str, Any], born_at: uuid.UUID) -> None:
    """A record of its own; one that was let go of is there again."""
    gone = work.tx.one(RECORD, record=record_id)
    if gone is None:
        work.tx.insert(UnionTitle, id=record_id, born_at=born_at, **with_keys(record_id, columns))
    else:
        work.tx.update(UnionTitle, gone, deleted_at=None, **with_keys(record_id, columns))
    work.told[born_at].add(record_id)


def change_record(work: Work, record: UnionRecord, **columns: Any) -> bool:
    """Bring columns of a record to new values, and what is computed from them; whether any was another before."""
    was = {name: getattr(record, name) for name in UnionRecord.__dataclass_fields__}
    new = with_keys(record.id, was | columns)
    changed = {name: value for name, value in new.items() if value != was[name]}
    if changed:
        work.tx.update(UnionTitle, record, **changed)
    return bool(changed)


def let_go_if_empty(work: Work, record_id: uuid.UUID) -> bool:
    """Take a record out of the catalogue that no title leads to any more, unless a cataloguer worked on it or it leads
    elsewhere itself."""
    tx = work.tx
    record = record_of(tx, record_id)
    if record is None or record.reviewed or redirect_of(tx, UNION_TITLE, record_id) is not None:
        return False
    own = tx.one(OWN_TITLE, title=record_id) is not None and redirect_of(tx, TITLE, record_id) is None
    if own or led_to(tx, record_id):
        return False
    tx.remove(UnionTitle, record, work.act)
    return True
