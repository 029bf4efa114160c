"""Papers of the van and the post: loan list, packing list, address labels, handover page."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from app.duties.rules import Duty, DutyKind, DutyWeight
from app.handover import HoldToTell, MinutesOut, OpenNow
from app.routes.parcels import Labelled, Parcel
from app.routes.queries import ReaderSheet, StopHold, StopLoan, StopReader, StopSheet
from app.routes.reads import StopRow
from db.codes import Channel, DispatchState, MinutesState, WeedingReason
from reports.address_labels import address_labels
from reports.handover import handover_page
from reports.preview import page_count
from reports.stop_list import packing_list, stop_list
from tests.reports.reading import missing, raw_text
from tests.reports.test_slips import BRANCH, TODAY

VISIT = TODAY + dt.timedelta(days=14)
STOP = StopRow(uuid.uuid4(), 1, uuid.uuid4(), "شمال", "ده‌بالا", 1, 0, "کنار مدرسه", "9 تا 11", TODAY, 14, True, 2, 3)
PARCEL = Parcel(
    uuid.uuid4(), 1, uuid.uuid4(), "سارا", "احمدی", "000009", "+989123456789", None, None, None, "کلیدر", None, None,
    Channel.COURIER, True, TODAY, None, None, "12345", "آبگرم، پلاک ۵", None, DispatchState.REQUESTED, None,
)  # fmt: skip


def sheet(readers: int = 1, loans: int = 1) -> StopSheet:
    made = []
    for place in range(readers):
        who = StopReader(uuid.uuid4(), "علی", f"رضایی {place}", "000001", "+989123456789", None, None, "")
        lent = [
            StopLoan(who.id, uuid.uuid4(), uuid.uuid4(), f"کتاب {number}", None, None, 100 + number, "B", TODAY, day)
            for number, day in enumerate([VISIT, VISIT - dt.timedelta(days=3), VISIT + dt.timedelta(days=14)][:loans])
        ]
        held = StopHold(who.id, uuid.uuid4(), "سووشون", "۲", 77, "B", "۸فا۳/۶۲", VISIT)
        made.append(ReaderSheet(who, tuple(lent), (held,)))
    return StopSheet(STOP, VISIT, tuple(made))


def test_the_loan_list_marks_what_is_due_late_or_for_the_next_visit() -> None:
    text = raw_text(stop_list(BRANCH, sheet(loans=3), TODAY), "-raw")
    wanted = (
        "ده‌بالا",
        "۱۴ آذر ۱۴۰۵",
        "علی رضایی",
        "همین بازدید",
        "۳ روز دیرکرد",
        "بازدید بعد",
        "سووشون، جلد ۲",
        "تازه",
    )
    assert missing(wanted, text) == []


@pytest.mark.parametrize(("readers", "pages"), [(0, 1), (3, 1), (60, 6)])
def test_a_long_list_goes_on_over_pages(readers: int, pages: int) -> None:
    assert page_count(stop_list(BRANCH, sheet(readers), TODAY)) == pages


def test_the_packing_list_tells_the_books_of_each_stop() -> None:
    text = raw_text(packing_list(BRANCH, [sheet()], VISIT), "-raw")
    assert missing(("ده‌بالا", "سووشون، جلد ۲", "۷۷"), text) == []
    assert missing(["نیست"], raw_text(packing_list(BRANCH, [sheet(0)], VISIT), "-raw")) == []


def test_a_stop_without_a_visit_in_sight_says_so() -> None:
    text = raw_text(stop_list(BRANCH, replace(sheet(), day=None), TODAY), "-raw")
    assert missing(["بازدیدی در پیش نیست"], text) == []


@pytest.mark.parametrize(("labels", "start", "pages"), [(1, 1, 1), (8, 1, 1), (8, 2, 2), (9, 1, 2), (1, 8, 1)])
def test_labels_begin_at_any_free_place(labels: int, start: int, pages: int) -> None:
    pdf = address_labels(BRANCH, [Labelled(PARCEL, "3891845512")] * labels, start)
    assert page_count(pdf) == pages
    assert (
        missing(("گیرنده: سارا احمدی", "آبگرم، پلاک ۵", "۳۸۹۱۸۴۵۵۱۲", "۱۲۳۴۵", "پیک کتاب"), raw_text(pdf, "-raw")) == []
    )


def test_the_handover_page_is_one_page_however_much_is_open() -> None:
    hold = HoldToTell("سارا احمدی", "+989123456789", "کلیدر " * 30, VISIT)
    out = MinutesOut(WeedingReason.WORN, 1405, 3, MinutesState.AT_COUNTY, VISIT)
    many = OpenNow((hold,) * 20, (), (out,) * 20, (), (PARCEL,) * 20, VISIT)
    pdf = handover_page(BRANCH, many, TODAY)
    assert page_count(pdf) == 1
    assert missing(("و ۱۵ مورد دیگر", "۱۴۰۵/۳", "سارا احمدی", "چیزی نیست"), raw_text(pdf, "-raw")) == []


def test_the_handover_page_tells_the_duties_that_press() -> None:
    duty = Duty(DutyKind.BINDING_REQUEST, DutyWeight.LATE, "binding", "13-10", TODAY - dt.timedelta(days=3))
    open_now = OpenNow((), (), (), (), (PARCEL,) * 20, VISIT, (duty,) * 20)
    pdf = handover_page(BRANCH, open_now, TODAY)
    assert page_count(pdf) == 1
    assert missing(("وظیفه‌های فصل", "درخواست صحافی", "۳ روز گذشته", "مورد دیگر"), raw_text(pdf, "-raw")) == []
