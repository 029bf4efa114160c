"""The page of a package with all its forms, as a browser shows it, and its work by keyboard."""

import contextlib
import uuid
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from app.exchange.giving import Allocated, allocate_copies
from app.exchange.leaving import send_on
from app.exchange.packing import NO_LETTER, announce, hand, pack
from app.exchange.requests import Asking, request_copies
from app.library import Library
from db.codes import BranchKind
from tests.app.exchange.weeded import CONTENT, WORN, a_library, weeded
from tests.app.review.centres import told
from tests.library import MORNING, act, found
from tests.server.centre.web.browser import DRESSES, LOOK_AGAIN, SECONDS, Browser
from tests.server.centre.web.world import World
from tests.server.centre.web.world import world as a_world


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, uuid.UUID]]]:
    """A package in the county with something put aside and requests that wait; worn copies at county and province."""
    library = found(tmp_path_factory.mktemp("library"))
    with contextlib.ExitStack() as stack:
        stack.enter_context(library.store)
        world = stack.enter_context(a_world())
        world.clock.now = MORNING
        packages = {"exchange": _exchange(library), "at the province": _worn(library, on=True)}
        packages["worn"] = _worn(library)
        told(world.centre, library)
        yield world, packages


def _exchange(library: Library) -> uuid.UUID:
    copies = weeded(library, 4, CONTENT)
    packed = pack(library, CONTENT, act(library))
    package: uuid.UUID = packed.package.id  # type: ignore[union-attr]
    hand(library, package, NO_LETTER, act(library))
    announce(library, package, act(library))
    first = a_library(library, "کتابخانهٔ عمومی شهید دستغیب روستای کرهرود سفلی")
    request_copies(library, package, Asking(first, (copies[0].barcode,)), act(library))
    assert isinstance(allocate_copies(library, package, act(library)), Allocated)
    for name, kind in (("کتابخانهٔ مشارکتی مهر", BranchKind.PARTICIPATORY), ("مستقل", BranchKind.INDEPENDENT)):
        request_copies(library, package, Asking(a_library(library, name, kind)), act(library))
    return package


def _worn(library: Library, *, on: bool = False) -> uuid.UUID:
    weeded(library, 2, WORN)
    packed = pack(library, WORN, act(library))
    package: uuid.UUID = packed.package.id  # type: ignore[union-attr]
    hand(library, package, NO_LETTER, act(library))
    if on:
        send_on(library, package, NO_LETTER, act(library))
    return package


@pytest.mark.parametrize(
    ("user", "package"), [("county", "exchange"), ("county", "worn"), ("province", "at the province")]
)
def test_its_forms_are_good_for_everybody(
    held: tuple[World, dict[str, uuid.UUID]], browser: Browser, user: str, package: str
) -> None:
    world, packages = held
    browser.sign_in(world, user)
    browser.open(world, f"/exchange/{packages[package]}")
    for dress in DRESSES:
        browser.wear(dress)
        assert browser.find("form[action*=steps]"), dress
        assert browser.faults() == [], dress
    browser.wear("phone")
    assert not browser.is_wider_than_screen()


def test_a_proposal_is_confirmed_by_keyboard_and_is_on_its_way(
    held: tuple[World, dict[str, uuid.UUID]], browser: Browser
) -> None:
    world, packages = held
    browser.sign_in(world, "county")
    browser.open(world, f"/exchange/{packages['exchange']}")
    while browser.driver.switch_to.active_element.text != "تأیید این تخصیص":
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    before = browser.find("html")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(browser.driver, SECONDS, LOOK_AGAIN).until(staleness_of(before))
    assert "«تخصیص به کتابخانه‌ها» برای" in browser.find("[role=status]").text
    assert "در راه کتابخانه" in browser.text
    assert browser.all("form[action*='steps/allot']") == [], "it is not sent twice"
