"""The titles of the demo library: sound records, and enough copies for every kind of weeding."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

from app.catalogue.call_number import main_class, normalise_class, parse_class, parse_mark
from app.catalogue.isbn import valid_isbn13
from app.persian.text import compact
from db.codes import Condition, CreatorRole, ItemFlag, Material, WeedingReason
from tests.resources.reading import AGE_GROUPS, Row, pairs, rows, several

TITLES = rows("titles.csv")

AUDIENCES = {"adult", "child", "young_adult"}
EXEMPT = {"core", "local", "historical", "special_value", "cultural_package"}
MARK = re.compile("(الف|[ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی])[1-9]{3,5}((الف|[ا-ی]{1,3})[2-9]?)?")


def books(title: Row) -> int:
    """How many books on the shelf: sets times the volumes of a set."""
    return int(title["copies"]) * max(1, len(several(title["volumes"])))


def conditions(title: Row) -> dict[str, int]:
    return {name: int(number) for name, number in pairs(title["condition"])}


def hinted(reason: WeedingReason) -> list[Row]:
    return [title for title in TITLES if reason in several(title["weeding_hint"])]


def unprotected(title: Row) -> bool:
    return EXEMPT.isdisjoint(several(title["flags"]))


def test_the_demo_library_holds_at_least_430_titles_numbered_in_order() -> None:
    assert len(TITLES) >= 430
    assert [title["key"] for title in TITLES] == [f"t{number:04}" for number in range(1, len(TITLES) + 1)]


def test_no_edition_is_listed_twice() -> None:
    fields = ("title", "main_creator", "other_creators", "edition", "publisher", "year")
    editions = Counter(tuple(compact(title[name]) for name in fields) for title in TITLES)
    assert [edition for edition, number in editions.items() if number > 1] == []


def test_every_class_is_a_sound_dewey_number_in_stored_form_and_only_manuscripts_have_none() -> None:
    unsound = [title["key"] for title in TITLES if title["dewey"] and parse_class(title["dewey"]) is None]
    loose = [title["key"] for title in TITLES if normalise_class(title["dewey"]) != title["dewey"]]
    without = {title["material"] for title in TITLES if not title["dewey"]}
    assert (unsound, loose, without) == ([], [], {Material.MANUSCRIPT})  # a manuscript's class is its number, 003 م6-4


def test_every_author_mark_is_letter_number_and_work_mark_of_its_main_entry() -> None:
    for title in TITLES:
        text, heading = title["author_mark"], title["main_creator"] or title["title"]
        mark = parse_mark(text)
        if title["material"] == Material.MANUSCRIPT:
            assert text == ""
            continue
        assert MARK.fullmatch(text), title["key"]
        assert mark is not None
        assert mark.letter == compact(heading)[0], title["key"]
        assert bool(mark.work) == bool(title["main_creator"]), title["key"]


def test_two_works_of_one_class_never_share_an_author_mark() -> None:
    works = defaultdict(set)
    for title in TITLES:
        works[title["dewey"], title["author_mark"]].add((title["main_creator"], compact(title["title"])[:3]))
    assert [place for place, found in works.items() if len(found) > 1] == []


def test_codes_of_titles_are_known() -> None:
    for title in TITLES:
        assert title["material"] in set(Material), title["key"]
        assert title["audience"] in AUDIENCES, title["key"]
        assert (title["audience"] == "adult") == (title["age_group"] == ""), title["key"]
        assert title["age_group"] in AGE_GROUPS | {""}
        assert set(several(title["flags"])) <= set(ItemFlag), title["key"]
        assert set(several(title["weeding_hint"])) <= set(WeedingReason), title["key"]
        assert set(conditions(title)) <= {Condition.WORN, Condition.UNBINDABLE}
        assert all(CreatorRole(role) and name for role, name in pairs(title["other_creators"])), title["key"]
        assert bool(title["main_role"]) == bool(title["main_creator"])


def test_every_kind_of_material_and_every_main_class_is_there() -> None:
    assert {title["material"] for title in TITLES} == set(Material) - {Material.LETTERPRESS}
    assert {main_class(title["dewey"]) for title in TITLES if title["dewey"]} == set(range(10))


def test_years_copies_and_popularity_are_within_their_bounds() -> None:
    for title in TITLES:
        assert 1200 <= int(title["year"]) <= int(title["acquired_year"]) <= 1405, title["key"]
        assert 1 <= int(title["copies"]) <= 6, title["key"]
        assert 1 <= int(title["popularity"]) <= 100, title["key"]
        assert title["pages"] == "" or 8 <= int(title["pages"]) <= 3000, title["key"]
        assert title["publisher"], title["key"]
        assert title["place"], title["key"]
        assert 1 <= len(several(title["subjects"])) <= 3, title["key"]


def test_an_isbn_is_right_and_belongs_to_one_title_or_is_left_out() -> None:
    given = [title["isbn"] for title in TITLES if title["isbn"]]
    assert all(valid_isbn13(isbn) for isbn in given)
    assert len(set(given)) == len(given)


def test_volumes_of_a_set_are_numbers_or_spans_that_rise_and_do_not_overlap() -> None:
    for title in TITLES:
        spans = [tuple(map(int, volume.split("-"))) for volume in several(title["volumes"])]
        numbers = [number for span in spans for number in (span[0], span[-1])]
        assert numbers == sorted(numbers), title["key"]
        assert len({span[0] for span in spans}) == len(spans), title["key"]
        assert all(one[-1] < other[0] for one, other in pairwise(spans)), title["key"]


def test_a_translation_names_its_translator_and_its_original_language() -> None:
    for title in TITLES:
        translated = "translator" in {role for role, _ in pairs(title["other_creators"])}
        assert not translated or title["original_language"], title["key"]
        assert title["original_language"] in ("", "ar") or translated, title["key"]


def test_literature_in_persian_has_the_iranian_class_and_translated_fiction_that_of_its_own_language() -> None:
    for title in TITLES:
        if title["dewey"].startswith("8فا"):
            assert title["language"] == "fa", title["key"]
            assert title["original_language"] in ("", "ar"), title["key"]
        elif re.match("8[2-9]", title["dewey"]) and title["language"] == "fa":
            assert title["original_language"], title["key"]


def test_what_is_invented_among_the_titles_says_so() -> None:
    invented = [title for title in TITLES if "آبگرم" in title["title"]]
    assert len(invented) >= 4
    assert all("ساختگی" in title["note"] and "local" in several(title["flags"]) for title in invented)


def test_a_work_on_the_sacred_defence_is_kept_for_its_special_value() -> None:
    for title in TITLES:
        if title["dewey"].startswith("955.0843"):
            assert "special_value" in several(title["flags"]), title["key"]


def test_at_least_25_copies_are_worn_and_some_of_them_beyond_binding() -> None:
    worn = sum(sum(conditions(title).values()) for title in TITLES)
    beyond_binding = sum(conditions(title).get(Condition.UNBINDABLE, 0) for title in TITLES)
    assert worn >= 25
    assert 8 <= beyond_binding < worn
    assert all(sum(conditions(title).values()) <= books(title) for title in TITLES)
    assert all(title in hinted(WeedingReason.WORN) for title in TITLES if Condition.UNBINDABLE in conditions(title))


def test_at_least_20_surplus_copies_stand_behind_the_second_of_titles_little_asked_for() -> None:
    duplicates = [title for title in hinted(WeedingReason.DUPLICATE) if unprotected(title)]
    assert all(
        int(title["popularity"]) <= 15 for title in duplicates
    )  # 002 م4-1 تبصره: by loans, and never the first two
    assert sum(int(title["copies"]) - 2 for title in duplicates) >= 20


def test_at_least_60_copies_of_titles_with_more_than_one_copy_are_five_years_unused() -> None:
    unused = hinted(WeedingReason.NO_AUDIENCE)
    assert all(unprotected(title) and int(title["copies"]) >= 2 for title in unused)  # 002 م5-1-ج: not the only copy
    assert all(int(title["acquired_year"]) <= 1399 for title in unused)
    assert all(int(title["popularity"]) <= 8 for title in unused)
    assert sum(books(title) for title in unused) >= 60


def test_at_least_15_titles_are_out_of_date_and_most_of_them_replaced_by_a_newer_edition() -> None:
    by_key = {title["key"]: title for title in TITLES}
    outdated = hinted(WeedingReason.CONTENT)
    replaced = [title for title in TITLES if title["replaced_by"]]
    assert len(outdated) >= 15
    assert len(replaced) >= 10
    assert all(title in outdated for title in replaced)
    for title in replaced:
        newer = by_key[title["replaced_by"]]
        assert int(newer["year"]) > int(title["year"]), title["key"]
        assert newer not in outdated, title["key"]
    assert all(EXEMPT.isdisjoint(several(title["flags"])) for title in outdated)


def test_a_surplus_title_of_a_cultural_package_is_there_to_be_refused() -> None:
    assert [title for title in hinted(WeedingReason.DUPLICATE) if "cultural_package" in several(title["flags"])]
