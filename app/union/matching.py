"""Taking titles of branches into the union catalogue (sync-protocol 11).

The first of its kind becomes a record under its own id; a later one leads to the record that describes the same book
(`rules.same_book`) or becomes a record too. Nothing that differs is put together here: that is for a person. What a
branch changes or deletes later is followed as far as nobody else builds on it.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.catalogue.keys import match_key
from app.centre import Centre
from app.union.cases import ask_branch, settle
from app.union.deeds import THE_CENTRE
from app.union.reading import TITLE, UNION_TITLE, resolve, standing_of
from app.union.record import FIELDS, TitleFacts, UnionRecord, record_of, records, titles_of
from app.union.rules import Described, described, differences, same_book
from app.union.writing import (
    RedirectRow,
    Work,
    add_record,
    centre_act,
    change_record,
    lead_title,
    led_to,
    let_go_if_empty,
    redirect_of,
)
from db.feeds import branch_feed
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.models.centre import Projection, Redirect, UnionTitle
from db.models.library import Branch
from db.models.sync import FeedHead
from db.reading import Reader
from db.trouble import StaleRowError, Trouble
from db.writing import Tx

PROJECTION = "union"
SLICE = 100
"""Titles a transaction: each makes four changes at most, an entry holds five hundred."""
FOLLOWED = (*FIELDS, "status", "marc")


@dataclass
class _Slice(Work):
    """What one transaction takes in, and the records that may be meant: those born in it too."""

    near: dict[uuid.UUID, Described] = field(default_factory=dict)
    by_sign: defaultdict[str, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))

    def remember(self, record_id: uuid.UUID, columns: Mapping[str, Any]) -> None:
        """Let titles that come later in the slice find a record."""
        self.near[record_id] = described(columns)
        for sign in _signs(columns):
            if record_id not in self.by_sign[sign]:
                self.by_sign[sign].append(record_id)

    def candidates(self, columns: Mapping[str, Any]) -> list[uuid.UUID]:
        """The records that share a sign with a title."""
        return sorted({record_id for sign in _signs(columns) for record_id in self.by_sign[sign]})


def adopt_new(centre: Centre, limit: int | None = None) -> int:
    """Take in what branches catalogued, changed and deleted since the last time; returns how many titles were looked
    at, `limit` at most. Small transactions: whoever waits for the catalogue waits for a hundred titles. Raises what one
    branch's titles raised after those of the others were taken in."""
    settle(centre)
    done, wrong = 0, list[Exception]()
    for branch_id in _branches(centre):
        try:
            done += _adopt_of(centre, branch_id, None if limit is None else limit - done)
        except (Trouble, StaleRowError):
            raise
        except Exception as error:  # noqa: BLE001 - what one branch sent must not keep the others waiting
            wrong.append(error)
    if wrong:
        raise wrong[0]
    return done


def _adopt_of(centre: Centre, branch_id: uuid.UUID, limit: int | None) -> int:
    """The titles of one branch, `limit` at most; how many were looked at."""
    done = 0
    while limit is None or done < limit:
        wanted = SLICE if limit is None else min(SLICE, limit - done)
        looked_at = _adopt_slice(centre, branch_id, wanted)
        done += looked_at
        if looked_at < wanted:
            break
    return done


def _branches(centre: Centre) -> list[uuid.UUID]:
    """The branches that sent anything since."""
    with centre.store.read() as reader:
        known = sa.select(Branch.id).where(Branch.id != centre.id, Branch.deleted_at.is_(None)).order_by(Branch.id)
        seen = sa.select(Projection.branch_id, Projection.pos).where(Projection.name == PROJECTION)
        heads = sa.select(FeedHead.feed, FeedHead.pos)
        positions: dict[uuid.UUID, int] = dict(reader.connection.execute(seen).all())
        last: dict[str, int] = dict(reader.connection.execute(heads).all())
        ids = reader.connection.execute(known).scalars()
        return [branch_id for branch_id in ids if last.get(branch_feed(branch_id), 0) > positions.get(branch_id, 0)]


def _head(reader: Reader, branch_id: uuid.UUID) -> int:
    query = sa.select(FeedHead.pos).where(FeedHead.feed == branch_feed(branch_id))
    return reader.connection.execute(query).scalar_one_or_none() or 0


def _adopt_slice(centre: Centre, branch_id: uuid.UUID, wanted: int) -> int:
    with centre.write() as tx:
        work = _Slice(tx, centre_act(centre), centre.id)
        since = _locked_position(tx, centre.id, branch_id)
        head = _head(tx, branch_id)  # read before the rows: what lies below it is committed
        ids, until = _titles_since(tx, branch_id, since, wanted)
        _take_in(work, titles_of(tx, ids))
        if tx.touched:
            work.record("union.adopted")
        _set_position(tx, branch_id, until if len(ids) == wanted else max(head, until))
        return len(ids)


def _locked_position(tx: Tx, centre_id: uuid.UUID, branch_id: uuid.UUID) -> int:
    """How far the branch was read. One process at a time reads at all: two that read at once would make two records of
    one book."""
    _position(tx, centre_id)
    return _position(tx, branch_id)


def _position(tx: Tx, branch_id: uuid.UUID) -> int:
    where = (Projection.name == PROJECTION, Projection.branch_id == branch_id)
    query = sa.select(Projection.pos).where(*where).with_for_update()
    found: int | None = tx.connection.execute(query).scalar_one_or_none()
    if found is None:
        tx.connection.execute(sa.insert(Projection).values(name=PROJECTION, branch_id=branch_id, pos=0))
    return found or 0


def _set_position(tx: Tx, branch_id: uuid.UUID, pos: int) -> None:
    where = (Projection.name == PROJECTION, Projection.branch_id == branch_id)
    tx.connection.execute(sa.update(Projection).where(*where).values(pos=pos))


def _titles_since(tx: Tx, branch_id: uuid.UUID, since: int, most: int) -> tuple[list[uuid.UUID], int]:
    """The titles of which anything came in after a position, and the position reached."""
    keys: Mapping[Any, Any] = {
        Title: Title.id, TitleCreator: TitleCreator.title_id, TitleSubject: TitleSubject.title_id
    }  # fmt: skip
    rows = sa.union_all(
        *(
            sa.select(key.label("title_id"), model.bpos.label("pos")).where(
                model.branch_id == branch_id, model.bpos > since
            )
            for model, key in keys.items()
        )
    ).subquery()
    last = sa.func.max(rows.c.pos)
    query = sa.select(rows.c.title_id, last).group_by(rows.c.title_id).order_by(last).limit(most)
    found = tx.connection.execute(query).all()
    return [row[0] for row in found], max((row[1] for row in found), default=since)


def _take_in(work: _Slice, titles: Sequence[TitleFacts]) -> None:
    """Each title where it belongs."""
    for record in _near(work.tx, titles):
        work.remember(record.id, _plain(record))
    for title in titles:
        redirect = redirect_of(work.tx, TITLE, title.id)
        own = record_of(work.tx, title.id)
        if title.deleted:
            _let_go(work, title, redirect)
        elif redirect is not None:
            _compare(work, title, resolve(work.tx, UNION_TITLE, redirect.new_id))
        elif own is not None:
            _follow(work, title, own)
        else:
            _place(work, title)


def _near(reader: Reader, titles: Iterable[TitleFacts]) -> list[UnionRecord]:
    """The records that may describe one of these: by number, and by title, creator, publisher, edition and year."""
    isbns = {isbn for title in titles if (isbn := title.columns["isbn"])}
    keys = {_key(title.columns) for title in titles}
    live = UnionTitle.deleted_at.is_(None)
    found = records(reader, sa.and_(live, UnionTitle.match_key.in_(keys)))
    return found + records(reader, sa.and_(live, UnionTitle.isbn.in_(isbns)))


def _plain(record: UnionRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in FOLLOWED}


def _key(columns: Mapping[str, Any]) -> str:
    return match_key(
        columns["title"], columns["main_creator"], columns["publisher"], columns["edition"], columns["year"]
    )


def _signs(columns: Mapping[str, Any]) -> Iterator[str]:
    yield _key(columns)
    if columns["isbn"]:
        yield columns["isbn"]


def _place(work: _Slice, title: TitleFacts) -> None:
    """Under the record that describes the same book, or as a record of its own."""
    found = _match(work, title)
    if found is not None:
        lead_title(work, title.id, title.branch_id, found, THE_CENTRE)
        return
    add_record(work, title.id, title.columns, title.branch_id)
    work.remember(title.id, title.columns)


def _match(work: _Slice, title: TitleFacts) -> uuid.UUID | None:
    """The one record that is of the same book. Where several are and they do not stand for one, a person decides: they
    stand in the list of duplicates."""
    own = described(title.columns)
    named = None if title.taken_from is None else record_of(work.tx, title.taken_from)
    if named is not None and not differences(own, described(_plain(named))):
        return named.id
    fits = [record_id for record_id in work.candidates(title.columns) if same_book(own, work.near[record_id])]
    exact = [record_id for record_id in fits if work.near[record_id] == own]
    if exact:
        return exact[0]
    return fits[0] if fits and len(set(standing_of(work.tx, fits).values())) == 1 else None


def _let_go(work: _Slice, title: TitleFacts, redirect: RedirectRow | None) -> None:
    """A title that is no more leads nowhere; a record that nobody holds is no record, unless somebody worked on it."""
    if redirect is not None:
        work.tx.remove(Redirect, redirect, work.act)
    for record_id in {title.id, redirect.new_id if redirect else title.id}:
        if let_go_if_empty(work, record_id):
            work.near.pop(record_id, None)
            for sign in work.by_sign.values():
                if record_id in sign:
                    sign.remove(record_id)


def _follow(work: _Slice, title: TitleFacts, own: UnionRecord) -> None:
    """A record follows its first title until the province has reviewed it; where others lead to it, only as far as it
    stays the same book."""
    new = described(title.columns)
    shared = led_to(work.tx, own.id)
    if not own.reviewed and not (shared and differences(described(_plain(own)), new)):
        change_record(work, own, **{name: title.columns[name] for name in FOLLOWED})
        work.remember(own.id, title.columns)
    _compare(work, title, resolve(work.tx, UNION_TITLE, own.id))


def _compare(work: _Slice, title: TitleFacts, record_id: uuid.UUID | None) -> None:
    """Ask the branch where its title no longer is the book that the record describes."""
    record = None if record_id is None else record_of(work.tx, record_id)
    if record is not None:
        ask_branch(work, title, record)
