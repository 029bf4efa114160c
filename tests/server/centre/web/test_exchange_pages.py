"""The exchange centre in the browser: every step of a package is a form of its page, what is proposed is confirmed,
what was handed over is printed and gathered (002 م7-15 … م7-24؛ نمودار ۲)."""

import csv
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.exchange.packing import NO_LETTER, announce, hand, pack
from app.exchange.requests import Asking, request_copies
from app.library import Library
from app.persian.jalali import day_month_year
from db.codes import DisposalKind, DocumentKind, ExchangeRequestState, WeedingReason
from db.models.collection import Disposal, Document, ExchangeRequest
from reports.on_demand import ON_DEMAND
from tests.app.exchange.weeded import CONTENT, DUPLICATE, WORN, a_library, weeded
from tests.app.review import centres
from tests.library import MORNING, TODAY, act, found, pass_days, rows
from tests.reports.reading import raw_text, squeezed
from tests.server.centre.web.world import Client, World
from tests.server.centre.web.world import world as a_world

TODAY_WORDS = day_month_year(TODAY)


@dataclass
class Centre:
    """The world, and one library whose packages the offices hold."""

    world: World
    library: Library

    def heard(self) -> list[tuple[str, ...]]:
        """The library synchronises: what it answered."""
        done = centres.carried(self.world.centre, self.library, ON_DEMAND)
        return [one.codes for one in done]

    def told(self) -> None:
        centres.told(self.world.centre, self.library)

    def days_pass(self, days: int) -> None:
        pass_days(self.library, days)
        self.world.clock.advance(days=days)

    def package(self, number: int = 3, reason: WeedingReason = CONTENT) -> uuid.UUID:
        """A package that is still in its library."""
        weeded(self.library, number, reason)
        packed: Any = pack(self.library, reason, act(self.library))
        self.told()
        package: uuid.UUID = packed.package.id
        return package

    def announced(self, number: int = 3, reason: WeedingReason = CONTENT) -> uuid.UUID:
        package = self.package(number, reason)
        hand(self.library, package, NO_LETTER, act(self.library))
        announce(self.library, package, act(self.library))
        self.told()
        return package

    def asked(self, package: uuid.UUID, name: str, **fields: Any) -> None:
        """A library asks for everything, at the desk."""
        asker = a_library(self.library, name, **fields)
        request_copies(self.library, package, Asking(asker), act(self.library))
        self.told()

    def handovers(self, kind: DisposalKind) -> list[Any]:
        return rows(self.library, Disposal, kind=kind)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    library = found(tmp_path)
    with library.store, a_world() as world:
        world.clock.now = MORNING
        yield Centre(world, library)


def hidden(page: str, name: str) -> str:
    (value,) = set(re.findall(rf'name="{name}" value="([^"]*)"', page))
    return str(value)


def words(page: str) -> str:
    """What is written on a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def send(client: Client, package: uuid.UUID, step: str, fields: dict[str, str] | None = None) -> str:
    """Fill a form of the page of a package; what the page that comes says."""
    path = f"/exchange/{package}"
    answer = client.post(f"{path}/steps/{step}", fields or {}, of=path)
    if answer.status_code == 303:
        return words(client.get(path).text)
    return words(answer.text)


def confirm(client: Client, package: uuid.UUID) -> str:
    page = client.get(f"/exchange/{package}").text
    return send(client, package, "allot", {"seen": hidden(page, "seen")})


def test_a_county_without_desk_program_takes_a_package_through_its_centre(centre: Centre) -> None:
    package = centre.package()
    with centre.world.client("county") as client:
        assert f"/exchange/{package}" in client.get("/exchange/held").text
        page = words(client.get(f"/exchange/{package}").text)
        assert "با رسید شما تحویل هم ثبت می‌شود" in page
        said = send(client, package, "receive", {"receipt_no": "ر-۱۲"})
        assert "«رسید مرکز مبادله» برای «کتابخانه عمومی شهید بهشتی» فرستاده شد" in said
        assert "در راه کتابخانه رئیس" not in said
        assert centre.heard() == [()]
        send(client, package, "announce", {"closes_on": "", "letter_no": "۵/۱"})
        assert centre.heard() == [()]
        centre.asked(package, "کتابخانهٔ مستقل کوثر")
        shown = client.get(f"/exchange/{package}").text
        assert "steps/send-on" not in shown, "who asked is answered first"
        page = words(shown)
        assert "پیشنهاد تخصیص به ترتیب نوبت" in page
        assert "۳ نسخه ثبت" in page
        assert "1 درخواست هنوز پاسخ نگرفته" not in page
        assert "۱ درخواست هنوز پاسخ نگرفته است (م ۷-۱۸)." in page, "why what is left may not go on yet"
        confirm(client, package)
        assert centre.heard() == [()]
        page = client.get(f"/exchange/{package}").text
        delivery = hidden(page, "delivery")
        draft = client.get(f"/exchange/{package}/drafts/{delivery}")
        assert draft.headers["content-type"] == "application/pdf"
        assert "پیش‌نویس در تاریخ" in raw_text(draft.content)
        assert "کتابخانهٔ مستقل کوثر" in raw_text(draft.content)
        send(client, package, "deliver", {"delivery": delivery, "receipt_no": "ت-۱", "letter_no": ""})
        assert centre.heard() == [()]
        said = words(client.get(f"/exchange/{package}").text)
        assert "پایان‌یافته در شهرستان" in said
        assert "صورتجلسهٔ ۱۴۰۵/۱" in said
        (paper,) = rows(centre.library, Document, kind=DocumentKind.DELIVERY, media_type="application/pdf")
        printed = client.get(f"/papers/{paper.id}")
        assert printed.content == paper.content, "printed as it was frozen"
        assert client.get(f"/exchange/{package}/drafts/{delivery}").status_code == 404, "it has its minutes"


def test_the_province_stores_and_recycles(centre: Centre) -> None:
    worn, wanted_by_nobody = centre.package(2, WORN), centre.package(2, DUPLICATE)
    with centre.world.client("county") as client:
        for package in (worn, wanted_by_nobody):
            send(client, package, "receive", {"receipt_no": "ر-۱"})
        centre.heard()
        assert "اعلام به کتابخانه‌ها" not in words(client.get(f"/exchange/{worn}").text), "worn copies are for nobody"
        send(client, wanted_by_nobody, "announce")
        centre.heard()
        for package in (worn, wanted_by_nobody):
            send(client, package, "send-on", {"letter_no": "۵/۲"})
        assert centre.heard() == [(), ()]
    with centre.world.client("province") as client:
        assert "رسید ندارد" in client.get("/exchange/held").text
        for package in (worn, wanted_by_nobody):
            send(client, package, "receive", {"receipt_no": "ا-۱"})
        send(client, wanted_by_nobody, "announce")
        centre.heard()
        page = words(client.get(f"/exchange/{wanted_by_nobody}").text)
        assert "هنوز نوبت این کار نیست" in page
        assert "از اعلام این بسته هنوز ۶ ماه نگذشته است" in page
        raw = client.get(f"/exchange/{worn}").text
        barcode = re.findall(r'name="item" value="([^"]+)"', raw)[0]
        assert "«نسخه‌ها» خالی است." in send(client, worn, "redirect")
        send(client, worn, "redirect", {"item": barcode})
        assert centre.heard() == [()]
        assert raw.count('name="item"') == client.get(f"/exchange/{worn}").text.count('name="item"') + 1
        said = send(client, worn, "recycle", {"centre": "کاغذسازی البرز", "weight": "۱۲٫۵", "letter_no": "۷/۳"})
        assert "فرستاده شد" in said
        assert centre.heard() == [()]
        send(client, worn, "pay-in", {"amount": "۲۵۰۰۰۰۰", "receipt_no": "۸۸", "notice_no": "۹/۱", "paid_on": ""})
        assert centre.heard() == [()]
        page = words(client.get(f"/exchange/{worn}").text)
        assert "بازیافت‌شده و تسویه‌شده" in page
        assert f"کاغذسازی البرز · ۱۲٫۵ کیلوگرم نامهٔ ۷/۳ عواید ۲٬۵۰۰٬۰۰۰ ریال، واریز {TODAY_WORDS}" in page
        assert f"رسید واریز ۸۸ · نامهٔ اطلاع ۹/۱ ، {TODAY_WORDS}" in page
        of_autumn = "year=1405&quarter=3&kind=recycling"
        listed = words(client.get(f"/exchange/handovers?{of_autumn}").text)
        assert f"۲٬۵۰۰٬۰۰۰ ریال، واریز {TODAY_WORDS} رسید واریز ۸۸ · نامهٔ اطلاع ۹/۱" in listed
        (heading, line) = csv.reader(
            io.StringIO(client.get(f"/exchange/handovers.csv?{of_autumn}").content.decode("utf-8-sig"))
        )
        assert dict(zip(heading, line, strict=True)).items() >= {
            "شمارهٔ نامه": "7/3", "عواید (ریال)": "2500000", "شمارهٔ رسید واریز": "88", "شمارهٔ نامهٔ اطلاع": "9/1",
            "شمارهٔ رسید": "",
        }.items()  # fmt: skip
    centre.days_pass(190)
    with centre.world.client("province") as client:
        send(client, wanted_by_nobody, "store", {"letter_no": "۱۲/۹"})
        assert centre.heard() == [()]
    with centre.world.client("office") as client:
        assert f"/exchange/{wanted_by_nobody}" in client.get("/exchange/held").text
        send(client, wanted_by_nobody, "receive", {"receipt_no": "ن-۵"})
        assert centre.heard() == [()]
    (stored,) = centre.handovers(DisposalKind.NATIONAL_STORE)
    assert (stored.receipt_no, stored.letter_no) == ("ن-۵", "۱۲/۹")


def test_what_was_seen_is_confirmed_and_nothing_else(centre: Centre) -> None:
    package = centre.announced()
    centre.asked(package, "کتابخانهٔ نخست")
    with centre.world.client("county") as client:
        seen = hidden(client.get(f"/exchange/{package}").text, "seen")
        centre.asked(package, "کتابخانهٔ نوبنیاد", to_be_founded=True, licence_no=None)
        said = send(client, package, "allot", {"seen": seen})
        assert "درخواست‌ها یا نسخه‌های این بسته پس از دیدن شما تغییر کرده است" in said
        assert centre.heard() == []
        assert said.index("کتابخانهٔ نوبنیاد") < said.index("کتابخانهٔ نخست"), "the new proposal stands there"


def test_a_library_without_licence_cannot_be_chosen(centre: Centre) -> None:
    package = centre.announced()
    for name, licence in (("کتابخانهٔ دارا", "۱۲"), ("کتابخانهٔ ندار", None)):
        centres.told(centre.world.centre, centre.library)
        a_library(centre.library, name, licence_no=licence)
    centre.told()
    with centre.world.client("county") as client:
        page = client.get(f"/exchange/{package}").text
    assert "کتابخانهٔ دارا (اراک)" in page
    assert "کتابخانهٔ ندار" not in page


def test_a_library_whose_licence_ran_out_is_told_no(centre: Centre) -> None:
    package = centre.announced()
    centre.asked(package, "کتابخانهٔ پیشین", licensed_until=act(centre.library).day)
    centre.days_pass(1)
    with centre.world.client("county") as client:
        page = client.get(f"/exchange/{package}").text
        assert "بی‌مجوز" in page
        assert f"/exchange/{package}/steps/allot" not in page
        assert "برای این کار باید دلیل نوشته شود." in send(
            client, package, "decline", {"request": hidden(page, "request"), "why": ""}
        )
        send(client, package, "decline", {"request": hidden(page, "request"), "why": "مجوز تمدید نشد"})
        assert centre.heard() == [()]
        assert "مجوز تمدید نشد" in words(client.get(f"/exchange/{package}").text)
    assert [one.state for one in rows(centre.library, ExchangeRequest)] == [ExchangeRequestState.DECLINED]


def test_what_was_put_aside_is_freed_again(centre: Centre) -> None:
    package = centre.announced()
    centre.asked(package, "کتابخانهٔ نور")
    with centre.world.client("county") as client:
        confirm(client, package)
        centre.heard()
        delivery = hidden(client.get(f"/exchange/{package}").text, "delivery")
        assert "پس گرفتن تخصیص" in send(client, package, "release", {"delivery": delivery})
        page = client.get(f"/exchange/{package}").text
        assert "شمارهٔ رسید کتابخانهٔ نور" not in page, "its form is gone while the answer is on the way"
        assert centre.heard() == [()]
    (freed,) = centre.handovers(DisposalKind.EXCHANGE)
    assert freed.state == "cancelled"


def test_what_the_library_refuses_stands_on_the_page(centre: Centre) -> None:
    package = centre.announced()
    centre.asked(package, "کتابخانهٔ نخست")
    with centre.world.client("county") as client:
        confirm(client, package)
        late = a_library(centre.library, "کتابخانهٔ دیررس")
        request_copies(centre.library, package, Asking(late), act(centre.library))  # the centre has not heard of it
        page = words(client.get(f"/exchange/{package}").text)
        assert "در راه کتابخانه" in page
        assert centre.heard() == [()], "one who asked later in the same rank changes nothing of what was confirmed"
        package = centre.announced(2, DUPLICATE)
        centre.asked(package, "کتابخانهٔ نخست ۲")
        confirm(client, package)
        new = a_library(centre.library, "کتابخانهٔ تازه", founded_on=act(centre.library).day)
        request_copies(centre.library, package, Asking(new), act(centre.library))
        assert centre.heard() == [("exchange.proposal_changed",)]
        page = words(client.get(f"/exchange/{package}").text)
    assert "پذیرفته نشد درخواست‌ها یا نسخه‌های این بسته پس از دیدن شما تغییر کرده است" in page


BAD = [
    ("receive", {"receipt_no": " "}, "رسید تحویل همراه صورتجلسه بایگانی می‌شود و شماره می‌خواهد"),
    ("announce", {"closes_on": "فردا"}, "مقدار «مهلت درخواست» پذیرفتنی نیست (فردا)."),
    ("announce", {"closes_on": "1404/01/01"}, "مهلت درخواست (۱۴۰۴/۰۱/۰۱) پیش از امروز است."),
    ("recycle", {"centre": "کاغذسازی", "weight": "سنگین"}, "مقدار «وزن به کیلوگرم» پذیرفتنی نیست (سنگین)."),
    ("recycle", {"centre": "", "weight": "0"}, "مرکز بازیافت"),
    ("pay-in", {"amount": "هیچ", "paid_on": "دیروز"}, "مقدار «تاریخ واریز» پذیرفتنی نیست (دیروز)."),
    ("pay-in", {"amount": "۱", "notice_on": "فردا"}, "مقدار «تاریخ نامهٔ اطلاع» پذیرفتنی نیست (فردا)."),
    ("deliver", {"delivery": "x"}, "این بستهٔ مبادله پیدا نشد."),
    ("release", {}, "این بستهٔ مبادله پیدا نشد."),
    ("decline", {}, "این درخواست در این کتابخانه پیدا نشد."),
    ("allot", {"seen": "x"}, "درخواستی در نوبت نیست."),
    ("store", {"letter_no": "۱"}, "نوبت «ارسال به انبار نهاد» نیست."),
]  # fmt: skip


def test_bad_input_is_refused_with_words_and_nothing_is_sent(centre: Centre) -> None:
    package = centre.package()
    hand(centre.library, package, NO_LETTER, act(centre.library))
    centre.told()
    with centre.world.client("county") as client:
        for step, fields, expected in BAD:
            path = f"/exchange/{package}"
            answer = client.post(f"{path}/steps/{step}", fields, of=path)
            assert answer.status_code == 422, step
            assert expected in words(answer.text), (step, words(answer.text)[:900])
        assert client.post(f"/exchange/{package}/steps/sell", {}, of=f"/exchange/{package}").status_code == 404
    assert centre.heard() == []


def test_what_was_written_stands_in_its_own_form_again(centre: Centre) -> None:
    package = centre.package(2, WORN)
    with centre.world.client("county") as client:
        send(client, package, "receive", {"receipt_no": "ر-۱"})
        centre.heard()
        send(client, package, "send-on")
        centre.heard()
    with centre.world.client("province") as client:
        path = f"/exchange/{package}"
        page = client.post(
            f"{path}/steps/recycle", {"centre": "کاغذسازی", "weight": "900000", "receipt_no": "ب-۳"}, of=path
        ).text
    assert "پذیرفتنی نیست (۹۰۰۰۰۰)" in words(page)
    assert 'id="f-recycle-receipt_no" name="receipt_no" type="text" value="ب-۳"' in page
    assert 'id="f-receive-receipt_no" name="receipt_no" type="text" value=""' in page


def test_only_the_office_that_holds_a_package_has_its_forms(centre: Centre) -> None:
    package = centre.announced()
    for user, may in (("county", True), ("province", False), ("affairs", False), ("admin", False), ("office", False)):
        with centre.world.client(user) as client:
            page = client.get(f"/exchange/{package}").text
        assert (f"/exchange/{package}/steps/send-on" in page) is may, user
    with centre.world.client("yazd") as client:
        assert client.get(f"/exchange/{package}").status_code == 404
        assert client.get(f"/exchange/{package}/report.pdf").status_code == 404
        assert client.post(f"/exchange/{package}/steps/send-on", {}, of="/exchange").status_code == 404
        assert str(package) not in client.get("/exchange/held?shown=all").text


def test_the_report_of_the_county_is_printed_at_the_centre(centre: Centre) -> None:
    in_house = centre.package(1, WORN)
    package = centre.announced()
    with centre.world.client("county") as client:
        pdf = client.get(f"/exchange/{package}/report.pdf")
        assert "۳نسخهدریافتشد" in squeezed(raw_text(pdf.content))
        sheet = client.get(f"/exchange/{package}/report.xlsx")
        assert load_workbook(io.BytesIO(sheet.content)).worksheets[0].sheet_view.rightToLeft
        assert client.get(f"/exchange/{in_house}/report.pdf").status_code == 404, "nothing was received yet"


def test_the_announced_list_is_printed_for_the_libraries(centre: Centre) -> None:
    package, in_house = centre.announced(), centre.package(1, WORN)
    with centre.world.client("county") as client:
        assert f"/exchange/{package}/list.pdf" in client.get(f"/exchange/{package}").text
        pdf = client.get(f"/exchange/{package}/list.pdf").content
        assert squeezed("۳ نسخه از منابع وجینی کتابخانه عمومی شهید بهشتی") in squeezed(raw_text(pdf))
        assert client.get(f"/exchange/{package}/list.xlsx").content[:2] == b"PK"
        assert client.get(f"/exchange/{in_house}/list.pdf").status_code == 404, "announced to nobody"
    with centre.world.client("yazd") as client:
        assert client.get(f"/exchange/{package}/list.pdf").status_code == 404


def test_deliveries_are_gathered_for_the_general_office(centre: Centre) -> None:
    """نمودار ۲-۹."""
    package = centre.announced()
    centre.asked(package, "کتابخانهٔ =نور")
    with centre.world.client("county") as client:
        confirm(client, package)
        centre.heard()
        send(client, package, "deliver", {"delivery": hidden(client.get(f"/exchange/{package}").text, "delivery")})
        centre.heard()
    query = "year=1405&quarter=3"
    with centre.world.client("office") as client:
        page = words(client.get(f"/exchange/handovers?{query}").text)
        assert "تحویل به کتابخانه ۳ نسخه در ۱ بار" in page
        assert "۱۴۰۵/۱" in page
        only = words(client.get(f"/exchange/handovers?{query}&kind=county_centre").text)
        assert "۱۴۰۵/۱" not in only
        overview = words(client.get(f"/overview?{query}").text)
        assert "مبادله و تحویل" in overview
        assert "تحویل به کتابخانه ۱ ۳" in overview
        sheet = load_workbook(io.BytesIO(client.get(f"/exchange/handovers.xlsx?{query}").content)).worksheets[0]
        plain = client.get(f"/exchange/handovers.csv?{query}&kind=exchange").content.decode("utf-8-sig")
    cells = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]
    assert [(line[3], line[6], line[7], line[8]) for line in cells] == [
        ("تحویل به مرکز مبادلهٔ شهرستان", None, 3, "مرکز مبادلهٔ شهرستان"),
        ("تحویل به کتابخانه", "۱۴۰۵/۱", 3, "کتابخانهٔ =نور"),
    ]  # fmt: skip
    (heading, line) = csv.reader(io.StringIO(plain))
    assert dict(zip(heading, line, strict=True))["شمارهٔ صورتجلسه"] == "1405/1"
    with centre.world.client("yazd") as client:
        assert "در این فصل تحویلی ثبت نشده است" in client.get(f"/exchange/handovers?{query}").text
