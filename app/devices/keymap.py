"""From a key event to the character a scanner meant, whatever keyboard layout the desk has switched on.

A scanner that plays keyboard "types" on a US keyboard. Under the Persian layout `RAF-001234` arrives as Persian
letters, but the scan code still names the key that was struck, so the character is read from there. Only where a
platform gives no scan code (remote desktops) are the Persian letters folded back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from app.persian import digits

X11_OFFSET: Final = 8  # X11 and Wayland: key code = Linux evdev code + 8; the evdev code is the PC set-1 scan code
WINDOWS_OFFSET: Final = 0  # Windows hands out the set-1 scan code itself


class Role(Enum):
    """What a key does at a scanner, apart from the modifiers held with it."""

    CHARACTER = auto()
    """Any key that is nothing of the below, arrows and function keys as well."""
    END = auto()
    """Enter or Tab: what scanners send after a code."""
    MODIFIER = auto()
    """Shift, Ctrl, Alt … pressed by itself."""
    F13 = auto()
    """A key no desk keyboard has: what a scanner may be set to send before a code."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key going down or up.

    `scan_code` is the number the platform gives (0 where it gives none), `time_ms` any 32-bit millisecond count that
    grows from key to key, `alt` stands for Alt and Meta.
    """

    scan_code: int
    text: str
    time_ms: int
    shift: bool = False
    control: bool = False
    alt: bool = False
    auto_repeat: bool = False
    role: Role = Role.CHARACTER

    @property
    def chord(self) -> bool:
        """Whether it is struck together with a modifier that makes a command of it."""
        return self.control or self.alt

    @property
    def identity(self) -> str:
        """The same for the press and the release of one key."""
        return str(self.scan_code) if self.scan_code else f"{self.role.name} {self.text}"


def _rows(rows: Mapping[int, str]) -> dict[int, str]:
    return {first + i: char for first, row in rows.items() for i, char in enumerate(row)}


MAIN_BLOCK = _rows(
    {2: "1234567890-=", 16: "qwertyuiop[]", 30: "asdfghjkl;'`", 43: "\\", 44: "zxcvbnm,./", 57: " "},
)
_KEYPAD = _rows({71: "789-456+1230."})
_US_SHIFT = dict(zip("1234567890-=[];'`,./\\", '!@#$%^&*()_+{}:"~<>?|', strict=True))

_PLAIN: Final = MappingProxyType(MAIN_BLOCK | _KEYPAD)
_SHIFTED: Final = MappingProxyType({code: _US_SHIFT.get(c, c.upper()) for code, c in MAIN_BLOCK.items()} | _KEYPAD)
_F13_CODES: Final = MappingProxyType({X11_OFFSET: 183, WINDOWS_OFFSET: 100})

# The Persian standard layout (ISIRI 9147), key by key; digits are folded separately. Left out are the keys whose
# Persian sign is also a sign of the US layout (Shift+O and Shift+P give brackets): a code with those is refused, not
# guessed. Shift+B gives the zero-width non-joiner, which from a scanner can only mean B.
_PERSIAN_KEYS: Final = MappingProxyType(
    dict(zip("ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو", "qwertyuiop[]asdfghjkl;'zxcvbnm,", strict=True))
    | dict(zip("\u0652\u064c\u064d\u064b\u064f\u0650\u064e\u0651", "QWERTYUI", strict=True))
    | dict(zip("ؤئيإأآة»«", "ASDFGHJKL", strict=True))
    | dict(zip("ك\u0653ژ\u0670\u200c\u0654ء", "ZXCVBNM", strict=True))
    | dict(zip("\ufdfc\u066a\u0640", "$%_", strict=True)),
)


def character(key: Key, offset: int) -> str:
    """The one character this key types on a US keyboard, or "" for a key that types none."""
    table = _SHIFTED if key.shift else _PLAIN
    by_scan_code = table.get(key.scan_code - offset)
    if by_scan_code is not None:
        return by_scan_code
    text = digits.to_latin(key.text)
    if text in _PERSIAN_KEYS:
        return _PERSIAN_KEYS[text]
    return text if len(text) == 1 and text.isprintable() else ""


def is_f13(key: Key, offset: int) -> bool:
    """Whether this is F13, also on X11, whose default keymap calls that key by another name."""
    return key.role is Role.F13 or key.scan_code - offset == _F13_CODES.get(offset)


def is_stx(key: Key, offset: int) -> bool:
    """Whether this is the STX control character (Ctrl+B), under any layout."""
    return key.control and (key.text == "\x02" or character(key, offset) in ("b", "B"))
