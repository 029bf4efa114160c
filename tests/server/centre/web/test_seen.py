"""What is seen in a real browser: nothing cut off, nothing that axe finds wrong, everything by keyboard."""

import itertools
import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from server.centre.web.app import TABLES
from server.centre.web.layout import HERE
from tests.server.centre.web.browser import DRESSES, PHONE, Browser
from tests.server.centre.web.world import PASSWORD, World
from ui.theme import DARK, LIGHT, Theme

PLAIN = [
    page for page in itertools.chain.from_iterable(TABLES)
    if page.method == "GET" and "{" not in page.path and not page.for_members and page.path != "/"
]  # fmt: skip
LATIN = re.compile(r"[0-9]")
NAMES = re.compile(r"[a-zA-Z@][\w.@-]*")


@pytest.mark.parametrize("path", [page.path for page in PLAIN])
def test_axe_finds_nothing_nobody_scrolls_sideways_and_digits_are_persian(
    shared_world: World, browser: Browser, path: str
) -> None:
    if not path.startswith("/sign-in") or path == "/sign-in/again":
        browser.sign_in(shared_world, "admin")
    browser.open(shared_world, path)
    assert latin_digits(browser) == []
    for dress in DRESSES:
        browser.wear(dress)
        assert browser.find("h1").text, dress
        assert browser.faults() == [], dress
        assert not browser.is_wider_than_screen(), dress


def latin_digits(browser: Browser) -> list[str]:
    """Digits of another language in what is written on the page, names and codes apart."""
    text = browser.find("main").text
    for island in browser.all('main [dir="ltr"], main .ltr'):
        text = text.replace(island.text, "")
    return LATIN.findall(NAMES.sub("", text))


def test_style_and_fonts_are_loaded_and_the_line_runs_from_the_right(shared_world: World, browser: Browser) -> None:
    browser.complaints()
    browser.open(shared_world, "/sign-in")
    loaded = "return document.fonts.ready.then(() => document.fonts.check('16px Vazirmatn'))"
    assert browser.driver.execute_script(loaded) is True
    assert browser.find("html").get_attribute("dir") == "rtl"
    label, field = browser.find("label"), browser.find("input[name=user_name]")
    assert label.rect["x"] + label.rect["width"] == pytest.approx(field.rect["x"] + field.rect["width"], abs=2)
    assert browser.complaints() == []  # nothing that the policy had to stop


def test_one_signs_in_by_keyboard_alone(world: World, browser: Browser) -> None:
    browser.open(world, "/audit")
    type_on(browser, Keys.TAB)
    assert focused(browser).text == "رفتن به متن صفحه"
    while focused(browser).get_attribute("name") != "user_name":
        type_on(browser, Keys.TAB)
    type_on(browser, "admin", Keys.TAB, PASSWORD, Keys.ENTER)
    browser.wait_for("/sign-in/second")
    while focused(browser).get_attribute("name") != "code":
        type_on(browser, Keys.TAB)
    type_on(browser, world.code(), Keys.ENTER)
    browser.wait_for("/audit")
    assert "رویدادنامه" in browser.find("h1").text


def focused(browser: Browser) -> WebElement:
    """Where typing goes."""
    found: WebElement = browser.driver.switch_to.active_element
    return found


def type_on(browser: Browser, *keys: str) -> None:
    """Type wherever one is."""
    for key in keys:
        focused(browser).send_keys(key)


def test_account_is_made_and_closed_in_the_browser(world: World, browser: Browser) -> None:
    browser.sign_in(world, "admin")
    browser.open(world, "/accounts")
    browser.press("حساب تازه")
    browser.write("user_name", "reza.amini")
    browser.write("name", "رضا امینی")
    browser.find("select[name=role] option[value=auditor]").click()
    browser.press("ساختن حساب")
    assert "این گذرواژه دیگر نشان داده نمی‌شود." in browser.text
    browser.press("یادداشت کردم")
    browser.press("بستن حساب")
    assert "حساب «رضا امینی» بسته شد" in browser.find("[role=status]").text
    browser.open(world, "/accounts")
    assert browser.all("[role=status]") == []


@pytest.mark.parametrize("payload", ["<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "</title><b>"])
def test_hostile_name_is_shown_as_it_was_written(world: World, browser: Browser, payload: str) -> None:
    browser.sign_in(world, "admin")
    browser.open(world, "/accounts/new")
    browser.write("user_name", "hostile")
    browser.write("name", payload)
    browser.find("select[name=role] option[value=auditor]").click()
    browser.press("ساختن حساب")
    browser.press("یادداشت کردم")
    assert browser.find("h1").text == payload
    browser.open(world, "/accounts")
    assert payload in browser.text
    assert browser.all("main script, main img, main b") == []


def test_page_cannot_be_framed(world: World, browser: Browser) -> None:
    browser.sign_in(world, "admin")
    frame = f'<iframe id="f" src="{world.url}/accounts"></iframe>'
    browser.driver.get(f"data:text/html,{frame}")
    browser.driver.switch_to.frame(browser.find("#f"))
    shown = browser.driver.find_element(By.TAG_NAME, "body").text
    browser.driver.switch_to.default_content()
    assert "حساب‌ها" not in shown


def test_print_shows_the_page_without_what_is_around_it(shared_world: World, browser: Browser) -> None:
    browser.sign_in(shared_world, "admin")
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    browser.open(shared_world, "/accounts")
    shown = {css: browser.find(css).is_displayed() for css in ("main table", ".side", ".filters", ".actions")}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == {"main table": True, ".side": False, ".filters": False, ".actions": False}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_colours_are_those_of_the_window(theme: Theme) -> None:
    """The tokens of ui/theme.py, whose contrast a test of the window computes."""
    css = (HERE / "static" / "app.css").read_text(encoding="utf-8")
    light, _, dark = css.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", light if theme is LIGHT else dark.partition("@media")[0]))
    wanted = {name.replace("_", "-"): colour for name, colour in theme.roles().items()}
    assert {name: found[name] for name in wanted} == wanted


def test_style_speaks_of_start_and_end_only() -> None:
    """Logical properties: nothing of ours has to be mirrored by hand."""
    css = (HERE / "static" / "app.css").read_text(encoding="utf-8")
    assert (
        re.findall(r"(?:margin|padding|border)-(?:left|right)|[^-]\b(?:left|right):|text-align: (?:left|right)", css)
        == []
    )
    assert "@import" not in css
    assert "http" not in css


def test_navigation_of_a_telephone_opens_and_leads(shared_world: World, browser: Browser) -> None:
    browser.resize(*PHONE)
    browser.sign_in(shared_world, "admin")
    browser.open(shared_world, "/account")
    line = browser.find('.above a[href="/audit"]')
    assert not line.is_displayed()
    browser.find(".above summary").click()
    assert line.is_displayed()
    assert browser.faults() == []
    line.click()
    browser.wait_for("/audit")
