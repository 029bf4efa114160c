"""A real headless Chromium for pages: what is seen, what is clicked, and what axe says of it."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.server.centre.web.world import World

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],  # of what is right it need not tell every place
}
DESKTOP, PHONE = (1366, 768), (360, 740)
DRESSES = {"desktop": (DESKTOP, False), "phone": (PHONE, False), "dark": (DESKTOP, True)}
"""The size of the page, and whether the computer is set to dark colours."""
SECONDS, LOOK_AGAIN = 10, 0.02
AXE = Axe()
ASK_AXE = "axe.run(arguments[0]).then(arguments[1])"


@dataclass
class Browser:
    """The browser and the world it looks at."""

    driver: webdriver.Chrome

    def forget(self) -> None:
        """No cookie of anybody."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.resize(*DESKTOP)
        self.dark(on=False)

    def resize(self, width: int, height: int) -> None:
        """The size of the page, not of the window around it."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def dark(self, *, on: bool) -> None:
        """Whether the computer is set to dark colours. They come at once: halfway they are no colours of ours."""
        wishes = {"prefers-color-scheme": "dark" if on else "light", "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def wear(self, dress: str) -> None:
        """Show the page that lies open, which has no program of its own, in another dress."""
        (width, height), dark = DRESSES[dress]
        self.resize(width, height)
        self.dark(on=dark)
        inside = self.driver.execute_script("return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]")
        assert inside == [width, dark]

    def sign_in(self, world: World, user_name: str) -> None:
        """Be signed in as somebody, without the way there."""
        cookie = {"name": "pishkhan-session", "value": world.token(user_name), "url": world.url, "httpOnly": True}
        self.driver.execute_cdp_cmd("Network.setCookie", cookie | {"sameSite": "Strict"})

    def open(self, world: World, path: str) -> None:
        """Go to a page."""
        self.driver.get(world.url + path)

    def find(self, css: str) -> WebElement:
        """The first element."""
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        """All elements."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def write(self, name: str, text: str) -> None:
        """Fill a field of a form."""
        field = self.find(f'[name="{name}"]:not([hidden])')
        field.clear()
        field.send_keys(text)

    def press(self, words: str) -> None:
        """Press the button or link with these words, and wait for the page that comes."""
        xpath = f'//button[normalize-space()="{words}"] | //a[normalize-space()="{words}"]'
        before = self.find("html")
        self.driver.find_element(By.XPATH, xpath).click()
        WebDriverWait(self.driver, SECONDS, LOOK_AGAIN).until(lambda _: self._is_gone(before))

    def wait_for(self, path: str) -> None:
        """Wait until a page lies open."""
        WebDriverWait(self.driver, SECONDS, LOOK_AGAIN).until(lambda driver: urlsplit(driver.current_url).path == path)

    @staticmethod
    def _is_gone(element: WebElement) -> bool:
        try:
            element.is_enabled()
        except Exception:  # noqa: BLE001 - selenium has several words for a page that went
            return True
        return False

    @property
    def text(self) -> str:
        """What is written on the page."""
        return self.find("body").text

    def complaints(self) -> list[str]:
        """What the browser has complained of since it was asked last: files missing, things the policy stopped."""
        told: list[dict[str, Any]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [line["message"] for line in told]

    def is_wider_than_screen(self) -> bool:
        """Whether one must scroll sideways."""
        return bool(self.driver.execute_script("return document.documentElement.scrollWidth > window.innerWidth + 1"))

    def faults(self) -> list[str]:
        """What axe finds wrong."""
        if not self.driver.execute_script("return 'axe' in window"):
            self.driver.execute_script(AXE.axe_script)
        found: dict[str, Any] = self.driver.execute_async_script(ASK_AXE, RULES)
        return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium. Skips where it is not installed."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("no chromium and chromedriver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=fa"):
        options.add_argument(switch)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield Browser(started)
    finally:
        started.quit()
