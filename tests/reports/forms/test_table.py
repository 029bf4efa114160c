from hypothesis import example, given
from hypothesis import strategies as st

from reports.forms.table import Cell, TableRow, shared_out
from reports.pdf.typeface import Line

FIRST, OTHERS, CLOSING = 520.0, 650.0, 170.0

rows_of_any_height = st.lists(st.integers(min_value=1, max_value=130), max_size=60)


def row(number: int, lines: int) -> TableRow:
    return TableRow.of((Cell(tuple(Line(f"{number}.{line}", "", 1, "F1") for line in range(lines)), 8),))


def shown(rows: list[TableRow]) -> list[str]:
    return [line.show for each in rows for line in each.cells[0].lines]


@given(rows_of_any_height)
def test_every_line_stands_on_one_page_in_order(heights: list[int]) -> None:
    rows = [row(number, lines) for number, lines in enumerate(heights)]
    pages = shared_out(rows, FIRST, OTHERS, CLOSING)
    assert [line for page in pages for line in shown(page)] == shown(rows)


@given(rows_of_any_height)
def test_no_page_holds_more_than_fits(heights: list[int]) -> None:
    pages = shared_out([row(number, lines) for number, lines in enumerate(heights)], FIRST, OTHERS, CLOSING)
    for number, page in enumerate(pages, start=1):
        room = (FIRST if number == 1 else OTHERS) - (CLOSING if number == len(pages) else 0)
        assert sum(each.height for each in page) <= room


@given(rows_of_any_height.filter(bool) | st.integers(min_value=1, max_value=300).map(lambda count: [1] * count))
@example([36])
@example([1, 38])
def test_the_signatures_never_stand_alone(heights: list[int]) -> None:
    pages = shared_out([row(number, lines) for number, lines in enumerate(heights)], FIRST, OTHERS, CLOSING)
    assert all(shown(page) for page in pages)


@given(st.lists(st.integers(min_value=1, max_value=42), min_size=1, max_size=60))
def test_only_the_last_row_is_ever_split_where_every_row_fits_a_page(heights: list[int]) -> None:
    rows = [row(number, lines) for number, lines in enumerate(heights)]
    pages = shared_out(rows, FIRST, OTHERS, CLOSING)
    whole = [each for page in pages for each in page if each in rows]
    assert whole[: len(rows) - 1] == rows[:-1]


def test_a_row_of_usual_height_is_not_split() -> None:
    pages = shared_out([row(number, 7) for number in range(40)], FIRST, OTHERS, CLOSING)
    assert all(len(each.cells[0].lines) == 7 for page in pages for each in page)


def test_a_row_taller_than_a_page_is_split() -> None:
    pages = shared_out([row(1, 130)], FIRST, OTHERS, CLOSING)
    assert [len(page[0].cells[0].lines) for page in pages[:2]] == [42, 53]
