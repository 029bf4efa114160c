"""A library reads the union: what the record says beside its own, taking over, cataloguing from a record, asking."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.queries import search_titles
from app.catalogue.service import TitleAdded, add_title
from app.library import Library
from app.outcome import NotFound, Refused
from app.undo import Undone, undo_last
from app.union.asking import Requested, RequestState, ask, requests, take_answer, withdraw
from app.union.record import with_keys
from app.union.rules import TICKS, Aspect
from app.union.taking import Catalogued, TakenOver, catalogue_from, compared, take_over
from app.union.writing import HELD
from db.codes import CataloguingStatus, Material, Role
from db.models.catalogue import Title, TitleSubject
from db.models.centre import Redirect, UnionTitle
from db.types import new_id
from tests.app.union.provinces import book
from tests.library import act, found, row, rows

CENTRE = uuid.UUID(int=7)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = found(tmp_path)
    with made.store:
        yield made


def comes_down(library: Library, title_id: uuid.UUID | None = None, **fields: Any) -> uuid.UUID:
    """A record of the union, as the feed brings it; a title of ours leads there."""
    columns = {
        "title": "کلیدر", "subtitle": None, "main_creator": "محمود دولت‌آبادی", "creators": ["محمود دولت‌آبادی"],
        "subjects": [], "edition": None, "publisher": "فرهنگ معاصر", "year": 1390, "isbn": "9789648637007",
        "dewey": "8فا3.62", "language": "fa", "material": Material.BOOK, "status": CataloguingStatus.REVIEWED,
    } | fields  # fmt: skip
    record_id = new_id()
    with library.store.write() as tx:
        tx.insert(UnionTitle, id=record_id, branch_id=CENTRE, born_at=CENTRE, **with_keys(record_id, columns))
        if title_id is not None:
            tx.insert(
                Redirect, entity="title", old_id=title_id, new_id=record_id, made_at=act(library).at, made_by=HELD
            )
        tx.record("test.pulled", act(library))
    return record_id


def our_title(library: Library, **fields: Any) -> uuid.UUID:
    outcome = add_title(library, book(**fields), act(library))
    assert isinstance(outcome, TitleAdded)
    return outcome.title_id


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_the_record_stands_beside_our_own(library: Library) -> None:
    title = our_title(library, subjects=("رمان",))
    with library.store.read() as reader:
        assert compared(reader, title) is None
    comes_down(library, title, publisher="نشر نو", subjects=["داستان‌های فارسی"], edition="ویراست دوم")
    with library.store.read() as reader:
        beside = compared(reader, title)
    assert beside is not None
    assert {one.field: (one.ours, one.theirs) for one in beside.news} == {
        "publisher": ("فرهنگ معاصر", "نشر نو"),
        "subjects": (["رمان"], ["داستان‌های فارسی"]),
        "edition": (None, "ویراست دوم"),
    }
    assert set(beside.differing) == {Aspect.EDITION, Aspect.PUBLISHER}


def test_fields_are_taken_over_one_by_one_and_the_book_is_found_by_them(library: Library) -> None:
    title = our_title(library)
    comes_down(library, title, publisher="نشر نو", subjects=["گرگان"], year=1391)
    assert take_over(library, title, ("publisher", "subjects"), act(library)) == TakenOver(
        title, ("subjects", "publisher")
    )
    stored = row(library, Title, title)
    assert (stored.publisher, stored.year) == ("نشر نو", 1390)
    assert "نشرنو" in stored.match_key
    assert [subject.heading for subject in rows(library, TitleSubject, title_id=title)] == ["گرگان"]
    with library.store.read() as reader:
        assert [hit.id for hit in search_titles(reader, "گرگان", 5, "sqlite")] == [title]
    assert take_over(library, title, ("publisher",), act(library)) == TakenOver(title, ())
    assert isinstance(undo_last(library, act(library)), Undone)
    assert row(library, Title, title).publisher == "فرهنگ معاصر"


def test_names_are_not_taken_over_and_not_everybody_takes(library: Library) -> None:
    title = our_title(library)
    comes_down(library, title, publisher="نشر نو")
    assert codes(take_over(library, title, ("creators",), act(library))) == ["field.invalid"]
    assert codes(take_over(library, title, ("publisher",), act(library, Role.TRAINEE))) == ["role.not_allowed"]
    assert isinstance(take_over(library, our_title(library, title="سلوک"), ("year",), act(library)), NotFound)


def test_a_book_is_catalogued_from_a_record_once_its_three_signs_were_compared(library: Library) -> None:
    record = comes_down(library, subjects=["گرگان"], creators=["محمود دولت‌آبادی", "ویراستار"])
    assert codes(catalogue_from(library, record, (Aspect.TITLE,), act(library))) == ["union.not_ticked"] * 2
    outcome = catalogue_from(library, record, TICKS, act(library))
    assert isinstance(outcome, Catalogued)
    assert outcome.made
    stored = row(library, Title, outcome.title_id)
    assert (stored.title, stored.main_creator, stored.extras) == ("کلیدر", "محمود دولت‌آبادی", {"union": str(record)})
    assert catalogue_from(library, record, TICKS, act(library)) == Catalogued(outcome.title_id, made=False)


def test_a_request_is_written_once_and_answered_once(library: Library) -> None:
    title = our_title(library)
    asked = ask(library, "شعر محلی بی ناشر", act(library), title)
    assert isinstance(asked, Requested)
    assert codes(ask(library, "همان کتاب", act(library), title)) == ["union.asked_already"]
    assert codes(ask(library, " ", act(library))) == ["field.required"]
    record = comes_down(library)
    for _ in range(2):
        take_answer(library, asked.request_id, record, "همین است", act(library))
    with library.store.read() as reader:
        (listed,) = requests(reader)
    assert (listed.state, listed.result_title_id, listed.open) == (RequestState.ANSWERED, record, False)
    assert isinstance(ask(library, "دوباره", act(library), title), Requested)


def test_a_request_may_be_withdrawn(library: Library) -> None:
    asked = ask(library, "شعر محلی", act(library))
    assert isinstance(asked, Requested)
    first = withdraw(library, asked.request_id, act(library))
    again = withdraw(library, asked.request_id, act(library))
    assert (getattr(first, "changed", None), getattr(again, "changed", None)) == (True, False)
    assert isinstance(withdraw(library, uuid.uuid4(), act(library)), NotFound)


def test_to_be_taken_apart_a_title_is_named(library: Library) -> None:
    assert codes(ask(library, "چاپ دیگر", act(library), apart=True)) == ["field.required"]
    title = our_title(library)
    assert isinstance(ask(library, "چاپ دیگر", act(library), title, apart=True), Requested)
    with library.store.read() as reader:
        assert requests(reader)[0].state == RequestState.APART
