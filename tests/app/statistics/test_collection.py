"""The two reports of the collection, from real rows."""

import datetime as dt

from app.library import Library
from app.statistics.collection import collection_balance, collection_health
from db.codes import Condition, ItemStatus
from db.models.collection import BindingRequest, BindingRow
from db.models.items import Item
from tests.library import TODAY, a_title, act, add_copy, add_member, change, lend, take_back


def test_copies_and_loans_are_counted_by_main_class(library: Library) -> None:
    member = add_member(library)
    novel = add_copy(library, a_title("بوستان", dewey="8فا1.31", year=1390))
    add_copy(library, novel.title_id)
    add_copy(library, a_title("فیزیک", dewey="530", year=2011))
    lost = add_copy(library, a_title("شیمی", dewey="540"))
    change(library, Item, lost.id, status=ItemStatus.LOST)
    lend(library, member, novel)
    take_back(library, novel)
    with library.store.read() as reader:
        rows = collection_balance(reader, TODAY)
    literature, science = rows[8], rows[5]
    assert (literature.titles, literature.copies, literature.added, literature.loans) == (1, 2, 2, 1)
    assert (science.copies, science.median_year, science.loans) == (1, 1390, 0)
    assert round(literature.share, 3) == 0.667


def test_loans_of_more_than_a_year_ago_do_not_count(library: Library) -> None:
    copy = add_copy(library, a_title("بوستان", dewey="8فا1.31"))
    lend(library, add_member(library), copy)
    with library.store.read() as reader:
        assert collection_balance(reader, TODAY + dt.timedelta(days=365))[8].loans == 1
        assert collection_balance(reader, TODAY + dt.timedelta(days=366))[8].loans == 0


def test_ailing_copies_are_to_be_bound_mended_or_replaced(library: Library) -> None:
    worn, damaged = add_copy(library, "الف", condition=Condition.WORN), add_copy(library, "ب")
    change(library, Item, damaged.id, condition=Condition.DAMAGED)
    hopeless, twin = add_copy(library, "پ", condition=Condition.UNBINDABLE), add_copy(library, "ت")
    spare = add_copy(library, twin.title_id, condition=Condition.UNBINDABLE)
    at_bindery = add_copy(library, "ث", condition=Condition.WORN)
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state="requested", opened_at=act(library).at)
        tx.insert(BindingRow, request_id=request, position=1, item_id=at_bindery.id)
        tx.record("binding.requested", act(library))
    with library.store.read() as reader:
        health = collection_health(reader, TODAY)
    assert [copy.accession_no for copy in health.to_bind] == [worn.accession_no]
    assert [copy.accession_no for copy in health.to_mend] == [damaged.accession_no]
    assert [copy.accession_no for copy in health.to_replace] == [hopeless.accession_no]
    assert spare.accession_no not in [copy.accession_no for copy in health.to_replace]


def test_a_book_that_was_read_and_lost_is_to_be_replaced(library: Library) -> None:
    read, unread = add_copy(library, "خوانده"), add_copy(library, "نخوانده")
    lend(library, add_member(library), read)
    take_back(library, read)
    for copy in (read, unread):
        change(library, Item, copy.id, status=ItemStatus.MISSING)
    with library.store.read() as reader:
        health = collection_health(reader, TODAY)
    assert [copy.title for copy in health.to_replace] == ["خوانده"]
    assert ("few",) in [codes for _, codes in health.weak]
