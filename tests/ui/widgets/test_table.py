from collections import Counter
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.persian.digits import number
from ui.theme import Tone
from ui.widgets.table import Column, RowTable, tick_column


@dataclass(frozen=True, slots=True)
class Copy:
    barcode: str
    title: str
    loans: int = 0


COPIES = (
    Copy("3", "کلیدر", 12),
    Copy("1", "آتش بدون دود", 9),
    Copy("4", "یکی بود", 100),
    Copy("2", "پرنده", 1),
    Copy("5", "گلستان", 30),
)


def table() -> RowTable[Copy]:
    made: RowTable[Copy] = RowTable(
        (
            Column("عنوان", lambda copy: copy.title, sub=lambda copy: copy.barcode, stretch=1),
            Column("امانت", lambda copy: number(copy.loans), sort_key=lambda copy: copy.loans),
        ),
        key=lambda copy: copy.barcode,
    )
    made.set_rows(COPIES)
    return made


def titles(made: RowTable[Copy]) -> list[str]:
    return [copy.title for copy in made.shown_rows()]


@pytest.mark.usefixtures("qtbot")
def test_the_model_keeps_qts_contract_whatever_is_done_to_it() -> None:
    made = table()
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning)
    made.sort(0)
    made.insert_on_top(Copy("6", "بوف کور"))
    made.set_filter("ک")
    made.insert_on_top(Copy("7", "سووشون"))
    made.remove_row("3")
    made.update_row(Copy("6", "بوف کور، چاپ دوم"))
    made.sort(1, Qt.SortOrder.DescendingOrder)
    made.sort(-1)
    made.set_rows(())
    made.set_rows(COPIES)

    assert tester.model() is made
    assert made.rowCount() == 2  # the filter is still set


def test_titles_sort_in_persian_order() -> None:
    made = table()
    made.sort(0)
    assert titles(made) == ["آتش بدون دود", "پرنده", "کلیدر", "گلستان", "یکی بود"]
    made.sort(0, Qt.SortOrder.DescendingOrder)
    assert titles(made)[0] == "یکی بود"


def test_numbers_sort_by_value_not_by_their_digits() -> None:
    made = table()
    made.sort(1)

    assert [copy.loans for copy in made.shown_rows()] == [1, 9, 12, 30, 100]


def test_no_order_is_the_order_given() -> None:
    made = table()
    made.sort(0)
    made.sort(-1)

    assert made.shown_rows() == COPIES


@pytest.mark.parametrize(
    ("typed", "found"), [("كليدر", ["کلیدر"]), ("بود یکی", ["یکی بود"]), ("۵", ["گلستان"]), ("هیچ", [])]
)
def test_the_filter_finds_words_in_any_column_and_spelling(typed: str, found: list[str]) -> None:
    made = table()
    made.set_filter(typed)

    assert titles(made) == found
    assert made.total() == 5
    assert made.is_filtered()


def test_a_new_row_stands_on_top_whatever_the_order() -> None:
    made = table()
    made.sort(0)
    made.insert_on_top(Copy("9", "یوسف و زلیخا"))
    assert titles(made)[0] == "یوسف و زلیخا"
    made.sort(0)
    assert titles(made)[-1] == "یوسف و زلیخا"


def test_a_new_row_the_filter_hides_appears_when_the_filter_goes() -> None:
    made = table()
    made.set_filter("کلیدر")
    made.insert_on_top(Copy("9", "بوف کور"))
    assert titles(made) == ["کلیدر"]
    made.set_filter("")
    assert titles(made)[0] == "بوف کور"


def test_a_changed_row_keeps_its_place_and_is_found_by_its_new_words() -> None:
    made = table()
    made.set_filter("پرنده")
    assert made.update_row(Copy("2", "پرنده آبی", 7))
    assert made.cell(0, 0).text == "پرنده آبی"
    made.set_filter("آبی")
    assert titles(made) == ["پرنده آبی"]
    assert not made.update_row(Copy("99", "نیست"))


def test_a_removed_row_is_gone_for_every_filter() -> None:
    made = table()
    made.remove_row("2")

    assert "پرنده" not in titles(made)
    assert made.total() == 4


def test_persistent_indexes_follow_their_row_through_a_sort() -> None:
    made = table()
    kept = QPersistentModelIndex(made.index(2, 1))
    made.sort(0)

    assert made.row_at(kept.row()).title == "یکی بود"
    assert kept.column() == 1


def test_texts_are_made_once_a_row_and_never_while_painting() -> None:
    made_for: Counter[str] = Counter()

    def text(copy: Copy) -> str:
        made_for[copy.barcode] += 1
        return copy.title

    made: RowTable[Copy] = RowTable((Column("عنوان", text),))
    made.set_rows(COPIES)
    for _ in range(3):
        for place in range(made.rowCount()):
            made.data(made.index(place, 0))
            made.cell(place, 0)
    made.sort(0)

    assert set(made_for.values()) == {1}


def test_only_the_text_role_is_answered() -> None:
    made = table()

    assert made.data(made.index(0, 0)) == "کلیدر"
    assert made.data(made.index(0, 0), Qt.ItemDataRole.FontRole) is None
    assert made.headerData(1, Qt.Orientation.Horizontal) == "امانت"
    assert made.headerData(1, Qt.Orientation.Vertical) is None


def test_tick_boxes_show_three_states_and_export_words() -> None:
    state = {"a": True, "b": False, "c": None}
    made: RowTable[str] = RowTable((tick_column(lambda row: state[row]),))
    made.set_rows(state)

    assert [made.cell(place, 0).icon for place in range(3)] == ["square-check", "square", "square-forbid"]
    assert [made.texts(place) for place in range(3)] == [("بله",), ("خیر",), ("—",)]


def test_rows_may_be_faded_and_tinted() -> None:
    made: RowTable[str] = RowTable(
        (Column("ح", str),), faded=lambda row: row == "ب", tint=lambda row: Tone.OK if row == "الف" else None
    )
    made.set_rows(["الف", "ب"])

    assert [made.is_faded(place) for place in (0, 1)] == [False, True]
    assert [made.tint_of(place) for place in (0, 1)] == [Tone.OK, None]


def test_the_filter_also_looks_at_what_no_column_shows() -> None:
    made: RowTable[Copy] = RowTable((Column("عنوان", lambda copy: copy.title),), also=lambda copy: copy.barcode)
    made.set_rows(COPIES)
    made.set_filter("۴")

    assert titles(made) == ["یکی بود"]
    assert made.texts(0) == ("یکی بود",)


def test_many_changed_rows_keep_their_places_and_strangers_are_left_out() -> None:
    made = table()
    changed: list[tuple[int, int]] = []
    made.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    made.update_rows((Copy("2", "پرنده آبی"), Copy("3", "کلیدر، جلد دوم"), Copy("99", "نیست")))
    assert titles(made) == ["کلیدر، جلد دوم", "آتش بدون دود", "یکی بود", "پرنده آبی", "گلستان"]
    assert made.cell(3, 0).text == "پرنده آبی"
    assert changed == [(0, 4)]
    made.set_filter("آبی")
    assert titles(made) == ["پرنده آبی"]
    made.set_filter("نیست")
    made.update_rows((Copy("2", "پرنده"),))
    assert changed == [(0, 4)]  # nothing of it is shown


def test_rows_made_beforehand_replace_all_others_and_are_filtered() -> None:
    made = table()
    made.set_filter("بوف")
    made.set_made(made.made((Copy("6", "بوف کور"), Copy("7", "سووشون"))))
    assert (titles(made), made.total()) == (["بوف کور"], 2)
