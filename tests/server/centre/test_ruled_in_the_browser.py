"""From the desk to the offices and back: minutes are sent by a library, synchronised over HTTP, ruled in a real browser
by county and province, synchronised back, and change what stands on the shelf (002 م7-3 … م8-1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from app.library import Library
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.enrolling import EnrolledHere, enrol
from app.sync.branch.http_line import HttpLine
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from app.sync.enrolling import issue_code
from db.codes import ItemStatus, MinutesState
from db.models.centre import DirectiveAnswer
from db.models.collection import Minutes, RulingRow
from db.models.items import Item
from tests.app.weeding.minutes.on_the_way import closed, sent
from tests.library import MORNING, ACopy, act, found, row, rows
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
            outcome = sync_round(library, line, ensure_device_key(library))
        assert outcome.state is RoundState.DONE, outcome
        assert outcome.waiting == 0


def enrolled(library: Library, at: World) -> None:
    code = issue_code(at.centre, None, "ادارهٔ کل")
    with HttpLine(at.url) as line:
        outcome = enrol(
            library, at.url, code.code, line, ensure_device_key(library), act(library), code.fingerprint
        )  # fmt: skip
    assert isinstance(outcome, EnrolledHere), outcome


def tick(browser: Browser, copy: ACopy, verdict: str, remark: str) -> None:
    browser.driver.find_element(By.CSS_SELECTOR, f'[name="v-{copy.id}"][value="{verdict}"]').click()
    browser.write(f"r-{copy.id}", remark)


def say_of_the_rest(browser: Browser, verdict: str) -> None:
    browser.find(f'#f-default option[value="{verdict}"]').click()


def answer(browser: Browser, letter_no: str) -> None:
    """From the form over the letter to the sent answer."""
    browser.write("letter_no", letter_no)
    browser.press("پیش‌نمایش نامه")
    assert letter_no in browser.text
    browser.press("فرستادن پاسخ")
    assert "فرستاده شد" in browser.text, browser.text


def test_minutes_are_ruled_in_the_browser_and_change_statuses(library: Library) -> None:
    copies = sent(library)
    with world() as at, open_browser() as browser:
        at.clock.now = MORNING
        enrolled(library, at)
        synchronise(library, at)

        browser.sign_in(at, "county")
        browser.open(at, "/minutes")
        browser.press("۱۴۰۵/۱")
        say_of_the_rest(browser, "approve")
        tick(browser, copies[0], "reject", "خوانندهٔ محلی دارد")
        answer(browser, "۷/۴۵")

        # The province rules before the library has heard of the county's answer.
        assert rows(library, Minutes)[0].state is MinutesState.AT_COUNTY
        browser.sign_in(at, "province")
        browser.open(at, "/minutes")
        browser.press("۱۴۰۵/۱")
        assert "خوانندهٔ محلی دارد" in browser.text
        say_of_the_rest(browser, "approve")
        tick(browser, copies[2], "redirect", "برای کتابخانهٔ دیگر خوب است")
        answer(browser, "۸/۱۲")

        synchronise(library, at)
        assert rows(library, Minutes)[0].state is MinutesState.RULED
        assert [one.done for one in rows(library, DirectiveAnswer)] == [True, True]
        assert {(one.level.value, one.verdict.value, one.letter_no) for one in rows(library, RulingRow)} == {
            ("county", "reject", "۷/۴۵"), ("county", "approve", "۷/۴۵"), ("province", "approve", "۸/۱۲"),
            ("province", "redirect", "۸/۱۲"),
        }  # fmt: skip
        closed(library)
        synchronise(library, at)
        statuses = [row(library, Item, copy.id).status for copy in copies]
        assert statuses == [ItemStatus.AVAILABLE, ItemStatus.WEEDED_WORN, ItemStatus.WEEDED_WORN]

        browser.open(at, "/archive?book=RAF-000002")
        assert "ویراست ۲" in browser.text
        browser.press("۱۴۰۵/۱")
        assert browser.text.count("کتابخانه ثبت کرد") == 0, "answers belong to the edition they were given to"
        assert "خوانندهٔ محلی دارد" in browser.text
