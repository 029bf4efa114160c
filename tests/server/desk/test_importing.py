import json
from pathlib import Path

import pytest

from tests.server.desk.desks import Desk, says_so_in_persian

BOOKS = "عنوان,نویسنده,ناشر,سال\nبوف کور,صادق هدایت,جاویدان,1356\nسووشون,سیمین دانشور,خوارزمی,1348\n,,,\n"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    file = tmp_path / "books.csv"
    file.write_text(BOOKS, encoding="utf-8")
    return file


def test_a_file_of_books_is_taken_in_once(desk: Desk, books: Path) -> None:
    told = desk.ask("import", file=str(books), format="csv", copies=1)
    assert (told["outcome"], told["added"], told["copies"]) == ("imported", 2, 2)
    assert len(desk.ask("search", q="بوف")["rows"]) == 1
    again = desk.ask("import", file=str(books))
    assert (again["outcome"], again["added"]) == ("already_done", 2)


def test_what_is_refused_is_kept_beside_the_data(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "books.jsonl"
    file.write_text(json.dumps({"title": "بوف کور"}) + "\n{broken\n", encoding="utf-8")
    told = desk.ask("import", file=str(file))
    assert (told["read"], told["added"], told["refused"]) == (2, 1, 1)
    assert "{broken" in json.loads(Path(told["side_file"]).read_text(encoding="utf-8"))["raw"]


def test_columns_may_be_mapped_by_hand(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("بوف کور,صادق هدایت\nسووشون,سیمین دانشور\n", encoding="utf-8")
    told = desk.ask("import", file=str(file), map={"title": "ستون ۱", "author": ["ستون ۲"]})
    assert told["added"] == 2
    assert desk.ask("search", q="بوف")["rows"][0]["creator"] == "صادق هدایت"


@pytest.mark.parametrize("name", ["nowhere.csv", ".", "library.lock"])
def test_a_file_that_cannot_be_read_is_trouble(desk: Desk, name: str) -> None:
    told = desk.ask("import", file=str(Path(desk.library.store.name).parent / name))
    assert told["error"]["code"].startswith("P-21")
    assert says_so_in_persian(told)


def test_a_map_that_names_no_field_of_ours_is_trouble(desk: Desk, books: Path) -> None:
    told = desk.ask("import", file=str(books), map={"رنگ": "عنوان"})
    assert told["error"]["code"].startswith("P-21")


@pytest.mark.parametrize(("kind", "words"), [("iranmarc", "در این نسخهٔ پیشخان نیست"), ("pdf", "گزینه")])
def test_formats_of_later_versions_and_of_none_are_told_apart(desk: Desk, books: Path, kind: str, words: str) -> None:
    assert words in desk.ask("import", file=str(books), format=kind)["error"]["message"]


def test_a_list_of_members_is_taken_in_line_by_line(desk: Desk, tmp_path: Path) -> None:
    """000 §3-1-1-ب."""
    file = tmp_path / "members.csv"
    file.write_text("نام,نام خانوادگی,کد ملی\nمریم,رضایی,0012345679\nزهرا,,\n", encoding="utf-8")
    told = desk.ask("import", file=str(file), format="members", category="ordinary")
    assert (told["outcome"], told["read"], told["done"], told["refused"]) == ("imported", 2, 1, 1)
    assert [line["code"] for line in told["lines"]] == ["added", "field.required"]
    assert says_so_in_persian(told["lines"][1]["refusals"][0])
    assert Path(told["side_file"]).is_file()
    assert desk.ask("member.show", member="0012345679")["family_name"] == "رضایی"
    again = desk.ask("import", file=str(file), format="members", category="ordinary")
    assert (again["done"], again["already_done"]) == (0, 1)
