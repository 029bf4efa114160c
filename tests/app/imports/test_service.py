import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.queries import search_titles
from app.check import check_library
from app.imports.service import AlreadyImported, Cancelled, Imported, ImportOutcome, ImportRequest, import_file
from app.imports.state import Counts, Progress
from app.library import Library
from app.outcome import Refused
from db.codes import Role
from db.models.catalogue import Title
from db.models.items import Item
from db.trouble import Trouble
from tests import library as lib

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data, the real book files, is not here")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    found = lib.found(tmp_path)
    with found.store:
        yield found


def books(path: Path, *titles: str) -> Path:
    lines = [
        json.dumps({"title": title, "authors": ["نویسنده"], "publisher": "ناشر"}, ensure_ascii=False)
        for title in titles
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def take_in(library: Library, path: Path, copies: int = 0) -> ImportOutcome:
    return import_file(library, ImportRequest(path, copies=copies), lib.act(library), path.parent / "side")


def count(library: Library, table: str) -> int:
    with library.store.read() as reader:
        return int(reader.run(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_books_of_a_file_are_stored_and_found(library: Library, tmp_path: Path) -> None:
    outcome = take_in(library, books(tmp_path / "a.jsonl", "سووشون", "بوف کور"))
    assert outcome == Imported(Counts(read=2, titles=2), ())
    with library.store.read() as reader:
        hits = search_titles(reader, "سووشون", 5, library.store.dialect.name)
    assert [hit.title for hit in hits] == ["سووشون"]


def test_the_same_file_again_adds_nothing(library: Library, tmp_path: Path) -> None:
    path = books(tmp_path / "a.jsonl", "سووشون")
    take_in(library, path)
    assert take_in(library, path) == AlreadyImported(Counts(read=1, titles=1))
    assert count(library, "title") == 1


def test_books_that_are_known_already_are_left_alone(library: Library, tmp_path: Path) -> None:
    take_in(library, books(tmp_path / "a.jsonl", "سووشون"))
    outcome = take_in(library, books(tmp_path / "b.jsonl", "سووشون", "کلیدر"))
    assert outcome == Imported(Counts(read=2, titles=1, known=1), ())


def test_copies_are_registered_when_they_are_asked_for(library: Library, tmp_path: Path) -> None:
    outcome = take_in(library, books(tmp_path / "a.jsonl", "سووشون", "کلیدر"), copies=2)
    assert isinstance(outcome, Imported)
    assert outcome.counts.copies == 4
    assert sorted(item.accession_no for item in lib.rows(library, Item)) == [1, 2, 3, 4]


def test_what_is_refused_is_kept_word_for_word(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "سووشون"}\n{"title": ""}\nنه جی‌سان\n', encoding="utf-8")
    outcome = take_in(library, path)
    assert isinstance(outcome, Imported)
    assert (outcome.counts.titles, outcome.counts.refused) == (1, 2)
    assert "نه جی‌سان" in outcome.side_files[0].read_text(encoding="utf-8")


def test_a_cancelled_import_keeps_what_it_has_and_goes_on_later(library: Library, tmp_path: Path) -> None:
    path = books(tmp_path / "a.jsonl", *(f"کتاب {number}" for number in range(100)))
    seen: list[Progress] = []

    def once(progress: Progress) -> bool:
        seen.append(progress)
        return False

    stopped = import_file(library, ImportRequest(path), lib.act(library), tmp_path / "side", once)
    assert isinstance(stopped, Cancelled)
    assert 0 < stopped.counts.titles < 100
    outcome = take_in(library, path)
    assert isinstance(outcome, Imported)
    assert (outcome.counts.known, count(library, "title")) == (stopped.counts.titles, 100)


def test_an_assistant_may_not_import(library: Library, tmp_path: Path) -> None:
    path = books(tmp_path / "a.jsonl", "سووشون")
    outcome = import_file(library, ImportRequest(path), lib.act(library, Role.ASSISTANT), tmp_path / "side")
    assert isinstance(outcome, Refused)
    assert outcome.refusals[0].code == "role.not_allowed"
    assert count(library, "title") == 0


@pytest.mark.parametrize(
    ("name", "content", "code"), [("a.xlsx", b"not a workbook", "P-2102"), ("b.mrc", b"", "P-2104")]
)
def test_a_file_that_is_none_is_trouble_and_changes_nothing(
    library: Library, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Trouble) as raised:
        take_in(library, path)
    assert raised.value.code == code
    assert count(library, "title") == 0


def test_a_file_that_is_not_there_is_trouble(library: Library, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as raised:
        take_in(library, tmp_path / "nowhere.csv")
    assert raised.value.code == "P-2101"


def test_a_title_of_two_hundred_thousand_letters_is_cut_and_stored(library: Library, tmp_path: Path) -> None:
    outcome = take_in(library, books(tmp_path / "a.jsonl", "ب" * 200_000))
    assert isinstance(outcome, Imported)
    assert [len(title.title) for title in lib.rows(library, Title)] == [2_000]


@needs_shared
def test_the_books_of_the_shop_go_in_and_what_is_no_book_is_kept_apart(library: Library, tmp_path: Path) -> None:
    request = ImportRequest(SHARED / "fa_books_30book.jsonl", copies=1)
    outcome = import_file(library, request, lib.act(library), tmp_path / "side")
    assert isinstance(outcome, Imported)
    counts = outcome.counts
    assert (counts.read, counts.titles + counts.known, counts.not_books, counts.refused) == (968, 893, 75, 0)
    assert len(outcome.side_files[0].read_text(encoding="utf-8").splitlines()) == 75
    assert import_file(library, request, lib.act(library), tmp_path / "side") == AlreadyImported(counts)
    assert check_library(library).broken == ()


@needs_shared
def test_the_marc_records_go_in_with_their_bytes_and_barcodes(library: Library, tmp_path: Path) -> None:
    request = ImportRequest(SHARED / "marc21_persian_880_nyu_273.mrc")
    outcome = import_file(library, request, lib.act(library), tmp_path / "side")
    assert isinstance(outcome, Imported)
    assert (outcome.counts.read, outcome.counts.titles + outcome.counts.known) == (273, 273)
    assert outcome.counts.copies > 200
    assert all(title.marc for title in lib.rows(library, Title))


@needs_shared
def test_twenty_six_thousand_titles_go_in_and_nothing_twice(library: Library, tmp_path: Path) -> None:
    request = ImportRequest(SHARED / "fa_titles_isbn.csv")
    outcome = import_file(library, request, lib.act(library), tmp_path / "side")
    assert isinstance(outcome, Imported)
    counts = outcome.counts
    assert counts.read == 26_210 == counts.titles + counts.known + counts.refused + counts.not_books
    assert counts.titles > 26_100
    assert count(library, "title") == counts.titles
    assert import_file(library, request, lib.act(library), tmp_path / "side") == AlreadyImported(counts)


@needs_shared
def test_a_changed_copy_of_a_file_brings_only_what_is_new(library: Library, tmp_path: Path) -> None:
    known = SHARED / "fa_books_30book.jsonl"
    take_in(library, books(tmp_path / "a.jsonl", "سووشون"))
    import_file(library, ImportRequest(known), lib.act(library), tmp_path / "side")
    changed = tmp_path / "changed.jsonl"
    changed.write_bytes(known.read_bytes() + (tmp_path / "a.jsonl").read_bytes())
    outcome = take_in(library, changed)
    assert isinstance(outcome, Imported)
    assert outcome.counts.titles == 0
