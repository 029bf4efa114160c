"""Feeds (sync-protocol 9): every row at its newest version, in order, nothing passed over, and no branch reads what is
another's."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest

from app.centre import Centre
from app.library import Library
from app.sync.apply import ready, take
from app.sync.centre.epochs import Marks, refresh_epochs
from app.sync.derived import settle
from app.sync.line import DENIED, Call
from app.sync.rows import model_of
from app.sync.wire import FeedRow, Page, PullAsked, encode
from db.act import Act
from db.applying import applying
from db.codes import CataloguingStatus, DirectiveKind, Material, Role
from db.feeds import subscribe, unsubscribe
from db.models.base import Base
from db.models.centre import Directive, Redirect, UnionTitle
from db.models.items import Item
from db.models.library import CalendarDay
from db.models.members import Member
from db.models.schema import METADATA, synced_models
from db.opening import create_store
from db.opening import settle as settle_identity
from db.store import Store
from db.wire import entity
from tests.app.sync.centre.sending import Sender, journal, kept
from tests.app.sync.centre.test_push import busy
from tests.library import a_title, act, add_copy, add_member, change, lend, rows


def all_rows(sender: Sender, feed: str = "branch", after: int = 0, most: int = 64 << 10) -> list[FeedRow]:
    """A feed from a cursor to its end, page by page."""
    found: list[FeedRow] = []
    sub_after = 0
    while True:
        page = sender.pull(feed, after, most=most, sub_after=sub_after)
        found += page.rows
        if not page.more:
            return found
        assert (page.pos, page.sub_pos) > (after, sub_after)
        after, sub_after = page.pos, page.sub_pos


@pytest.fixture
def full(library: Library, sender: Sender) -> Sender:
    """A busy branch, wholly sent."""
    busy(library)
    sender.push(journal(library))
    return sender


@pytest.mark.parametrize("most", [1_024, 8_192, 1 << 20])
def test_read_from_the_beginning_it_is_everything_once(library: Library, full: Sender, most: int) -> None:
    read = all_rows(full, most=most)
    ours = {row.id.bytes for model in synced_models().values() for row in rows_of(library, model)}
    assert {row.row for row in read} == ours
    assert len(read) == len(ours)
    assert [row.pos for row in read] == sorted(row.pos for row in read)


def rows_of(library: Library, model: type[Base]) -> list[Any]:
    with library.store.read() as reader:
        return list(reader.connection.execute(METADATA.tables[model.__tablename__].select()))


def test_an_empty_database_becomes_the_branch_again(library: Library, full: Sender, tmp_path: Path) -> None:
    store, _ = create_store(tmp_path / "new", None)
    with store:
        settle_identity(store, library.branch.id, library.clock.read())
        took(store, sorted(all_rows(full), key=_parents_first))
        for model in synced_models().values():
            ours, theirs = (_whole(one, model) for one in (library.store, store))
            assert ours == theirs, model.__tablename__


def _parents_first(row: FeedRow) -> int:
    names = [table.name for table in METADATA.sorted_tables]
    return names.index(model_of(row.entity).__tablename__)


def _whole(store: Store, model: type[Base]) -> dict[uuid.UUID, dict[str, Any]]:
    """Rows with their derived columns, but for what no other side may know and what only sync fills."""
    table = METADATA.tables[model.__tablename__]
    left_out = {"rh", "bpos", "pin_hash", "search_key"}
    columns = [column for column in table.columns if column.name not in left_out]
    with store.read() as reader:
        return {
            row["id"]: dict(row)
            for row in reader.connection.execute(table.select().with_only_columns(*columns)).mappings()
        }


def took(store: Store, read: list[FeedRow]) -> list[bool]:
    """Take rows of a feed as a branch does."""
    rows_read = [ready(row, store.dialect.name) for row in read]
    with store.write() as tx, applying(tx, store.dialect.name):
        taken = [take(tx, row) for row in rows_read]
        settle(tx, rows_read, store.dialect.name)
    return taken


def test_a_row_comes_again_only_in_its_newest_version(library: Library, full: Sender) -> None:
    before = full.pull().pos
    copy = add_copy(library, a_title("کتاب نو"))
    change(library, Item, copy.id, note="یک")
    change(library, Item, copy.id, note="دو")
    full.push(journal(library, full.sent))
    read = [row for row in all_rows(full, after=before) if model_of(row.entity) is Item]
    assert [(row.row, row.ver) for row in read] == [(copy.id.bytes, 3)]


def test_an_older_version_is_not_taken_and_an_equal_one_is(library: Library, full: Sender) -> None:
    (older, *_) = [row for row in all_rows(full) if model_of(row.entity) is Member]
    reader = uuid.UUID(bytes=older.row)
    assert took(library.store, [older]) == [True]
    change(library, Member, reader, job="معلم")
    assert took(library.store, [older]) == [False]
    (here,) = [row for row in rows(library, Member) if row.id == reader]
    assert here.job == "معلم"


def test_what_the_centre_writes_for_a_branch_stands_in_its_feed(centre: Centre, library: Library, full: Sender) -> None:
    before = full.pull().pos
    with centre.write() as tx:
        directive = tx.insert(
            Directive, branch_id=library.branch.id, kind=next(iter(DirectiveKind)), facts={"a": 1},
            issued_at=centre.now(), issued_by="استان",
        )  # fmt: skip
        tx.record("directive.issued", Act(None, Role.ADMINISTRATOR, 0, centre.clock.read()))
    (row,) = all_rows(full, after=before)
    assert (row.row, row.branch, row.pos) == (directive.bytes, library.branch.id.bytes, before + 1)


def test_rules_of_the_centre_go_to_every_branch(centre: Centre, library: Library, full: Sender) -> None:
    before = full.pull().pos
    with centre.write() as tx:
        day = tx.insert(CalendarDay, day=dt.date(2027, 1, 1), kind="holiday", name="تعطیل")
        tx.record("calendar.corrected", Act(None, Role.ADMINISTRATOR, 0, centre.clock.read()))
    assert [row.row for row in all_rows(full, "policy")] == [day.bytes]
    assert all_rows(full, after=before) == []
    stranger = Sender(centre, uuid.uuid4(), uuid.uuid4(), 5).enrol()
    assert [row.row for row in all_rows(stranger, "policy")] == [day.bytes]
    assert all_rows(stranger) == []


def union(centre: Centre, title: str) -> uuid.UUID:
    """A record of the union."""
    with centre.write() as tx:
        record = tx.insert(
            UnionTitle, title=title, material=Material.BOOK, status=CataloguingStatus.REVIEWED, born_at=uuid.uuid4(),
            sort_key="", match_key="", search_key="",
        )  # fmt: skip
        tx.record("union.added", Act(None, Role.ADMINISTRATOR, 0, centre.clock.read()))
    return record


def test_a_branch_hears_of_the_records_it_subscribed_to(centre: Centre, library: Library, full: Sender) -> None:
    first, second, third = (union(centre, f"کتاب {place}") for place in range(3))
    with centre.write() as tx:
        subscribe(tx, library.branch.id, UnionTitle, [first, second], "held")
    page = full.pull("bib")
    assert {row.row for row in page.rows} == {first.bytes, second.bytes}
    again = full.pull("bib", page.pos, sub_after=page.sub_pos)
    assert again.rows == []
    _retitle(centre, third, "نه برای این شعبه")
    _retitle(centre, second, "عنوان تازه")
    later = full.pull("bib", page.pos, sub_after=page.sub_pos)
    assert [(row.row, row.ver) for row in later.rows] == [(second.bytes, 2)]


def _retitle(centre: Centre, record: uuid.UUID, title: str) -> None:
    (row,) = kept(centre, UnionTitle, id=record)
    with centre.write() as tx:
        tx.update(UnionTitle, row, title=title)
        tx.record("union.changed", Act(None, Role.ADMINISTRATOR, 0, centre.clock.read()))


def test_a_subscription_that_ended_is_told(centre: Centre, library: Library, full: Sender) -> None:
    record = union(centre, "کتاب")
    with centre.write() as tx:
        subscribe(tx, library.branch.id, UnionTitle, [record], "held")
    page = full.pull("bib")
    with centre.write() as tx:
        unsubscribe(tx, library.branch.id, UnionTitle, [record])
    later = full.pull("bib", page.pos, sub_after=page.sub_pos)
    assert (later.rows, later.ended) == ([], [[entity(UnionTitle).number, record.bytes]])
    _retitle(centre, record, "عنوان تازه")
    assert full.pull("bib", later.pos, sub_after=later.sub_pos).rows == []


def test_redirects_of_records_travel_with_them(centre: Centre, library: Library, full: Sender) -> None:
    old, new = union(centre, "الف"), union(centre, "ب")
    with centre.write() as tx:
        redirect = tx.insert(
            Redirect, entity="union_title", old_id=old, new_id=new, made_at=centre.now(), made_by="فهرست‌نویس"
        )
        subscribe(tx, library.branch.id, Redirect, [redirect], "held")
        tx.record("union.merged", Act(None, Role.ADMINISTRATOR, 0, centre.clock.read()))
    assert [row.row for row in full.pull("bib").rows] == [redirect.bytes]


def test_a_page_is_for_who_holds_its_bearer(centre: Centre, full: Sender) -> None:
    welcome = full.hello()
    ask = encode(PullAsked(full.device_id.bytes, "branch", 0, 0))
    assert full.call(Call.PULL, ask).status == DENIED
    assert full.call(Call.PULL, ask, welcome.bearer[:-4] + "AAAA").status == DENIED
    stranger = Sender(centre, uuid.uuid4(), uuid.uuid4(), 5).enrol()
    assert (
        stranger.call(Call.PULL, encode(PullAsked(stranger.device_id.bytes, "branch", 0, 0)), welcome.bearer).status
        == DENIED
    )
    centre.clock.advance(seconds=3_601)  # type: ignore[attr-defined]
    assert full.call(Call.PULL, ask, welcome.bearer).status == DENIED


def test_a_restored_centre_begins_a_new_history_of_its_feeds(centre: Centre, library: Library, full: Sender) -> None:
    page = full.pull()
    old_epoch, own = page.epoch, centre.epoch
    assert not refresh_epochs(centre)
    assert refresh_epochs(centre, Marks("another", 2))
    welcome = full.hello()
    assert (welcome.feed_epoch != old_epoch, welcome.server_epoch != own) == (True, True)
    add_member(library, card="M-0900")
    full.push(journal(library, full.sent))
    # What was told after the backup is not known any more: a cursor that had gone beyond it steps back.
    ahead = full.pull(after=page.pos + 1_000, epoch=old_epoch)
    assert {model_of(row.entity).__tablename__ for row in ahead.rows} == {"member", "member_card"}
    assert (ahead.reset, ahead.epoch) == (True, welcome.feed_epoch)
    behind = full.pull(after=3, epoch=old_epoch)
    assert behind.rows[0].pos == 4
    assert not behind.reset
    unknown = full.pull(after=page.pos, epoch=424_242)
    assert (unknown.rows[0].pos, unknown.reset) == (1, True)


def test_a_position_is_given_last_and_never_twice(centre: Centre, library: Library, full: Sender) -> None:
    positions = [row.pos for row in all_rows(full)]
    assert len(set(positions)) == len(positions)
    member, copy = add_member(library, card="M-0901"), add_copy(library)
    lend(library, member, copy)
    full.push(journal(library, full.sent))
    assert min(row.pos for row in all_rows(full, after=max(positions))) > max(positions)


def test_pages_of_large_papers_are_cut(library: Library, full: Sender) -> None:
    from db.models.collection import Document

    for place in range(3):
        with library.store.write() as tx:
            tx.insert(
                Document, kind="attachment", media_type="image/png", file_name=f"{place}.png",
                content=bytes(range(256)) * 80, sha256="", made_at=act(library).at,
            )  # fmt: skip
            tx.record("paper.filed", act(library))
    before = full.pull(most=1 << 20).pos
    full.push(journal(library, full.sent))
    page: Page = full.pull(after=before, most=30_000)
    assert (len(page.rows), page.more) == (1, True)
