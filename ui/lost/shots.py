"""States of the page of losses, for pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.lost.claims import ClaimRequest, claim_returned
from app.circulation.lost.damage import DamageRequest, note_damage
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.demo.queries import free_copies, worn_copies
from app.devices.scan import Scan, Source
from app.members.queries import list_members
from app.refusal import Answer
from ui.lost.page import LostPage
from ui.session import Session
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]


def _page(window: MainWindow) -> LostPage:
    page = window.open_page("lost")
    if not isinstance(page, LostPage):
        raise TypeError("the window has another page under «lost»")
    return page


def _cases(session: Session) -> list[str]:
    """Lost, claimed, damaged and missing copies; the barcodes of those lent for it first."""
    library, act = session.library, session.act()
    with library.store.read() as reader:
        copies, worn = free_copies(reader), worn_copies(reader)
        members = [one for one in list_members(reader, act.day) if not one.overdue and not one.restricted][:4]
    everything = Answer(override=frozenset({"limit.total", "limit.item_type", "member.debt"}), reason="نمونه")
    lent = []
    for member, barcode in zip((*members, *members), copies[:8], strict=False):
        check_out(library, CheckoutRequest(member.member_no, barcode, answer=everything), act)
        lent.append(barcode)
    for barcode in lent[:3]:
        declare_lost(library, LostRequest(barcode, 850_000, "در اتوبوس جا ماند"), act)
    for barcode in lent[3:5]:
        claim_returned(library, ClaimRequest(barcode), act)
    note_damage(library, DamageRequest(worn[0], "جلد جدا شده و چند برگ خیس است"), act)
    note_damage(library, DamageRequest(lent[5], "برگ‌های ۲۰ تا ۲۴ پاره است", 300_000), act)
    for barcode in copies[12:14]:
        declare_lost(library, LostRequest(barcode), act)
    return lent


def _scan(page: LostPage, code: str) -> None:
    page.on_scan(Scan(code, Source.KEYBOARD, code))


def _empty(_: Session, window: MainWindow) -> None:
    _page(window)


def _list(session: Session, window: MainWindow) -> None:
    _cases(session)
    page = _page(window)
    page.list.view.choose_place(0)


def _claimed(session: Session, window: MainWindow) -> None:
    lent = _cases(session)
    _scan(_page(window), lent[3])


def _replace(session: Session, window: MainWindow) -> None:
    lent = _cases(session)
    page = _page(window)
    _scan(page, lent[0])
    page.card.buttons["replace"].click()


def _price(session: Session, window: MainWindow) -> None:
    lent = _cases(session)
    page = _page(window)
    _scan(page, lent[6])
    page.card.buttons["lose"].click()
    page.panel.chosen.emit("yes")


def _found(session: Session, window: MainWindow) -> None:
    lent = _cases(session)
    page = _page(window)
    _scan(page, lent[0])
    page.card.buttons["find"].click()
    page.panel.chosen.emit("yes")


def _damage(session: Session, window: MainWindow) -> None:
    lent = _cases(session)
    page = _page(window)
    _scan(page, lent[7])
    page.card.buttons["damage"].click()
    page.panel.chosen.emit("yes")


def _unknown(session: Session, window: MainWindow) -> None:
    _cases(session)
    _scan(_page(window), "RAF-999999")


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "lost-empty": _empty,
        "lost": _list,
        "lost-claimed": _claimed,
        "lost-replace": _replace,
        "lost-price": _price,
        "lost-found": _found,
        "lost-damage": _damage,
        "lost-unknown": _unknown,
    }
)
