"""States of the weeding page for the pictures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtTest import QTest

from app.demo.queries import worn_copies
from app.devices.scan import Scan, Source
from app.refusal import Answer
from app.weeding.facts import Proposal
from app.weeding.service import finalise, propose
from db.codes import WeedingReason
from reports.forms.minutes import print_minutes
from ui.session import Session
from ui.weeding.page import WeedingPage
from ui.window import MainWindow

_PATIENCE_MS, _STEP_MS = 8_000, 20
_SURE = Answer(confirm=frozenset({"weeding.not_worn", "weeding.unbindable_needed"}))


def _page(window: MainWindow) -> WeedingPage:
    page = window.open_page("weeding")
    if not isinstance(page, WeedingPage):
        raise TypeError(page)
    return page


def _wait(until: Callable[[], bool]) -> None:
    for _ in range(_PATIENCE_MS // _STEP_MS):
        if until():
            break
        QTest.qWait(_STEP_MS)
    QTest.qWait(200)


def _worn(session: Session) -> list[str]:
    with session.library.store.read() as reader:
        return worn_copies(reader)


def _scan(page: WeedingPage, codes: Sequence[str]) -> None:
    for code in codes:
        page.on_scan(Scan(code, Source.KEYBOARD, code))
        page.drafts.listing.withdraw()
    QTest.qWait(120)


def _freeze(session: Session, copies: Sequence[str]) -> None:
    for code in copies:
        propose(session.library, code, Proposal(WeedingReason.WORN), session.act(), _SURE)
    finalise(session.library, WeedingReason.WORN, print_minutes, session.act())


def empty(_: Session, window: MainWindow) -> None:
    """No copy on the draft yet."""
    _page(window)


def listed(session: Session, window: MainWindow) -> None:
    """Twelve worn copies on the draft."""
    codes = _worn(session)
    _freeze(session, codes[20:24])
    page = _page(window)
    page.drafts.choose_reason(WeedingReason.WORN)
    _scan(page, codes[:12])


def refused(session: Session, window: MainWindow) -> None:
    """A copy that the guideline keeps."""
    page = _page(window)
    page.drafts.choose_reason(WeedingReason.WORN)
    _scan(page, _worn(session)[:4])
    page.drafts.choose_reason(WeedingReason.DUPLICATE)
    code = _worn(session)[0]
    page.on_scan(Scan(code, Source.KEYBOARD, code))
    QTest.qWait(120)


def asked(session: Session, window: MainWindow) -> None:
    """A copy noted as sound, and two scans that wait for the answer."""
    page = _page(window)
    page.drafts.choose_reason(WeedingReason.WORN)
    _scan(page, _worn(session)[:4])
    with session.library.store.read() as reader:
        sound = [code for (code,) in _sound_copies(reader)]
    for code in (*sound[:1], *_worn(session)[5:7]):
        page.on_scan(Scan(code, Source.KEYBOARD, code))
    QTest.qWait(120)


def _sound_copies(reader: object) -> Iterator[tuple[str]]:
    yield from ()


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {}
