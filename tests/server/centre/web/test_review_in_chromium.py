"""Pages of reviewers as a browser shows them: nothing cut, nothing wider than a telephone, nothing axe finds."""

from collections.abc import Iterator

import pytest

from tests.library import MORNING
from tests.server.centre.reviewed import Reviewed, license_libraries, reviewed
from tests.server.centre.web.browser import DRESSES, PHONE, Browser
from tests.server.centre.web.world import World
from tests.server.centre.web.world import world as a_world


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Reviewed]]:
    with reviewed(tmp_path_factory.mktemp("libraries")) as made, a_world() as world:
        world.clock.now = MORNING
        made.tell(world.centre)
        license_libraries(world.centre)
        yield world, made


PAGES = {
    "queue": ("county", "/minutes"),
    "minutes": ("county", "/minutes/{worn}"),
    "minutes of the province": ("province", "/minutes/{at_province}"),
    "board": ("county", "/exchange"),
    "package": ("county", "/exchange/{package-اراک}"),
    "package at the province": ("province", "/exchange/{package-ساوه}"),
    "packages held": ("county", "/exchange/held"),
    "handovers": ("province", "/exchange/handovers?year=1405&quarter=3"),
    "overview": ("province", "/overview"),
    "report": ("province", "/overview/reports/{report}"),
    "archive": ("province", "/archive"),
    "supervision": ("affairs", "/supervision"),
    "branches": ("province", "/branches"),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_good_for_everybody(seen: tuple[World, Reviewed], browser: Browser, name: str) -> None:
    world, made = seen
    user, path = PAGES[name]
    browser.sign_in(world, user)
    browser.open(world, path.format(**made.ids))
    for dress in DRESSES:
        browser.wear(dress)
        assert browser.find("h1").text, dress
        assert browser.faults() == [], dress
    browser.wear("phone")
    assert not browser.is_wider_than_screen()


def test_a_draft_is_kept_by_keyboard_and_mouse_and_the_letter_is_good(
    seen: tuple[World, Reviewed], browser: Browser
) -> None:
    world, made = seen
    browser.sign_in(world, "county")
    browser.open(world, f"/minutes/{made.ids['worn']}")
    browser.find('#f-default option[value="reject"]').click()
    browser.write("default_remark", "فضای مخزن هست")
    browser.write("letter_no", "۷/۳")
    browser.press("نگه داشتن پیش‌نویس")
    assert "پیش‌نویس پاسخ نگه داشته شد" in browser.text
    assert browser.find("[name=default_remark]").get_attribute("value") == "فضای مخزن هست"
    browser.press("پیش‌نمایش نامه")
    assert browser.text.count("فضای مخزن هست") == 7
    assert browser.faults() == []
    browser.resize(*PHONE)
    assert not browser.is_wider_than_screen()
