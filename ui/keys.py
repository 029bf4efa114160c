"""The keys the window itself owns, and what the key overview says of them."""

from typing import NamedTuple


class KeyHelp(NamedTuple):
    """One line of the key overview: the key as printed on the keyboard, and what it does."""

    key: str
    text: str


COMMANDS = "Ctrl+K"
OVERVIEW = "F12"
UNDO = "Ctrl+Z"
ESCAPE = "Esc"
SWITCH, LOCK = "Ctrl+L", "Ctrl+Shift+L"
PAGE_KEYS = tuple(f"F{number}" for number in range(1, 10))

# Buttons show these keys but do not listen to them: the window hands them to the page.
WINDOW_KEYS = frozenset({COMMANDS, OVERVIEW, UNDO, ESCAPE, SWITCH, LOCK, *PAGE_KEYS})

WINDOW_HELP = (
    KeyHelp(ESCAPE, "عضو بعدی، یا بستن پرسش"),
    KeyHelp(UNDO, "واگرد آخرین کار"),
    KeyHelp(COMMANDS, "جستجوی صفحه و فرمان"),
    KeyHelp(OVERVIEW, "همین راهنمای کلیدها"),
    KeyHelp(SWITCH, "کاربر دیگری پشت میز می‌نشیند"),
    KeyHelp(LOCK, "قفل کردن میز"),
)
