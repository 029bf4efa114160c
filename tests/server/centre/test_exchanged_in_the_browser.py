"""A county whose exchange centre has no desk program, over the real line and in a real browser: it receives a package,
announces it, gives it in the order of the guideline and prints the minutes; every step is written by the library that
owns the package, with its number and paper (002 م7-16؛ نمودار ۲)."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from app.check import check_library
from app.exchange.packing import pack
from app.library import Library
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.http_line import HttpLine
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from db.codes import BranchKind, DisposalKind, DisposalState, DocumentKind, ExchangeRequestState, ItemStatus
from db.models.centre import DirectiveAnswer
from db.models.collection import Disposal, Document, ExchangeRequest
from db.models.items import Item
from reports.on_demand import ON_DEMAND
from tests.app.exchange.weeded import DUPLICATE, weeded
from tests.app.review.test_exchange_board import licensed
from tests.library import MORNING, act, found, row, rows
from tests.server.centre.test_ruled_in_the_browser import enrolled
from tests.server.centre.web.browser import Browser, open_browser
from tests.server.centre.web.world import World, world


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def synchronise(library: Library, at: World) -> None:
    """One round over a real socket; a second one carries the answers of the library."""
    for _ in range(2):
        with HttpLine(at.url) as line:
            outcome = sync_round(library, line, ensure_device_key(library), printers=ON_DEMAND)
        assert outcome.state is RoundState.DONE, outcome
        assert outcome.waiting == 0


def ask(browser: Browser, name: str) -> None:
    """Enter the request of a library for everything."""
    browser.driver.find_element(By.XPATH, f'//select[@name="library"]/option[contains(., "{name}")]').click()
    browser.press("فرستادن درخواست")
    assert "به نوبت خود ثبت می‌شود" in browser.text, browser.text


def test_a_package_is_received_given_and_printed_in_the_browser(library: Library) -> None:
    copies = weeded(library, 2, DUPLICATE)
    packed: Any = pack(library, DUPLICATE, act(library))
    package: uuid.UUID = packed.package.id
    with world() as at, open_browser() as browser:
        at.clock.now = MORNING
        licensed(at.centre, name="کتابخانهٔ مستقل مهر", kind=BranchKind.INDEPENDENT)
        licensed(at.centre, name="کتابخانهٔ نهادی نور")
        licensed(at.centre, name="کتابخانهٔ بی‌مجوز", licence_no=None)
        enrolled(library, at)
        synchronise(library, at)

        browser.sign_in(at, "county")
        browser.open(at, "/exchange/held")
        browser.press("تکراری")
        browser.write("receipt_no", "ر-۱۲")
        browser.press("ثبت رسید")
        synchronise(library, at)
        assert row(library, Disposal, package).state is DisposalState.HANDED
        browser.open(at, f"/exchange/{package}")
        browser.press("اعلام بسته")
        synchronise(library, at)

        browser.open(at, f"/exchange/{package}")
        assert "کتابخانهٔ بی‌مجوز" not in browser.text, "who has no licence cannot be chosen"
        ask(browser, "مستقل مهر")
        ask(browser, "نهادی نور")
        synchronise(library, at)
        browser.open(at, f"/exchange/{package}")
        names = [cell.text.split("\n")[0] for cell in browser.all("section:nth-of-type(1) tbody th[scope=row]")]
        assert names[:2] == ["کتابخانهٔ نهادی نور", "کتابخانهٔ مستقل مهر"], "rank goes before time"
        browser.press("تأیید این تخصیص")
        synchronise(library, at)
        states = {one.state for one in rows(library, ExchangeRequest)}
        assert states == {ExchangeRequestState.GRANTED, ExchangeRequestState.DECLINED}

        browser.open(at, f"/exchange/{package}")
        browser.find("form[action*='steps/deliver'] [name=receipt_no]").send_keys("ت-۷")
        browser.press("تحویل شد به کتابخانهٔ نهادی نور")
        synchronise(library, at)

        (delivery,) = rows(library, Disposal, kind=DisposalKind.EXCHANGE)
        assert (delivery.state, delivery.number, delivery.receipt_no) == (DisposalState.FINISHED, 1, "ت-۷")
        assert row(library, Disposal, package).state is DisposalState.FINISHED
        assert all(answer.done for answer in rows(library, DirectiveAnswer))
        assert {row(library, Item, copy.id).status for copy in copies} == {ItemStatus.WEEDED_DUPLICATE}
        (paper,) = rows(library, Document, kind=DocumentKind.DELIVERY, media_type="application/pdf")
        with at.client("county") as client:
            assert client.get(f"/papers/{paper.id}").content == paper.content
        browser.open(at, "/exchange/handovers?year=1405&quarter=3")
        assert "کتابخانهٔ نهادی نور" in browser.text
        assert "۱۴۰۵/۱" in browser.text
    assert check_library(library).broken == ()
