"""Every colour and size of the window, in two themes, and the one function that dresses the application in them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont

FAMILY = "Vazirmatn"
BASE_PT = 10.5
SMALL_PT = 9.0
_TABULAR_SPACING = 88.0  # the tabular digits of Vazirmatn stand wide apart
SCALES = (90, 100, 110, 125, 150, 175, 200)


class Tone(StrEnum):
    """What a coloured thing means. Colour never stands alone: a word and an icon go with it."""

    NEUTRAL = "neutral"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"


class Hue(NamedTuple):
    """The colours of a tone: text, the paper under it, the edge of that paper, and a dot (no text, contrast 3:1)."""

    ink: str
    paper: str
    edge: str
    dot: str


@dataclass(frozen=True, slots=True)
class Theme:
    """The colour of every role, as `#rrggbb`. A test holds each pair in `TEXT_ON` to a contrast of at least 4.5:1."""

    name: str
    background: str
    card: str
    ink: str
    muted: str
    line: str
    header: str  # strip above a table, quiet boxes
    hover: str
    selected: str
    primary: str
    primary_hover: str
    on_primary: str
    info: str
    info_soft: str
    amber: str
    amber_soft: str
    red: str
    red_soft: str
    green: str
    green_soft: str
    slate: str
    slate_soft: str
    amber_dot: str
    red_dot: str
    green_dot: str
    nav: str
    nav_ink: str
    nav_muted: str
    nav_line: str
    nav_on: str
    nav_on_ink: str

    def hue(self, tone: Tone) -> Hue:
        """The colours of a tone."""
        ink, paper, dot = (getattr(self, role) for role in _HUES[tone])
        return Hue(ink, paper, mixed(ink, paper, 0.22), dot)

    def roles(self) -> dict[str, str]:
        """Role name to colour, for the style sheet."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}


_HUES: Mapping[Tone, tuple[str, str, str]] = MappingProxyType(
    {
        Tone.NEUTRAL: ("slate", "slate_soft", "slate"),
        Tone.INFO: ("info", "info_soft", "primary"),
        Tone.OK: ("green", "green_soft", "green_dot"),
        Tone.WARN: ("amber", "amber_soft", "amber_dot"),
        Tone.REFUSE: ("red", "red_soft", "red_dot"),
    }
)

_SOFT = ("info_soft", "amber_soft", "red_soft", "green_soft", "slate_soft")
_PAPERS = ("background", "card", "header", "hover", "selected")

# Text role -> every paper it is written on.
TEXT_ON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ink": _PAPERS + _SOFT,
        "muted": _PAPERS + _SOFT,
        "primary": ("card", "background", "hover", "selected"),
        "on_primary": ("primary", "primary_hover"),
        "info": ("info_soft", "card"),
        "amber": ("amber_soft", "card", "hover", "selected"),
        "red": ("red_soft", "card", "hover", "selected"),
        "green": ("green_soft", "card", "hover", "selected"),
        "slate": ("slate_soft", "card"),
        "nav_ink": ("nav", "nav_on"),
        "nav_muted": ("nav", "nav_on"),
        "nav_on_ink": ("nav_on", "nav"),
    }
)

LIGHT = Theme(
    name="light",
    background="#F6F5F1",
    card="#FFFFFF",
    ink="#1F2A37",
    muted="#5B6472",
    line="#E3E1DA",
    header="#FBFAF7",
    hover="#F3F8F6",
    selected="#E3F1EE",
    primary="#0F6B5C",
    primary_hover="#0C5A4D",
    on_primary="#FFFFFF",
    info="#0B5A4D",
    info_soft="#E3F1EE",
    amber="#9A4A06",
    amber_soft="#FEF3E2",
    red="#B42318",
    red_soft="#FDECEA",
    green="#13703A",
    green_soft="#E7F6EC",
    slate="#475569",
    slate_soft="#EEF1F6",
    amber_dot="#D97706",
    red_dot="#DC2626",
    green_dot="#16A34A",
    nav="#12332E",
    nav_ink="#DCE8E5",
    nav_muted="#A9C0BA",
    nav_line="#2B544D",
    nav_on="#1E4A43",
    nav_on_ink="#FFFFFF",
)

DARK = Theme(
    name="dark",
    background="#141A19",
    card="#1C2423",
    ink="#E7ECEA",
    muted="#A6B2AF",
    line="#323E3B",
    header="#212B29",
    hover="#24302D",
    selected="#1B3A33",
    primary="#55C2AA",
    primary_hover="#6DD0BA",
    on_primary="#06231C",
    info="#9FDECF",
    info_soft="#183A33",
    amber="#F0B35E",
    amber_soft="#3A2B14",
    red="#F7A399",
    red_soft="#43211D",
    green="#7FD69B",
    green_soft="#18381F",
    slate="#C3CDD8",
    slate_soft="#2B343D",
    amber_dot="#F0B35E",
    red_dot="#F87171",
    green_dot="#4ADE80",
    nav="#0D1F1C",
    nav_ink="#D6E3DF",
    nav_muted="#9DB3AD",
    nav_line="#27433D",
    nav_on="#1B3C36",
    nav_on_ink="#FFFFFF",
)


@dataclass(frozen=True, slots=True)
class Look:
    """A theme at a scale (percent, 90 to 200): what painted widgets ask for sizes, fonts and colours."""

    theme: Theme = LIGHT
    scale: int = 100

    def px(self, pixels: float) -> int:
        """A length of the 100 % design at this scale, in device-independent pixels."""
        return max(1, round(pixels * self.scale / 100)) if pixels else 0

    def pt(self, points: float) -> float:
        """A font size at this scale."""
        return round(points * self.scale / 100, 2)

    def font(self, points: float = BASE_PT, *, bold: bool = False, tabular: bool = False) -> QFont:
        """The typeface; `tabular` gives all digits one width so that columns of numbers stand straight."""
        font = QFont(FAMILY)
        font.setPointSizeF(self.pt(points))
        font.setBold(bold)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _TABULAR_SPACING)
        return font


def contrast(first: str, second: str) -> float:
    """The WCAG 2 contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def mixed(over: str, under: str, share: float) -> str:
    """The colour seen when `over` lies on `under` with opacity `share`."""
    top, bottom = QColor(over), QColor(under)
    channels = zip((top.red(), top.green(), top.blue()), (bottom.red(), bottom.green(), bottom.blue()), strict=True)
    return "#{:02X}{:02X}{:02X}".format(*(round(share * a + (1 - share) * b) for a, b in channels))


def _luminance(colour: str) -> float:
    value = QColor(colour)
    red, green, blue = (_linear(part) for part in (value.redF(), value.greenF(), value.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
