import csv
import random
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from app.catalogue.author_mark import AuthorMarks, work_mark
from app.catalogue.call_number import parse_mark
from app.persian.collation import sort_key
from app.persian.text import clean, compact, fold
from db.trouble import Trouble

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "resources/cataloguing/author_marks.csv"
NAMES = ROOT / "../shared/data/fa_names_iranketab.csv"

SMALL = "letter,number,prefix\nد,111,د\nد,474,دان\nد,475,دانشور\nد,۹۹۹,دی\nس,111,س\n"


@pytest.fixture(scope="module")
def marks() -> AuthorMarks:
    return AuthorMarks.load(TABLE)


@pytest.fixture
def small(tmp_path: Path) -> AuthorMarks:
    return AuthorMarks.load(written(tmp_path, SMALL))


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@cache
def real_headings() -> list[str]:
    if not NAMES.exists():
        pytest.skip("the list of real names lies outside the repository")
    with NAMES.open(encoding="utf-8", newline="") as file:
        names = [clean(row["name"]).split() for row in csv.DictReader(file) if row["role"] == "author"]
    return [f"{words[-1]}، {' '.join(words[:-1])}" for words in names if len(words) > 1]


def test_the_shipped_table_has_all_letters(marks: AuthorMarks) -> None:
    assert len(marks.keys) == 2_189
    assert len({key[0] for key in marks.keys}) == 32


@pytest.mark.parametrize(
    ("main_entry", "title", "mark"),
    [
        ("دانشور، سیمین", "سووشون", "د268س"),
        ("هدایت، صادق، ۱۲۸۱ - ۱۳۳۰", "بوف کور", "ه464ب"),
        ("دولت‌آبادي، محمود", "کلیدر", "د718ک"),
        ("آل‌احمد، جلال", "مدیر مدرسه", "الف658م"),
        ("", "شاهنامه", "ش271"),
        ("احمدی، علی", "۴۲ گام شگفت‌انگیز", "الف189"),
        ("اعتصامی، پروین", "آرزو", "الف546الف"),
    ],
)
def test_marks_of_known_names(marks: AuthorMarks, main_entry: str, title: str, mark: str) -> None:
    assert marks.mark(main_entry, title) == mark


def test_spelling_does_not_change_a_mark(marks: AuthorMarks) -> None:
    assert marks.mark("يوسفي، كريم", "سفر") == marks.mark("یوسفی، کریم", "سفر")
    assert marks.mark("دولت آبادی، محمود", "کلیدر") == marks.mark("دولت‌آبادی، محمود", "کلیدر")


def test_the_arabic_article_is_dropped_only_on_request(marks: AuthorMarks) -> None:
    assert marks.mark("العقاد، عباس", "الله") != marks.mark("عقاد، عباس", "الله")
    assert marks.mark("العقاد، عباس", "الله", without_article=True) == marks.mark("عقاد، عباس", "الله")
    assert marks.mark("آل احمد", "ن", without_article=True) == marks.mark("آل احمد", "ن")


@pytest.mark.parametrize("heading", ["Smith, John", "۱۹۸۴", "", "«»"])
def test_a_name_the_table_lacks_has_no_mark(marks: AuthorMarks, heading: str) -> None:
    assert marks.mark(heading, "") is None
    assert marks.extend(heading, "", []) is None


def test_marks_of_real_surnames_never_break_the_persian_order(marks: AuthorMarks) -> None:
    surnames = {heading.partition("،")[0] for heading in real_headings()}
    in_order = sorted(surnames, key=lambda surname: sort_key(compact(surname)))
    found = [mark for surname in in_order if (mark := parse_mark(marks.mark(surname, "") or ""))]
    assert len(found) > 19_000
    assert all(one.number <= other.number for one, other in pairwise(found) if one.letter == other.letter)


def test_a_number_not_yet_taken_is_not_extended(small: AuthorMarks) -> None:
    assert small.extend("دانش، علی", "سفر", []) == small.mark("دانش، علی", "سفر") == "د474س"
    assert small.extend("دانش، علی", "سفر", [("دانشور، سیمین", "د475س")]) == "د474س"


def test_a_clash_gets_a_digit_that_keeps_the_order(small: AuthorMarks) -> None:
    later = parse_mark(small.extend("دانشمند، رضا", "سفر", [("دانش، علی", "د474س")]) or "")
    earlier = parse_mark(small.extend("دانا، رضا", "سفر", [("دانش، علی", "د474س")]) or "")
    assert later is not None
    assert earlier is not None
    assert "473" < earlier.number < "474" < later.number < "475"
    assert (len(earlier.number), len(later.number)) == (4, 4)


def test_the_same_author_keeps_the_number_and_changes_the_work_mark(small: AuthorMarks) -> None:
    taken = [("دانش، علی", "د4743س"), ("دانش، علی", "د4743سف")]
    assert small.extend("دانش، علی", "باران", taken) == "د4743ب"
    assert small.extend("دانش، علی", "سفرنامه", taken) == "د4743سفر"


def test_a_shelf_out_of_order_gets_the_plain_mark(small: AuthorMarks) -> None:
    taken = [("دادگر، علی", "د9س"), ("دیبا، علی", "د1س"), ("دانا، علی", "د474س")]
    assert small.extend("دانش، علی", "سفر", taken) == "د474س"


def test_a_crowded_class_stays_in_order(marks: AuthorMarks) -> None:
    rng = random.Random(11)
    headings = real_headings()
    crowd = rng.sample(headings, 80) + [h for h in headings if h.startswith(("محمدی،", "محمودی،"))][:60]
    rng.shuffle(crowd)
    taken: list[tuple[str, str]] = []
    for heading in crowd:
        if mark := marks.extend(heading, "کتاب", taken):
            taken.append((heading, mark))
    numbers: dict[tuple[str, str], str] = {}
    for heading, text in taken:
        mark_of_heading = parse_mark(text)
        assert mark_of_heading is not None
        surname, _, forename = heading.partition("،")
        numbers[sort_key(compact(surname)), sort_key(fold(forename))] = mark_of_heading.number
    shelf = [(key[0][0], numbers[key]) for key in sorted(numbers)]
    assert len(shelf) > 120
    assert all(number < other for (letter, number), (next_letter, other) in pairwise(shelf) if letter == next_letter)


def test_work_marks_are_told_apart_by_letters_then_by_a_digit() -> None:
    used: list[str] = []
    for _ in range(5):
        used.append(work_mark("آوای باران", used))
    assert used == ["ا", "او", "اوا", "ا2", "ا3"]
    assert work_mark("۱۹۸۴") == ""
    assert work_mark("") == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("letter,number,prefix\n", 1),
        ("a,b\nد,111\n", 2),
        ("letter,number,prefix\nد,۱۱,سا\n", 2),
        ("letter,number,prefix\nد,x,د\n", 2),
        ("letter,number,prefix\nد,222,د\nد,111,دا\n", 3),
        ("letter,number,prefix\nد,111,د\nد,112,د\n", 3),
    ],
)
def test_a_damaged_table_is_trouble_that_names_the_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(Trouble) as trouble:
        AuthorMarks.load(written(tmp_path, text))
    assert trouble.value.code == "P-2110"
    assert trouble.value.context == {"file": "table.csv", "line": line}


def test_a_missing_or_wrongly_coded_table_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "cp1256.csv").write_bytes("letter,number,prefix\nد,111,د\n".encode("cp1256"))
    for name in ("none.csv", "cp1256.csv"):
        with pytest.raises(Trouble, match="P-2110"):
            AuthorMarks.load(tmp_path / name)
