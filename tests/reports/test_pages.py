import itertools

from hypothesis import given
from hypothesis import strategies as st

from reports.pages import page_starts

FIRST, OTHERS, CLOSING = 560.0, 700.0, 240.0


@given(st.lists(st.integers(min_value=15, max_value=409), max_size=60))
def test_no_page_holds_more_than_fits(heights: list[float]) -> None:
    starts = [0, *page_starts(heights, FIRST, OTHERS, CLOSING), len(heights)]
    pages = [sum(heights[start:end]) for start, end in itertools.pairwise(starts)]
    assert starts == sorted(starts)
    assert pages[0] <= FIRST
    assert max(pages) <= OTHERS
    assert pages[-1] + CLOSING <= (OTHERS if len(pages) > 1 else FIRST)


@given(st.integers(min_value=5, max_value=400))
def test_rows_go_along_with_what_is_signed(count: int) -> None:
    starts = page_starts([18] * count, FIRST, OTHERS, CLOSING)
    assert count - (starts or [0])[-1] >= 3


@given(st.lists(st.integers(min_value=15, max_value=2000), max_size=30), st.sampled_from((0.0, CLOSING)))
def test_no_page_is_without_rows(heights: list[float], closing: float) -> None:
    starts = page_starts(heights, FIRST, OTHERS, closing)
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(heights) for start in starts)


def test_a_row_higher_than_a_page_begins_one_and_none_is_left_empty() -> None:
    assert page_starts([20, 900, 20], FIRST, OTHERS) == [1, 2]
    assert page_starts([900, 20], OTHERS, OTHERS) == [1]


def test_nothing_is_kept_together_where_nothing_is_signed() -> None:
    assert page_starts([100] * 6, FIRST, OTHERS) == [5]
    assert page_starts([100] * 6, FIRST, OTHERS, 70) == [3]
