"""States of the correction of statuses, for the pictures."""

from collections.abc import Callable, Mapping, Sequence

from app.demo.queries import free_copies, worn_copies
from app.devices.scan import Scan, Source
from app.refusal import Answer
from app.weeding.facts import Proposal
from app.weeding.minutes.corrections import Correction
from app.weeding.service import propose
from db.codes import WeedingReason
from ui.session import Session
from ui.shooting import wait_until
from ui.weeding.page import WeedingPage
from ui.window import MainWindow

_SURE = Answer(confirm=frozenset({"weeding.not_worn", "weeding.unbindable_needed"}))


def _page(window: MainWindow) -> WeedingPage:
    page = window.open_page("weeding")
    if not isinstance(page, WeedingPage):
        raise TypeError(page)
    wait_until(lambda: not page.drafts.proposals.is_reading())
    page.show_correcting()
    return page


def _scan(page: WeedingPage, codes: Sequence[str]) -> None:
    for code in codes:
        page.on_scan(Scan(code, Source.KEYBOARD, code))
    wait_until(lambda: True)


def empty(_: Session, window: MainWindow) -> None:
    """No copy on the list yet."""
    _page(window)
    wait_until(lambda: True)


def _listed(session: Session, window: MainWindow) -> WeedingPage:
    """Copies that become missing, one on a draft, and a label that no copy carries."""
    with session.library.store.read() as reader:
        sound, worn = free_copies(reader), worn_copies(reader)
    propose(session.library, worn[0], Proposal(WeedingReason.WORN), session.act(), _SURE)
    page = _page(window)
    page.correcting.choose(Correction.MISSING)
    _scan(page, ("RAF-999999", *worn[:1], *sound[:6]))
    return page


def listed(session: Session, window: MainWindow) -> None:
    """What would become of each."""
    _listed(session, window)


def asked(session: Session, window: MainWindow) -> None:
    """Why, and yes?"""
    page = _listed(session, window)
    page.correcting.ask()
    wait_until(lambda: True)


def done(session: Session, window: MainWindow) -> None:
    """What was changed, and what stayed on the list."""
    page = _listed(session, window)
    page.correcting.ask()
    if page.correcting.entry is not None:
        page.correcting.entry.edit.setText("سیاههٔ مفقودی‌های ۱۳۹۸")
    page.correcting.panel.chosen.emit("yes")
    wait_until(lambda: not page.correcting.is_busy())


def worksheet(_: Session, window: MainWindow) -> None:
    """A range of the register, to be weeded as the worksheet of «نمایه» says."""
    page = _page(window)
    page.correcting.choose(Correction.WEEDED)
    page.correcting.card.range.set_values({"first": 1, "last": 40})
    page.correcting.take_range()
    wait_until(lambda: not page.correcting.is_busy())


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "weeding-correcting-empty": empty,
    "weeding-correcting": listed,
    "weeding-correcting-asked": asked,
    "weeding-correcting-done": done,
    "weeding-correcting-worksheet": worksheet,
}
