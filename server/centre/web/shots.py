"""Pictures of every page, at the width of a desk and of a telephone, light and dark.

The tables of the pages (`SHOTS`) say what is photographed and who looks; `server.centre.pictures` says at which centre.
"""

import base64
import contextlib
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.centre import Centre
from app.review.accounts import AccountForm, open_account
from app.review.kept_accounts import account_named
from app.review.passwords import hash_password
from app.review.scopes import places
from app.review.second_factor import new_secret, seal
from db.codes import Role
from db.models.centre import Reviewer
from db.types import new_id
from server.centre.web import (
    accounts,
    archive,
    audit,
    auth,
    branches,
    cases,
    enrolling,
    exchange,
    exchange_gathered,
    minutes,
    overview,
    own_account,
    packages,
    publishing,
    queue,
    readers,
    supervision,
    union,
    union_merging,
    union_requests,
)
from server.centre.web.layout import cookie_name
from server.centre.web.pages import Shot
from server.centre.web.readers_pictures import reader_for_pictures
from server.centre.web.sessions import begin_session, end_sessions, find_session, strengthen

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

TABLES: tuple[Sequence[Shot], ...] = (
    auth.SHOTS, own_account.SHOTS, accounts.SHOTS, audit.SHOTS,
    queue.SHOTS, minutes.SHOTS, exchange.SHOTS, exchange_gathered.SHOTS, overview.SHOTS, archive.SHOTS,
    branches.SHOTS, enrolling.SHOTS, packages.SHOTS, cases.SHOTS, publishing.SHOTS, supervision.SHOTS,
    union.SHOTS, union_merging.SHOTS, union_requests.SHOTS, readers.SHOTS,
)  # fmt: skip
"""Every table of pictures."""
LONGEST_WAIT = 10
"""Seconds until a page must have come."""
MOST_PIXELS = 6_000
"""A longer page is cut here."""


@dataclass(frozen=True, slots=True)
class Dress:
    """How wide the page is in a round of pictures, and in which colours."""

    name: str
    width: int
    height: int
    dark: bool = False


DRESSES = (Dress("", 1366, 768), Dress("phone", 390, 844), Dress("dark", 1366, 768, dark=True))


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looks at the pages of the pictures."""

    name: str
    role: Role
    has_province: bool = False
    has_county: bool = False
    guarded: bool = True


READER = "reader"
"""A `Shot` with this user is looked at by a reader who has much in hand."""
LOOKERS: Mapping[str, Looker] = {
    "admin": Looker("لیلا صادقی", Role.ADMINISTRATOR),
    "county": Looker("مینا اکبری", Role.COUNTY_HEAD, has_province=True, has_county=True),
    "province": Looker("حمید رضایی", Role.PROVINCE_REVIEWER, has_province=True),
    "office": Looker("پریسا کیانی", Role.RESOURCES_OFFICE),
    "affairs": Looker("نادر شریفی", Role.LIBRARY_AFFAIRS, has_province=True, guarded=False),
    "senior": Looker("شیرین جعفری", Role.SENIOR_CATALOGUER, guarded=False),
    "cataloguer": Looker("بهرام یوسفی", Role.CATALOGUER, guarded=False),
    "auditor": Looker("مریم کاظمی", Role.AUDITOR, guarded=False),
}
"""By the user name that a `Shot` says."""


def people_for_pictures(centre: Centre) -> None:
    """Open the accounts that look, in the province and county of the first library, with passwords that nobody knows.
    Those that are there already stay as they are."""
    with centre.store.read() as reader:
        province, county = next(iter(places(reader)), ("", ""))
        missing = [name for name in LOOKERS if account_named(reader, name) is None]
    for user_name in missing:
        looker = LOOKERS[user_name]
        form = AccountForm(
            user_name, looker.name, looker.role, province if looker.has_province else "",
            county if looker.has_county else "",
        )  # fmt: skip
        with centre.write() as tx:
            made = open_account(tx, form, hash_password(uuid.uuid4().hex), centre.act(new_id(), Role.ADMINISTRATOR))
            sealed = seal(centre.keys, made, new_secret()) if looker.guarded else None
            tx.connection.execute(sa.update(Reviewer).where(Reviewer.id == made).values(must_change=False, totp=sealed))


def sign_in_for_picture(centre: Centre, user_name: str) -> str:
    """The token of a session of one of them, its second factor just given."""
    now = centre.now()
    if user_name == READER:
        seat = reader_for_pictures(centre)
        with centre.store.write() as tx:
            return begin_session(tx, now, seat)
    with centre.store.write() as tx:
        person = account_named(tx, user_name)
        if person is None:
            raise LookupError(user_name)
        end_sessions(tx, person.id)
        token = begin_session(tx, now, person.id)
        session = find_session(tx, token, now)
        return strengthen(tx, session, now)[0] if session and person.guarded else token


def take_shots(centre: Centre, address: str, out: Path, only: str = "") -> list[Path]:
    """Take the pictures whose name holds `only`; their paths. `address` is where this centre is served."""
    out.mkdir(parents=True, exist_ok=True)
    people_for_pictures(centre)
    taken = []
    with chromium() as driver:
        for dress in DRESSES:
            dress_page(driver, dress)
            for shot in chain.from_iterable(TABLES):
                name = f"web-{shot.name}-{dress.name}" if dress.name else f"web-{shot.name}"
                if only in name:
                    path = out / f"{name}.png"
                    path.write_bytes(take(driver, centre, address, shot, dress))
                    taken.append(path)
    return taken


def take(driver: "Chrome", centre: Centre, address: str, shot: Shot, dress: Dress) -> bytes:
    """One picture, of the whole length of the page."""
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    if shot.user is not None:
        token = sign_in_for_picture(centre, shot.user)
        cookie = {"name": cookie_name(auth.SESSION_COOKIE, secure=False), "value": token, "url": address}
        driver.execute_cdp_cmd("Network.setCookie", cookie)
    driver.get(address + (shot.path if isinstance(shot.path, str) else shot.path(centre)))
    if shot.steps is not None:
        before = driver.find_element("css selector", "html")
        shot.steps(driver)
        _wait_for_the_next_page(driver, before)
    length = driver.execute_script("return document.documentElement.scrollHeight")
    resize(driver, dress.width, min(max(length, dress.height), MOST_PIXELS))
    picture = base64.b64decode(driver.get_screenshot_as_base64())
    resize(driver, dress.width, dress.height)
    return picture


def _wait_for_the_next_page(driver: "Chrome", before: "WebElement") -> None:
    """Steps end with a form that is sent; a click does not wait for the answer."""
    from selenium.webdriver.support.expected_conditions import staleness_of
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(driver, LONGEST_WAIT).until(staleness_of(before))


def dress_page(driver: "Chrome", dress: Dress) -> None:
    """Give the page its size and colours."""
    resize(driver, dress.width, dress.height)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dress.dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def resize(driver: "Chrome", width: int, height: int) -> None:
    """Give the page a size, whatever that of the window."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@contextlib.contextmanager
def chromium() -> "Iterator[Chrome]":
    """A headless browser."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for switch in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(switch)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver") or ""))
    try:
        yield driver
    finally:
        driver.quit()
