"""How the collection is looked after in the demo: who signs, shelves are read, books are bound and mended, and the
quarter is reported."""

from app.binding.mending import mend
from app.binding.receiving import receive_copy
from app.binding.sending import Sending, dispatch
from app.binding.service import AddedToRequest, Requested, add_to_request
from app.binding.service import Letter as BindingLetter
from app.binding.service import finalise as request_binding
from app.branch import BranchForm, set_branch
from app.demo.story import Story
from app.exchange.libraries import LibraryForm, set_library
from app.persian import jalali
from app.staff.offices import OfficeForm, Position, Seat, set_office
from app.statistics.quarterly import Letter as ReportLetter
from app.statistics.quarterly import make_report, record_answer, send_report
from app.statistics.quarters import quarter_before
from app.stocktake.closing import close as close_stocktake
from app.stocktake.closing import preview as reckon_stocktake
from app.stocktake.facts import Started
from app.stocktake.scanning import note, scan
from app.stocktake.sessions import Beginning
from app.stocktake.sessions import start as start_stocktake
from app.weeding.candidates import candidates
from db.codes import BindingOutcome, BranchKind, Condition, WeedingReason

OFFICERS = {
    Position.BRANCH_HEAD: "زهرا کریمی",
    Position.COUNTY_HEAD: "محمدرضا صالحی",
    Position.PROVINCE_REVIEWER: "فاطمه نوروزی",
    Position.SECURITY_OFFICER: "حسین مرادی",
    Position.PROVINCE_DIRECTOR: "علی‌اکبر رستمی",
    Position.BINDERY_HEAD: "اکرم یوسفی",
}
COMMITTEE = {Seat.CIRCULATION: "زهرا کریمی", Seat.CATALOGUER: "مریم احمدی"}
FIRST_READING = ("رف‌خوانی رده‌های ۰۰۰ تا ۳۰۰", "000", "399")
SECOND_READING = ("رف‌خوانی رده‌های ۵۰۰ و ۶۰۰", "500", "699")
MENDS = ("چسباندن جلد", "ترمیم برگ پاره", "بازدوزی شیرازه", "جلد نایلون")
LIBRARIES = (
    LibraryForm("کتابخانه عمومی امام صادق (ع)", BranchKind.INSTITUTIONAL, licence_no="۱۱۲۰"),
    LibraryForm(
        "کتابخانه عمومی نوبنیاد شهرک ولی‌عصر", BranchKind.INSTITUTIONAL, licence_no="۱۴۰۵/۷", to_be_founded=True
    ),
    LibraryForm("کتابخانه مشارکتی مسجد جامع", BranchKind.PARTICIPATORY, licence_no="۲۳۱۱"),
    LibraryForm("کتابخانه مستقل اندیشه", BranchKind.INDEPENDENT, licence_no="۳۰۰۴"),
)


def set_the_house(story: Story) -> None:
    """The stacks are full, and who signs is written down."""
    branch = story.library.branch
    form = BranchForm(
        branch.name, branch.province, branch.county, branch.city, branch.kind, branch.grade, branch.code,
        branch.licence_no or "۱۰۰۲", jalali.from_jalali(1379, 7, 1), branch.phone, branch.address, space_shortage=True,
    )  # fmt: skip
    set_branch(story.library, form, story.act())
    for position, name in OFFICERS.items():
        set_office(story.library, OfficeForm(position, name), story.act())
    for seat, name in COMMITTEE.items():
        set_office(story.library, OfficeForm(seat, name, committee=True), story.act())
    for library in LIBRARIES:
        set_library(story.library, library, story.act())


def read_shelves(story: Story) -> None:
    """The first hundreds are read: some books stand wrong, two are not there."""
    _begin_reading(story, *FIRST_READING)
    _read(story, skipped=2)
    reading = story.papers.pop("reading")
    close_stocktake(story.library, reading, story.printers.stocktake, story.act())


def begin_another_reading(story: Story) -> None:
    """Another range is half read when the story ends."""
    _begin_reading(story, *SECOND_READING)
    _read(story, most=36)


def _begin_reading(story: Story, name: str, first: str, last: str) -> None:
    started = start_stocktake(story.library, Beginning(name, first, last), story.act())
    if isinstance(started, Started):
        story.papers["reading"] = started.session_id


def _read(story: Story, skipped: int = 0, most: int = 2_000) -> None:
    """Along the shelf with a scanner; every fortieth book stands two places too far, every thirtieth is worn."""
    reading = story.papers["reading"]
    found = reckon_stocktake(story.library, reading)
    if found is None:
        return
    standing = [copy.barcode for copy in found.missing]
    story.away |= set(standing[:skipped])
    shelf = standing[skipped:][:most]
    for place in range(38, len(shelf) - 3, 40):
        shelf.insert(place + 2, shelf.pop(place))
    for place, barcode in enumerate(shelf):
        scan(story.library, reading, barcode, story.quickly())
        if place % 30 == 17:
            note(story.library, reading, Condition.WORN, story.quickly())


def bind_in_summer(story: Story) -> None:
    """A request that is over: one of its books could not be bound."""
    _request(story, 6, "summer", Sending(promised_days=25))


def summer_comes_back(story: Story) -> None:
    """They are back."""
    for place, barcode in enumerate(story.at_bindery.pop("summer", [])):
        outcome = BindingOutcome.UNBINDABLE if place == 0 else BindingOutcome.BOUND
        receive_copy(story.library, barcode, outcome, story.act(), cost=0 if place == 0 else 180_000)
        story.away.discard(barcode)


def bind_in_autumn(story: Story) -> None:
    """A request on its way; since the fourteenth day its copies are «در حال صحافی»."""
    _request(story, 5, "autumn", Sending(promised_days=12))


def mend_some(story: Story) -> None:
    """What the librarian mends herself."""
    shelf = story.shelf(child=True)
    for copy, work in zip(
        shelf[5:40:9], ("چسباندن جلد", "ترمیم برگ پاره", "بازدوزی شیرازه", "جلد نایلون"), strict=False
    ):
        mend(story.library, copy.barcode, work, story.act(), 12_000)


def report_the_quarter(story: Story) -> None:
    """The report on the last quarter is made and sent on its day."""
    quarter = quarter_before(story.day)
    made = (quarter.year, quarter.number)
    make_report(story.library, *made, story.printers.report, story.act())
    send_report(story.library, *made, ReportLetter("۱۲/۹۴۴", story.day), story.act())


def report_is_answered(story: Story) -> None:
    """The province answers."""
    quarter = quarter_before(story.day)
    answer = "بررسی شد؛ روند وجین فرسوده‌ها ادامه یابد."
    record_answer(story.library, quarter.year, quarter.number, answer, story.day, story.act())


def _request(story: Story, most: int, name: str, sending: Sending) -> None:
    with story.library.store.read() as reader:
        worn = [
            one.barcode for one in candidates(story.library, reader, WeedingReason.WORN, story.day) if not one.refusals
        ]
    sent: list[str] = []
    for barcode in reversed(worn):
        if len(sent) == most:
            break
        free = barcode not in story.out and barcode not in story.props.values()
        if free and isinstance(add_to_request(story.library, barcode, story.act(), "صحافی جلد سخت"), AddedToRequest):
            sent.append(barcode)
    story.away |= set(sent)
    made = request_binding(story.library, story.printers.binding, story.act(), BindingLetter("۱۲/۷۰", story.day))
    if isinstance(made, Requested):
        dispatch(story.library, made.request_id, sending, story.act())
        story.at_bindery[name] = sent
