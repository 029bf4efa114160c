"""States of the page of wishes, for pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.demo.queries import free_copies, rich_card
from app.devices.scan import Scan, Source
from db.codes import WishState
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow
from ui.wishes.page import WishesPage

Shot = Callable[[Session, MainWindow], None]


def _page(window: MainWindow) -> WishesPage:
    page = window.open_page("wishes")
    if not isinstance(page, WishesPage):
        raise TypeError(page)
    return page


def _scan(page: WishesPage, code: str) -> None:
    page.on_scan(Scan(code, Source.KEYBOARD, code))


def empty(_: Session, window: MainWindow) -> None:
    """Nobody has asked for anything."""
    _page(window)


def listed(_: Session, window: MainWindow) -> None:
    """What readers ask for; the library has the chosen one."""
    page = _page(window)
    held = next((place for place, row in enumerate(page.list.table.shown_rows()) if row.held), 0)
    page.list.view.choose_place(held)


def new(session: Session, window: MainWindow) -> None:
    """A reader asks at the desk; the library has such a title."""
    with session.library.store.read() as reader:
        card = rich_card(reader)
    page = _page(window)
    _scan(page, card or "")
    page.new.form.set_values({**page.new.form.values(), "title": "سووشون", "creator": "سیمین دانشور", "year": 1349})
    page.new.form.input("title").left.emit()


def asked(session: Session, window: MainWindow) -> None:
    """The library has it: shall it be written down all the same?"""
    new(session, window)
    _page(window).new.save()


def bought(session: Session, window: MainWindow) -> None:
    """The book has come; its label was scanned."""
    with session.library.store.read() as reader:
        label = free_copies(reader)[0]
    page = _page(window)
    listed(session, window)
    page.card.wanted.emit(WishState.BOUGHT)
    _scan(page, label)


def refused(session: Session, window: MainWindow) -> None:
    """It will not be bought."""
    page = _page(window)
    listed(session, window)
    page.card.wanted.emit(WishState.REFUSED)


def paper(_: Session, window: MainWindow) -> None:
    """The list to be printed."""
    page = _page(window)
    page.show_list()
    wait_until(lambda: page.preview.pictures.count() > 0)


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "wishes-empty": empty,
        "wishes": listed,
        "wishes-new": new,
        "wishes-asked": asked,
        "wishes-bought": bought,
        "wishes-refused": refused,
        "wishes-paper": paper,
    }
)
