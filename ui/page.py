"""What the window asks of a page. Every answer has a harmless default; a page overrides what it has."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from ui.keys import KeyHelp


class Group(IntEnum):
    """The parts of the navigation, from top to bottom; LAST is pinned to the lower edge."""

    DESK = 0
    COLLECTION = 1
    LAST = 2


@dataclass(frozen=True, slots=True)
class Action:
    """Something the command search can do, with its key if it has one."""

    title: str
    run: Callable[[], None]
    key: str = ""


class Page(QWidget):
    """Base of all pages; it is built when first shown."""

    def on_shown(self) -> None:
        """The page has come to the front: put the focus where the next scan goes, and query anew if stale."""

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A code from any scanner, whatever has the focus. A page that has no use for codes leaves them alone."""

    def on_escape(self) -> None:
        """Esc: close the question, or go on to the next member."""

    def show_subject(self, year: int, number: int) -> None:
        """Bring what a duty is about to the front: the paper «۱۴۰۵/۳», or season 3 of 1405."""

    def undo(self) -> None:
        """Ctrl+Z: take back the last action, and say so."""

    def key_help(self) -> tuple[KeyHelp, ...]:
        """The keys of this page for the overview."""
        return ()

    def commands(self) -> tuple[Action, ...]:
        """What the command search offers while this page is in front."""
        return ()


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page in the navigation. `make` is called once, when the page is first shown."""

    key: str
    title: str
    icon: str
    shortcut: str
    group: Group
    make: Callable[[], QWidget]
