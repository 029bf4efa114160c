"""What every page wears: templates with their Persian filters, navigation by role, and the word of the page before."""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from starlette.responses import Response

from app import labels
from app.catalogue.call_number import display
from app.clock import TEHRAN, day_of
from app.persian import jalali
from app.persian.digits import number, percent, to_persian
from app.refusal import Refusal
from app.review.scopes import ReviewerFacts
from app.wording import way_out, why
from db.codes import Role
from server.centre.web.sessions import ReaderSeat

HERE = Path(__file__).parent
RESOURCES = HERE.parents[2] / "resources"
TYPES = {".css": "text/css; charset=utf-8", ".ttf": "font/ttf", ".svg": "image/svg+xml"}
TOLD_COOKIE = "told"
MINUTE, HOUR = 60, 3_600
MIRRORED = frozenset({"arrow-back-up", "list-check", "truck-delivery", "logout", "history"})
"""Icons that point along the line: turned over from right to left."""


@dataclass(frozen=True, slots=True)
class Told:
    """A word for the next page: tone ok, info, warn or refuse."""

    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal in words."""

    why: str
    way_out: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the navigation, and who sees it."""

    path: str
    label: str
    icon: str
    lets: Callable[[Role], bool]
    for_members: bool = False


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages use."""

    content: bytes
    kind: str


@cache
def shipped_assets() -> Mapping[str, Asset]:
    """Style sheets of our own and the fonts of the program, by their name below /static/."""
    ours = {path.name: path for path in (HERE / "static").iterdir()}
    fonts = {path.name: path for path in (RESOURCES / "fonts").glob("*.ttf")}
    return {name: Asset(path.read_bytes(), TYPES[path.suffix]) for name, path in (ours | fonts).items()}


@dataclass
class Layout:
    """The templates, dressed. `secret` seals what a browser carries from one page to the next."""

    secret: bytes
    nav: Sequence[NavItem] = ()
    assets: Mapping[str, Asset] = field(default_factory=shipped_assets)

    def __post_init__(self) -> None:
        self._box = SecretBox(hashlib.blake2b(b"told", key=self.secret, digest_size=32).digest())
        self._templates = templates(self.assets)

    def render(
        self, template: str, always: Mapping[str, object], refused: Sequence[Refusal], facts: Mapping[str, object]
    ) -> str:
        """The page of a template."""
        said = [Said(why(refusal), way_out(refusal)) for refusal in refused]
        return self._templates.get_template(template).render(**always, refused=said, **facts)

    def navigation(self, signed: ReviewerFacts | None, reader: ReaderSeat | None) -> list[NavItem]:
        """The lines this person sees."""
        if reader is not None:
            return [item for item in self.nav if item.for_members]
        if signed is None:
            return []
        return [item for item in self.nav if not item.for_members and item.lets(signed.role)]

    def keep_told(self, told: Told, *, secure: bool) -> Callable[[Response], None]:
        """What lets the browser carry a word to the next page, sealed."""
        sealed = base64.urlsafe_b64encode(self._box.encrypt(msgspec.json.encode(told))).decode()
        return lambda response: response.set_cookie(
            cookie_name(TOLD_COOKIE, secure=secure), sealed, max_age=MINUTE, httponly=True, secure=secure,
            samesite="strict", path="/",
        )  # fmt: skip

    def read_told(self, sealed: str) -> Told | None:
        """The word the browser carried; None when it is not ours."""
        try:
            return msgspec.json.decode(self._box.decrypt(base64.urlsafe_b64decode(sealed)), type=Told)
        except (CryptoError, ValueError, msgspec.DecodeError):
            return None


def cookie_name(name: str, *, secure: bool) -> str:
    """Bound to this very host where the connection is encrypted."""
    return f"__Host-pishkhan-{name}" if secure else f"pishkhan-{name}"


def templates(assets: Mapping[str, Asset]) -> jinja2.Environment:
    """The environment: everything escaped, nothing undefined passes."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(FILTERS)
    made.globals["icon_svg"] = icon_svg
    made.globals["asset"] = lambda name: f"/static/{name}?v={hashlib.sha256(assets[name].content).hexdigest()[:12]}"
    return made


@cache
def icon_svg(name: str) -> Markup:
    """An icon of the family, in the colour of its text; a word always stands beside it."""
    svg = (RESOURCES / "icons" / f"{Path(name).name}.svg").read_text(encoding="utf-8")
    shape = svg[svg.index(">") + 1 :]
    kind = "icon turned" if name in MIRRORED else "icon"
    opening = (
        f'<svg class="{kind}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
    )
    return Markup(opening + shape)  # noqa: S704 - a file of ours


def label(value: StrEnum | None) -> str:
    """The Persian words of a coded value."""
    return "—" if value is None else label_tables()[type(value)][value]


@cache
def label_tables() -> Mapping[type, Mapping[Any, str]]:
    """The tables of `app.labels` by the enum they are of."""
    tables: dict[type, Mapping[Any, str]] = {}
    for table in vars(labels).values():
        if isinstance(table, dict) and table and isinstance(first := next(iter(table)), StrEnum):
            tables.setdefault(type(first), table)
    return tables


def moment(at: dt.datetime | None) -> str:
    """«۹ دی ۱۴۰۵، ۱۰:۲۴» in Tehran."""
    if at is None:
        return "—"
    return f"{jalali.day_month_year(day_of(at))}، {clock_time(at)}"


def clock_time(at: dt.datetime) -> str:
    """«۱۰:۲۴» in Tehran."""
    return to_persian(f"{at.astimezone(TEHRAN):%H:%M}")


def ago(at: dt.datetime | None, now: dt.datetime) -> str:
    """«۵ دقیقه پیش», «۳ ساعت پیش», «۶ روز پیش»."""
    if at is None:
        return "هرگز"
    seconds = max((now - at).total_seconds(), 0)
    if seconds < MINUTE:
        return "هم‌اکنون"
    if seconds < HOUR:
        return f"{number(int(seconds // MINUTE))} دقیقه پیش"
    if seconds < 24 * HOUR:
        return f"{number(int(seconds // HOUR))} ساعت پیش"
    return f"{number(int(seconds // (24 * HOUR)))} روز پیش"


def _or_dash(say: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "—" if value is None else say(value)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "number": _or_dash(number),
    "plain": _or_dash(lambda n: number(n, grouped=False)),
    "fa": _or_dash(lambda text: to_persian(str(text))),
    "day": _or_dash(jalali.day_month_year),
    "long_day": _or_dash(jalali.long),
    "short": _or_dash(jalali.short),
    "moment": moment,
    "clock": _or_dash(clock_time),
    "ago": ago,
    "percent": percent,
    "label": label,
    "class_no": _or_dash(lambda text: display(text, "")),
}
