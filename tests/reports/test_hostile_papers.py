"""Every paper of weeding, exchange, binding and shelf-reading with texts that are too long, of other scripts, or made
to do harm: nothing runs over the edge of the paper or over anything else, and who signs has rows above."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.exchange.paper import DeliveryPaper, RecyclingPaper
from app.exchange.reads import PackedCopy
from app.library import Library
from app.persian.digits import to_latin
from app.staff.offices import Position
from app.statistics.balance import ClassCount, balance
from app.statistics.collection import AilingCopy, Health
from app.stocktake.closing import preview
from app.stocktake.paper import StocktakePaper
from db.codes import Condition, ExchangeLevel, ItemStatus, WeedingReason
from reports.binder_list import binder_pdf
from reports.binding_letter import print_cover_letter
from reports.collection import balance_pdf, health_pdf
from reports.exchange import print_delivery, print_recycling
from reports.exchange_report import exchange_report_pdf
from reports.forms.pdf import form_pdf
from reports.forms.spec import FormKind, Signatory
from reports.quarterly import print_report
from reports.refused_titles import print_refused_titles
from reports.stocktake import stocktake_pdf
from tests import library as lib
from tests.app.stocktake.shelves import begun, read_all, shelf
from tests.reports import test_binding_letter as covering
from tests.reports import test_exchange as exchange
from tests.reports import test_quarterly as quarterly
from tests.reports import test_weeding_papers as weeding
from tests.reports.branches import BRANCH
from tests.reports.forms.samples import DAY, HOSTILE_TITLES, form, row
from tests.reports.reading import misplaced, raw_text, squeezed, words

LONG = "کتابخانه عمومی مشارکتی حضرت آیت‌الله العظمی سید محمدرضا موسوی گلپایگانی (ره)، شمارهٔ 2 Branch (A)"
TITLES = ("ک" * 300, "W" * 300, "Introduction to Algorithms, 3rd Edition (MIT Press 2009) [2012]", *HOSTILE_TITLES)
NAMES = {
    "branch_head": "John (Smith)", "county_head": "سید محمدرضا اسماعیلی‌پور کاشانی اصل دولت‌آبادی",
    "security_officer": "م" * 60, "province_director": "سیده فاطمه میرحسینی رضوی",
}  # fmt: skip
PLACE = replace(BRANCH, name=LONG, county="شهرستانی با نامی بسیار بلند", city="شهر" * 12)
LIBRARY = replace(exchange.LIBRARY, name=LONG, licence_no="۱۲/الف (Temporary)")


def packed(count: int) -> tuple[PackedCopy, ...]:
    return tuple(
        replace(copy, title=TITLES[place % len(TITLES)], main_creator="x" * 90, volume_no="۲ (متمم)")
        for place, copy in enumerate(exchange.copies(count))
    )


def official(kind: FormKind) -> bytes:
    rows = [
        replace(
            row(place, title), volume_no="۲ (متمم)", year="", struck=place % 3 == 0, ruling="رد: " + "نیاز " * place
        )
        for place, title in enumerate(TITLES)
    ]
    rows[1] = replace(rows[1], accession_no="123456789012345", class_no="QA 76.73 .J38 2004", author="x" * 90)
    names = {Signatory(office): name for office, name in NAMES.items()}
    made = form(kind, tuple(rows))
    return form_pdf(replace(made, library=LONG, county=PLACE.county, city=PLACE.city, signatories=names, revision=3))


def delivery() -> bytes:
    paper = DeliveryPaper(
        PLACE, ExchangeLevel.COUNTY, WeedingReason.DUPLICATE, "1405/3", DAY, LIBRARY, "ر-۵/B", "۱۲/۸ (ب)", packed(26),
        NAMES,
    )  # fmt: skip
    return print_delivery(paper).pdf


def recycling() -> bytes:
    centre = "کاغذسازی «البرز» (Alborz Co.)"
    return print_recycling(RecyclingPaper(PLACE, "1405/4", DAY, centre, 12_250, "ر-۷", None, packed(26), NAMES)).pdf


def county_report() -> bytes:
    report = exchange.a_report()
    ((handover, _),) = report.given
    given = ((replace(handover, destination=LIBRARY), packed(2)),)
    return exchange_report_pdf(PLACE, replace(report, given=given, left=packed(30), received=packed(32)))


def refused() -> bytes:
    rows = (weeding.refused(place, TITLES[place % len(TITLES)]) for place in range(24))
    letter = weeding.letter(*rows)
    return print_refused_titles(replace(letter, branch=PLACE, signer="م" * 90, signatory=Position.BRANCH_HEAD))


def cover() -> bytes:
    letter = replace(covering.LETTER, branch=PLACE, signer="م" * 90, letter_no="۱۲/۸ (ب) No. " + "۷۷۷ " * 12)
    return print_cover_letter(letter)


def binder() -> bytes:
    filed = [weeding.filed(place, f"{title[:120]}.pdf") for place, title in enumerate(TITLES)]
    return binder_pdf(PLACE, filed, weeding.SINCE, weeding.UNTIL)


def quarter() -> bytes:
    return print_report(quarterly.facts(branch=PLACE, head="م" * 90, committee={"م" * 80: "John (Smith) " * 6})).pdf


def health() -> bytes:
    ailing = tuple(
        AilingCopy(
            uuid.UUID(int=place), title, "x" * 80, 5_000 + place, "QA 76.73 .J38 2004", ItemStatus.AVAILABLE,
            Condition.WORN, 3, 1,
        )
        for place, title in enumerate(TITLES)
    )  # fmt: skip
    return health_pdf(PLACE, Health(DAY, ailing, ailing, (), ()))


def proportions() -> bytes:
    counts = [ClassCount(main, 1380, 10_000 * main, 250_000 * main, 12, 1_000_000) for main in range(10)]
    return balance_pdf(PLACE, balance(counts), DAY)


PAPERS: dict[str, Callable[[], bytes]] = {
    **{kind.value: partial(official, kind) for kind in FormKind},
    "delivery": delivery, "recycling": recycling, "county report": county_report, "refused": refused,
    "cover": cover,
    "binder": binder, "quarter": quarter, "health": health, "proportions": proportions,
}  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS)
def test_everything_stays_in_its_place(paper: str) -> None:
    assert misplaced(PAPERS[paper]()) == []


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


def minutes(library: Library, unknown: int = 0) -> StocktakePaper:
    """Of a reading that missed all but one of forty copies, and read so many codes that nobody knows."""
    shelf(library, 40)
    for place, title in enumerate(TITLES):
        lib.add_copy(library, lib.a_title(title, dewey=f"15{place}", author_mark="س۲۷۵ب"), barcode=f"H-{place}")
    session = begun(library, "100", "199", name="رف‌خوانی پاییز (Autumn) " + "بلند " * 15)
    read_all(library, session, ["B-100", *(f"W-{place}-" + "W" * 40 for place in range(unknown))])
    reckoning = preview(library, session)
    assert reckoning is not None
    return StocktakePaper(LONG, "اراک", "آبگرم", lib.TODAY, "1405/7", "KARIMI", reckoning)


@pytest.mark.parametrize("unknown", [0, 3])
def test_a_shelf_reading_stays_in_its_place(library: Library, unknown: int) -> None:
    assert misplaced(stocktake_pdf(minutes(library, unknown))) == []


def test_a_shelf_reading_is_signed_under_rows_of_its_last_list(library: Library) -> None:
    paper = minutes(library)
    for count in range(1, 41):
        reckoning = replace(paper.reckoning, missing=paper.reckoning.missing[:count])
        found = words(stocktake_pdf(replace(paper, reckoning=reckoning)))
        (page,) = {word.page for word in found if word.text == "KARIMI"}
        beside = [word for word in found if word.page == page and "سعدی"[::-1] in word.text]
        assert len(beside) >= min(count, 3), count


def plain(count: int) -> tuple[PackedCopy, ...]:
    return tuple(replace(copy, title=f"R{place}") for place, copy in enumerate(exchange.copies(count), 1))


def plain_delivery(count: int) -> bytes:
    return print_delivery(replace(exchange.delivery(), rows=plain(count), officers={"county_head": "KARIMI"})).pdf


def plain_recycling(count: int) -> bytes:
    officers = {"province_director": "KARIMI"}
    return print_recycling(
        RecyclingPaper(BRANCH, "1405/4", DAY, "کاغذسازی", 12_250, None, None, plain(count), officers)
    ).pdf


def plain_refused(count: int) -> bytes:
    letter = weeding.letter(*(weeding.refused(place, f"R{place}") for place in range(1, count + 1)))
    return print_refused_titles(replace(letter, signer="KARIMI"))


@pytest.mark.parametrize("count", [1, 2, 5, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31, 38])
@pytest.mark.parametrize("paper", [plain_delivery, plain_recycling, plain_refused])
def test_who_signs_has_rows_on_the_same_page(paper: Callable[[int], bytes], count: int) -> None:
    pdf = paper(count)
    assert misplaced(pdf) == []
    found = words(pdf)
    (page,) = {word.page for word in found if word.text == "KARIMI"}
    listed = [word for word in found if word.text.startswith("R")]
    assert len(listed) == count
    assert sum(word.page == page for word in listed) >= min(count, 3)


def test_a_letter_of_several_pages_numbers_them() -> None:
    pages = raw_text(plain_refused(40)).split("\f")[:-1]
    ends = [squeezed(to_latin(page))[-4:] for page in pages]
    assert ends == [f"{number}از{len(pages)}" for number in range(1, len(pages) + 1)]
    assert "صفحه" not in raw_text(plain_refused(1))
    assert len(pages) == 3


def test_the_letter_is_of_whoever_refused() -> None:
    """002 م7-10: the province writes to the county; what the county alone refused is the library's letter."""
    letter = weeding.letter(weeding.refused(1))
    assert "ادارهٔ کل کتابخانه‌های عمومی استان قزوین" in raw_text(print_refused_titles(letter))
    assert (
        "استان" not in raw_text(print_refused_titles(replace(letter, signatory=Position.BRANCH_HEAD))).split("فهرست")[0]
    )
