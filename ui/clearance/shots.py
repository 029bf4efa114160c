"""States of the clearance page, for pictures."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from app.clearance.queries import latest_certificates
from app.clearance.service import ClearRequest, clear
from app.devices.scan import Scan, Source
from app.members.queries import MemberRow, list_members
from db.codes import MemberState
from reports.clearance import print_certificate
from ui.clearance.page import CHECKING, MANY, ClearancePage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]
REASONS = ("فراغت از تحصیل", "انتقال به شهر دیگر", "پایان دورهٔ عضویت")


def _page(window: MainWindow) -> ClearancePage:
    page = window.open_page("clearance")
    if not isinstance(page, ClearancePage):
        raise TypeError("the window has another page under «clearance»")
    return page


def _people(session: Session) -> tuple[list[MemberRow], list[MemberRow]]:
    """Those with nothing in hand, and those with loans and debts."""
    with session.library.store.read() as reader:
        members = [one for one in list_members(reader, session.act().day) if one.state is MemberState.ACTIVE]
    free = [one for one in members if not one.open_loans and one.debt <= 0]
    return free, sorted(members, key=lambda one: (one.debt, one.open_loans), reverse=True)


def _certificates(session: Session) -> None:
    for place, member in enumerate(_people(session)[0][:9]):
        reason = REASONS[place % len(REASONS)]
        clear(session.library, ClearRequest(member.member_no, reason), print_certificate, session.act())


def _scan(page: ClearancePage, code: str) -> None:
    page.on_scan(Scan(code, Source.KEYBOARD, code))


def _empty(_: Session, window: MainWindow) -> None:
    _page(window)


def _free(session: Session, window: MainWindow) -> None:
    _certificates(session)
    _scan(_page(window), _people(session)[0][0].member_no)


def _refused(session: Session, window: MainWindow) -> None:
    _certificates(session)
    _scan(_page(window), _people(session)[1][0].member_no)


def _paper(session: Session, window: MainWindow) -> None:
    page = _page(window)
    _scan(page, _people(session)[0][0].member_no)
    page.one.panel.chosen.emit("yes")
    wait_until(lambda: page.preview.pictures.count() > 0)


def _many_empty(_: Session, window: MainWindow) -> None:
    _page(window).show_part(MANY)


def _list_file(session: Session) -> Path:
    free, owing = _people(session)
    path = Path(tempfile.gettempdir()) / "دانش‌آموختگان.csv"
    numbers = [
        *(one.member_no for one in free[:8]),
        *(one.member_no for one in owing[:5]),
        "98765432",
        free[0].member_no,
    ]
    path.write_text("ردیف,شماره عضویت\n" + "\n".join(f"{n},{no}" for n, no in enumerate(numbers, 1)), encoding="utf-8")
    return path


def _many(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.show_part(MANY)
    page.many.open_file(_list_file(session))
    wait_until(lambda: not session.jobs.open_jobs())


def _many_asked(session: Session, window: MainWindow) -> None:
    _many(session, window)
    _page(window).many.ask()


def _many_done(session: Session, window: MainWindow) -> None:
    _many_asked(session, window)
    _page(window).many.panel.chosen.emit("yes")
    wait_until(lambda: not session.jobs.open_jobs())


def _letters(session: Session, window: MainWindow) -> None:
    _many(session, window)
    page = _page(window)
    page.many.print_letters()
    wait_until(lambda: page.preview.pictures.count() > 0)


def _damaged(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.show_part(MANY)
    file = Path(tempfile.gettempdir()) / "list.xlsx"
    file.write_bytes(b"PK\x03\x04 no workbook")
    page.many.open_file(file)
    wait_until(lambda: not session.jobs.open_jobs())


def _verified(session: Session, window: MainWindow) -> None:
    _certificates(session)
    page = _page(window)
    with session.library.store.read() as reader:
        code = latest_certificates(reader)[0].code
    _scan(page, code)


def _forged(session: Session, window: MainWindow) -> None:
    _certificates(session)
    page = _page(window)
    page.show_part(CHECKING)
    page.checking.take("TS000001-AAAA")


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "clearance-empty": _empty,
        "clearance": _free,
        "clearance-refused": _refused,
        "clearance-paper": _paper,
        "clearance-many-empty": _many_empty,
        "clearance-many": _many,
        "clearance-many-asked": _many_asked,
        "clearance-many-done": _many_done,
        "clearance-letters": _letters,
        "clearance-damaged": _damaged,
        "clearance-verified": _verified,
        "clearance-forged": _forged,
    }
)
