"""Storing records, against a real store."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue import keys
from app.catalogue.form import Creator, TitleForm, main_creator, title_problems
from app.catalogue.queries import creators_of, search_titles, subjects_of, title_row
from app.catalogue.service import TitleAdded, add_title, find_twin, rebuild_index
from app.catalogue.writing import FORM_TEXTS
from app.library import Library
from app.outcome import Refused
from db.codes import CreatorRole, Material, Role
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.models.sync import JournalEntry
from tests.library import a_title, act, add_copy, add_member, found, lend, row, rows

HOSTILE = ['<img src="file:///etc/passwd">', "=1+1", "کتاب\u202eباتک", "الف\x00ب", "\ud800دل", "{title}", "دل'; DROP"]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def added(library: Library, form: TitleForm) -> TitleAdded:
    outcome = add_title(library, form, act(library))
    assert isinstance(outcome, TitleAdded), outcome
    return outcome


def stored(library: Library, form: TitleForm) -> Any:
    return row(library, Title, added(library, form).title_id)


def hits(library: Library, query: str) -> list[uuid.UUID]:
    with library.store.read() as reader:
        return [hit.id for hit in search_titles(reader, query, 20, "sqlite")]


def test_a_record_is_kept_with_its_people_and_subjects_in_order(library: Library) -> None:
    form = a_title(
        "بوستان",
        creators=(Creator("سعدی، مصلح بن عبدالله"), Creator("فروغی، محمدعلی", CreatorRole.EDITOR)),
        subjects=("شعر فارسی -- قرن ۷ق.", " ", "ادبیات"),
        isbn="964-445-310-7",
        dewey="۸فا۱/۳۱",
        subtitle="متن  کامل",
        extras={"020": "x"},
    )
    title_id = added(library, form).title_id
    title = row(library, Title, title_id)
    assert (title.title, title.subtitle, title.main_creator) == ("بوستان", "متن کامل", "سعدی، مصلح بن عبدالله")
    assert (title.isbn, title.dewey, title.year, title.extras) == ("9789644453106", "8فا1.31", 1398, {"020": "x"})
    with library.store.read() as reader:
        assert creators_of(reader, title_id) == list(form.creators)
        assert subjects_of(reader, title_id) == ["شعر فارسی -- قرن ۷ق.", "ادبیات"]
    assert rows(library, JournalEntry)[-1].kind == "title.added"


def test_every_descriptive_text_of_the_form_is_kept(library: Library) -> None:
    texts: dict[str, Any] = {name: f"{name} ۱" for name in FORM_TEXTS}
    title = row(library, Title, added(library, a_title("بوستان", **texts)).title_id)
    assert {name: getattr(title, name) for name in texts} == texts
    assert {"edition", "place", "pages", "series", "note", "abstract"} <= texts.keys()


@pytest.mark.parametrize(
    ("creators", "entry"),
    [
        ((), None),
        ((Creator("الف"), Creator("ب")), "الف"),
        ((Creator("مترجم", CreatorRole.TRANSLATOR), Creator("نویسنده")), "نویسنده"),
        ((Creator("ویراستار", CreatorRole.EDITOR), Creator("گردآورنده", CreatorRole.COMPILER)), "گردآورنده"),
        ((Creator("گوینده", CreatorRole.NARRATOR),), None),
        ((Creator("کاتب", CreatorRole.SCRIBE),), "کاتب"),
    ],
)
def test_a_work_is_entered_under_its_author_or_who_stands_for_one(
    creators: tuple[Creator, ...], entry: str | None
) -> None:
    assert main_creator(TitleForm("اثر", creators)) == entry


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": "\u200c \u202e"}, ["field.required title"]),
        ({"isbn": "9789644453107"}, ["field.invalid isbn"]),
        ({"isbn": "الف"}, ["field.invalid isbn"]),
        ({"isbn": ""}, []),
        ({"isbn": "۹۷۸-۹۶۴-۴۴۵-۳۱۰-۶"}, []),
        ({"year": 299}, ["field.invalid year"]),
        ({"year": 2201}, ["field.invalid year"]),
        ({"year": 300}, []),
        ({"creators": (Creator(" "), Creator("سعدی"))}, ["field.required creator"]),
    ],
)
def test_what_is_wrong_with_a_record_is_told(fields: dict[str, Any], wrong: list[str]) -> None:
    told = title_problems(a_title(**({"title": "بوستان"} | fields)))
    assert [f"{problem.code} {problem.facts['field']}" for problem in told] == wrong


def test_a_record_that_is_wrong_or_not_ones_business_is_not_stored(library: Library) -> None:
    outcome = add_title(library, a_title(""), act(library, Role.ASSISTANT))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed", "field.required"]
    assert rows(library, Title) == []


def test_an_older_record_of_the_same_book_is_told(library: Library) -> None:
    first = added(library, a_title("کتاب‌های درسی"))
    assert first.twin is None
    assert added(library, a_title("كتابهاي درسي")).twin == first.title_id
    assert added(library, a_title("کتاب‌های درسی", publisher="دیگری")).twin is None


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ({"title": "تاريخ بيهقي"}, True),
        ({"title": "تاریخِ بیهقی"}, True),
        ({"publisher": "خوارزمي"}, True),
        ({"subtitle": "جلد اول"}, True),
        ({"isbn": "9789644453106"}, True),
        ({"publisher": None}, False),
        ({"year": None}, False),
        ({"edition": "۲"}, False),
        ({"creators": ()}, False),
    ],
)
def test_twins_agree_in_title_creator_publisher_edition_and_year(
    library: Library, fields: dict[str, Any], same: bool
) -> None:
    title_id = added(library, a_title("تاریخ بیهقی")).title_id
    with library.store.read() as reader:
        twin = find_twin(reader, a_title(**({"title": "تاریخ بیهقی"} | fields)))
    assert twin == (title_id if same else None)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_texts(library: Library, text: str) -> None:
    form = a_title(text, creators=(Creator(text),), subjects=(text,), publisher=text, note=text, dewey=text)
    title = stored(library, form)
    kept = text.replace("\u202e", "").replace("\ud800", "").replace("\x00", "")
    assert (title.title, title.publisher, title.main_creator, title.note) == (kept, kept, kept, kept)
    assert rows(library, TitleCreator)[0].name == kept
    assert rows(library, TitleSubject)[0].heading == kept
    with library.store.read() as reader:
        assert search_titles(reader, text, 20, "sqlite") == [title_row(reader, title.id)]


def test_an_endless_title_is_cut_and_does_not_hold_the_desk_up(library: Library) -> None:
    endless = "کتاب‌های " * 23_000 + "پایان"
    assert len(endless) > 200_000
    start = time.perf_counter()
    first = added(library, a_title(endless, subjects=(endless,), creators=(Creator(endless),)))
    title = row(library, Title, first.title_id)
    assert len(title.title) <= 2_000
    assert max(len(title.sort_key), len(rows(library, TitleCreator)[0].name)) <= 400
    assert added(library, a_title(endless, creators=(Creator(endless),))).twin == first.title_id
    assert hits(library, endless[:60]) != []
    assert time.perf_counter() - start < 2


def test_rebuilding_the_index_puts_the_most_lent_first_and_changes_no_row(library: Library) -> None:
    member = add_member(library)
    copies = [add_copy(library, f"داستان {name}") for name in ("الف", "ب", "پ")]
    lend(library, member, copies[2])
    lend(library, member, copies[1])
    second = add_copy(library, copies[2].title_id)
    lend(library, add_member(library), second)
    assert hits(library, "داستان") == [copy.title_id for copy in copies]
    before = len(rows(library, JournalEntry))
    assert rebuild_index(library) == 3
    assert hits(library, "داستان") == [copies[2].title_id, copies[1].title_id, copies[0].title_id]
    assert len(rows(library, JournalEntry)) == before


def test_keys_are_made_of_folded_text() -> None:
    assert keys.work_key("كتابهاي درسي", "سعدي") == keys.work_key("کتاب‌های درسی", "سعدی")
    assert keys.match_key("الف", None, None, None, None) != keys.match_key("ال", "ف", None, None, None)
    assert len(keys.title_sort_key("ی" * 10_000)) == 400


def test_an_audiovisual_record_keeps_its_material(library: Library) -> None:
    assert stored(library, a_title("فیلم", Material.AUDIOVISUAL)).material is Material.AUDIOVISUAL
