import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.excel_text import lines_needed


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 22, 1),
        ("سووشون", 22, 1),
        ("۱۳۸۹/۰۱/۰۱", 9.5, 1),
        ("تاریخ ادبیات ایران از آغاز تا امروز و پس از آن تا کنون", 22, 2),
        ("W" * 300, 22, 23),
        ("یک " * 3, 3, 3),
    ],
)
def test_a_text_takes_so_many_lines(text: str, width: float, lines: int) -> None:
    assert lines_needed(text, width) == lines


def test_larger_type_takes_more_lines() -> None:
    text = "صورتجلسه ی شماره یک وجین"
    assert (lines_needed(text, 20, 9), lines_needed(text, 20, 18)) == (1, 2)


@given(st.text(max_size=80), st.text(max_size=20), st.floats(min_value=3, max_value=60))
def test_more_text_never_takes_fewer_lines(text: str, more: str, width: float) -> None:
    assert lines_needed(text + more, width) >= lines_needed(text, width) >= 1
