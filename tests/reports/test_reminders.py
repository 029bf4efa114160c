"""Letters and slips of reminders (000 §3-1-2), as they come out of the printer."""

import datetime as dt
import uuid

import pytest

from app.notices.batches import Line, Message
from app.notices.cases import NoticeRow
from db.codes import NoticeChannel, NoticeKind, NoticeState
from reports.preview import page_count
from reports.reminders import reminder_letters, reminder_slips
from tests.reports.reading import missing, raw_text
from tests.reports.test_slips import BRANCH, LONG, TODAY

DUE = dt.date(2026, 12, 5)


def message(*titles: str, kind: NoticeKind = NoticeKind.OVERDUE_2, address: str | None = None) -> Message:
    row = NoticeRow(
        uuid.uuid4(), 1, uuid.uuid4(), "مریم", "رضایی", "000007", None, None, kind, NoticeChannel.PRINT, address, None,
        NoticeState.DUE, TODAY, None, None, "k", None, None, None, None, None, None, None, None, None, DUE, None, None,
    )  # fmt: skip
    lines = tuple(Line(title, None, place, DUE, 12) for place, title in enumerate(titles, 1))
    return Message((row,), lines, "متن")


def test_a_letter_tells_who_what_until_when_and_where_to_turn_to() -> None:
    pdf = reminder_letters(BRANCH, [message("سووشون", LONG, address="آبگرم، پلاک ۵")], TODAY)
    wanted = (
        "مریم رضایی گرامی",
        "سووشون",
        LONG,
        "۱۴ آذر ۱۴۰۵",
        "۱۲ روز دیرکرد",
        "۰۸۶",
        "گیرنده: مریم رضایی",
        "آبگرم، پلاک ۵",
    )
    assert missing(wanted, raw_text(pdf, "-raw")) == []


def test_every_letter_is_a_page_of_its_own() -> None:
    assert page_count(reminder_letters(BRANCH, [message("سووشون")] * 4, TODAY)) == 4


@pytest.mark.parametrize(("slips", "pages"), [(1, 1), (3, 1), (4, 2), (7, 3)])
def test_three_slips_stand_on_a_page(slips: int, pages: int) -> None:
    assert page_count(reminder_slips(BRANCH, [message("سووشون")] * slips, TODAY)) == pages


def test_what_does_not_fit_on_a_slip_is_counted() -> None:
    text = raw_text(reminder_slips(BRANCH, [message(*(f"کتاب {number}" for number in range(1, 12)))], TODAY), "-raw")
    assert missing(["و ۶ کتاب دیگر"], text) == []


def test_the_end_of_a_membership_is_told_without_books() -> None:
    text = raw_text(reminder_letters(BRANCH, [message(kind=NoticeKind.MEMBERSHIP_ENDING)], TODAY), "-raw")
    assert missing(["پایان عضویت: ۱۴ آذر ۱۴۰۵"], text) == []
