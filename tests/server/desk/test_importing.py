import json
from pathlib import Path

import pytest

from tests.app.catalogue.importing.samples import marc
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


OLD = "عنوان,شماره ثبت,بارکد,وضعیت\nالف,1,B1,3\nب,2,B2,مفقود\nپ,3,B3,7\nت,4,B4,امانت\nث,5,B5,؟؟آبی\n"


def test_copies_of_another_program_come_with_their_statuses(desk: Desk, tmp_path: Path) -> None:
    """002 م8-5، م8-6."""
    file = tmp_path / "old.csv"
    file.write_text(OLD, encoding="utf-8")
    told = desk.ask("import", file=str(file), weeded_code=3, weeded_as="worn", statuses={"۷": "in_binding"})
    facts = {name: told[name] for name in ("read", "added", "refused", "copies", "weeded", "missing", "lent")}
    assert facts == {"read": 5, "added": 4, "refused": 1, "copies": 4, "weeded": 1, "missing": 1, "lent": 1}
    assert (told["copies_known"], told["copies_refused"]) == (0, 0)
    seen = [desk.ask("item.show", item=code)["status"] for code in ("B1", "B2", "B3", "B4")]
    assert seen == ["weeded_worn", "missing", "in_binding", "unknown"]
    assert desk.ask("check")["broken"] == []


def test_a_local_field_of_marc_says_the_code(desk: Desk, tmp_path: Path) -> None:
    """002 م8-5."""
    file = tmp_path / "old.mrc"
    file.write_bytes(marc([("852", {"p": "B1"}), ("949", {"s": "33"})]))
    told = desk.ask("import", file=str(file), weeded_code=33, weeded_as="content", status_field="949s")
    assert (told["copies"], told["weeded"]) == (1, 1)
    assert desk.ask("item.show", item="B1")["status"] == "weeded_content"


@pytest.mark.parametrize(
    ("field", "value"),
    [("weeded_code", 4), ("weeded_as", "old"), ("statuses", {"7": "replaced"}), ("status_field", "94"),
     ("status_field", "00xs"), ("statuses", {"7": 3})],
)  # fmt: skip
def test_a_status_that_cannot_be_meant_is_refused(desk: Desk, books: Path, field: str, value: object) -> None:
    told = desk.ask("import", file=str(books), **{field: value})
    assert told["error"]["field"] == field or field in told["error"]["message"]
    assert says_so_in_persian(told)
    assert desk.ask("search", q="بوف")["rows"] == []
