"""States of the desk page for the pictures."""

import datetime as dt
import io
from collections.abc import Callable, Mapping

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.accounts.charges import Charge, charge
from app.catalogue.queries import search_titles
from app.circulation.alerts import AlertForm, add_alert
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.reads import find_item, find_member
from app.demo.centre import know_centre
from app.demo.queries import card_with_loans, free_copies, late_card, parent_card, rich_card
from app.items.form import ItemForm
from app.items.service import add_item
from app.members.form import MemberForm
from app.members.photos import set_photo
from app.members.queries import open_loans
from app.members.service import add_member
from app.refusal import Answer
from app.weeding.minutes.corrections import Correction, StatusCorrection, correct_statuses
from db.codes import AlertMoment, AlertWeight, ItemFlag, LedgerKind
from ui.circulation import words
from ui.circulation.desk import DeskPage
from ui.session import Session
from ui.shooting import wait_until
from ui.typing import type_code
from ui.window import MainWindow


def _desk(window: MainWindow) -> DeskPage:
    page = window.open_page("desk")
    if not isinstance(page, DeskPage):
        raise TypeError(page)
    return page


def _scan(window: MainWindow, code: str) -> None:
    type_code(window.windowHandle(), code)
    QTest.qWait(60)


def _write(window: MainWindow, text: str) -> None:
    focused = window.focusWidget()
    if isinstance(focused, QLineEdit):
        focused.setText(text)


def _known(session: Session, loans: int) -> tuple[str, list[str]]:
    with session.library.store.read() as reader:
        card = card_with_loans(reader, loans, session.act().day)
        copies = free_copies(reader)
    if card is None:
        raise RuntimeError("nobody in the demo library has that many books")
    return card, copies


def _late(session: Session) -> str:
    with session.library.store.read() as reader:
        return late_card(reader) or ""


def _portrait() -> bytes:
    """A face as a child draws it: nobody's photograph lies in the repository."""
    from PIL import Image, ImageDraw

    picture, written = Image.new("RGB", (360, 480), "#9DB8AE"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.ellipse((40, 300, 320, 700), fill="#3E6259")
    draw.ellipse((110, 110, 250, 300), fill="#E7C9AE")
    draw.pieslice((100, 90, 260, 270), 180, 360, fill="#4A3527")
    picture.save(written, "PNG")
    return written.getvalue()


def ready(_: Session, window: MainWindow) -> None:
    """Nobody on screen; what waits has been counted."""
    page = _desk(window)
    wait_until(page.side.day.counted)


def lent(session: Session, window: MainWindow) -> None:
    """A book has just been lent."""
    _desk(window)
    card, copies = _known(session, 2)
    _scan(window, card)
    _scan(window, copies[0])


def returned(session: Session, window: MainWindow) -> None:
    """A late book has just come back: its fine, and what can be noted of it."""
    page = _desk(window)
    page.select_member(_late(session))
    barcode = page.loans.table.row_at(0).barcode
    window.escape()
    _scan(window, barcode)


def refused(session: Session, window: MainWindow) -> None:
    """A loan beyond the limit, with scans waiting."""
    _desk(window)
    card, copies = _known(session, 3)
    _scan(window, card)
    for copy in copies[:3]:
        _scan(window, copy)
    for copy in copies[3:5]:
        _scan(window, copy)


def weeded(session: Session, window: MainWindow) -> None:
    """A weeded copy that stood in the stacks: the alarm, and the way back."""
    code = "RAF-ANBAR-1"
    with session.library.store.read() as reader:
        like = find_item(reader, free_copies(reader)[0])
    if like is not None:
        add_item(session.library, like.title_id, ItemForm(barcode=code), session.act())
    came = StatusCorrection(Correction.WEEDED, (code,), reason="کد ۳ «نمایه»")
    correct_statuses(session.library, came, session.act())
    _desk(window)
    _scan(window, code)


def override(session: Session, window: MainWindow) -> None:
    """The reason for lifting a rule: with a key, in one's own words, for the rest of the visit."""
    refused(session, window)
    page = _desk(window)
    page.panel.chosen.emit(words.OVERRIDE)
    _write(window, "برای نمایشگاه مدرسه می‌خواهد")


def question(session: Session, window: MainWindow) -> None:
    """A copy with parts that is still on another card, and a note on its new reader."""
    library, act = session.library, session.act()
    card, copies = _known(session, 2)
    with library.store.read() as reader:
        item = find_item(reader, copies[0])
    if item is None:
        raise RuntimeError("a free copy is known")
    parts = ItemForm(flags=(ItemFlag.PARTS,), parts="لوح فشرده، دفترچهٔ تمرین")
    added = add_item(library, item.title_id, parts, act)
    barcode = added.item.barcode if hasattr(added, "item") else ""
    add_alert(library, AlertForm("کارت دانشجویی‌اش را ببینید", card, weight=AlertWeight.CONFIRM), act)
    counted = Answer(confirm=frozenset({"item.parts"}))
    check_out(library, CheckoutRequest(_known(session, 1)[0], barcode, answer=counted), act)
    _desk(window)
    _scan(window, card)
    _scan(window, barcode)


def unknown(session: Session, window: MainWindow) -> None:
    """A code nobody knows."""
    _desk(window)
    _scan(window, _known(session, 1)[0])
    _scan(window, "RAF-999999")


def strange(session: Session, window: MainWindow) -> None:
    """A code nobody knows, where there are other libraries to come from."""
    know_centre(session.library, silent=dt.timedelta(minutes=4))
    _desk(window)
    _scan(window, "KHN-000451")


def guest(session: Session, window: MainWindow) -> None:
    """Who carries the card of another library."""
    strange(session, window)
    _desk(window).strangers.ask_guest("KHN-1204")


def foreign(session: Session, window: MainWindow) -> None:
    """A copy of another library was brought back here."""
    strange(session, window)
    _desk(window).strangers.ask_return("KHN-000451", "کتابخانهٔ عمومی فردوسی")


def fast(session: Session, window: MainWindow) -> None:
    """The short record of a book nobody has catalogued, and its loan."""
    unknown(session, window)
    page = _desk(window)
    page.offer_fast()
    _write(window, "راهنمای باغبانی دیم")


def several(session: Session, window: MainWindow) -> None:
    """Several copies answer to the ISBN that was typed."""
    library, act = session.library, session.act()
    with library.store.read() as reader:
        titles = search_titles(reader, "قصه", 40, library.store.dialect.name)
    title = next(title for title in titles if title.isbn)
    for _ in range(2):
        add_item(library, title.id, ItemForm(), act)
    page = _desk(window)
    _scan(window, _known(session, 2)[0])
    page.box.submitted.emit(title.isbn or "")


def search(_: Session, window: MainWindow) -> None:
    """A title typed in the scan box."""
    page = _desk(window)
    page.box.edit.setText("شازده")
    page.box.typed.emit("شازده")


def late(session: Session, window: MainWindow) -> None:
    """A reader with late books and a debt."""
    _desk(window).select_member(_late(session))


def rich(session: Session, window: MainWindow) -> None:
    """A reader of the demo library with everything at once, as the story left them."""
    with session.library.store.read() as reader:
        card = rich_card(reader)
    _desk(window).select_member(card or "")


def parent(session: Session, window: MainWindow) -> None:
    """A parent of the demo library, whose children borrow too."""
    with session.library.store.read() as reader:
        card = parent_card(reader)
    _desk(window).select_member(card or "")


def full(session: Session, window: MainWindow) -> None:
    """A reader with a photograph, a debt, notes, a late book, a hold that is ready, others in line, and children."""
    library, act = session.library, session.act()
    card, copies = _known(session, 2)
    set_photo(library, card, _portrait(), act)
    anyway = Answer(override=frozenset({"hold.on_shelf"}), reason="برای نمایش")
    for barcode in copies[:2]:
        place_hold(library, PlaceRequest(card, item=barcode, answer=anyway), act)
    check_in(library, CheckinRequest(copies[0]), act)
    check_out(library, CheckoutRequest(card, copies[3], out_on=act.day - dt.timedelta(days=40)), act)
    charge(library, Charge(card, LedgerKind.CARD_FEE, 45_000, "کارت المثنی"), act)
    add_alert(library, AlertForm("کلید کمد ۱۲ نزد اوست", card, moment=AlertMoment.ALWAYS), act)
    _children(session, card)
    _desk(window).select_member(card)


def _children(session: Session, card: str) -> list[str]:
    """Two children of the reader, one with a book."""
    cards = []
    with session.library.store.read() as reader:
        parent = find_member(reader, card)
    for place, name in enumerate(("آوا", "کیان")):
        family = parent.family_name if parent else ""
        form = MemberForm(name, family, "child", f"CH-{place}", guardian_member=card)
        add_member(session.library, form, session.act(), free=True)
        cards.append(form.card or "")
    check_out(session.library, CheckoutRequest(cards[0], _known(session, 2)[1][5]), session.act())
    return cards


def household(session: Session, window: MainWindow) -> None:
    """Who of the household may borrow on this card."""
    card = _known(session, 2)[0]
    _children(session, card)
    page = _desk(window)
    page.select_member(card)
    page.visitors.ask_household()


def child(session: Session, window: MainWindow) -> None:
    """A book for a child on a parent's card."""
    household(session, window)
    page = _desk(window)
    reader = page.at_desk.reader
    if reader is not None:
        page.panel.chosen.emit(str(reader.in_care[0].card.member.id))
    _scan(window, _known(session, 2)[1][7])


def notes(session: Session, window: MainWindow) -> None:
    """The notes on a reader, and a new one."""
    full(session, window)
    _desk(window).visitors.ask_notes(None)


def drop_date(_: Session, window: MainWindow) -> None:
    """When the books of the box came back."""
    _desk(window).modes.ask_book_drop()


def book_drop(session: Session, window: MainWindow) -> None:
    """A box of returns of yesterday, two books already back."""
    page = _desk(window)
    page.modes.ask_book_drop()
    page.panel.chosen.emit((session.act().day - dt.timedelta(days=1)).isoformat())
    with session.library.store.read() as reader:
        member = find_member(reader, _known(session, 3)[0])
        loans = open_loans(reader, member.id) if member else []
    for loan in loans[:2]:
        _scan(window, loan.barcode)


def modes(_: Session, window: MainWindow) -> None:
    """Everything that can be otherwise than usual."""
    _desk(window).modes.ask()


def why(session: Session, window: MainWindow) -> None:
    """The rules of a loan beside the list."""
    page = _desk(window)
    page.select_member(_known(session, 3)[0])
    page.loans.view.choose_place(1)
    page.show_why(page.loans.table.row_at(1))


def renewed(session: Session, window: MainWindow) -> None:
    """All loans renewed, but one that somebody waits for."""
    library, act = session.library, session.act()
    page = _desk(window)
    card = _known(session, 3)[0]
    page.select_member(card)
    place_hold(library, PlaceRequest(_known(session, 1)[0], item=page.loans.table.row_at(0).barcode), act)
    page.renew_all()


def lost(session: Session, window: MainWindow) -> None:
    """The chosen book is lost."""
    page = _desk(window)
    page.select_member(_late(session))
    page.loan_deeds.lose(page.loans.table.row_at(0))


def slip(session: Session, window: MainWindow) -> None:
    """The slip of a reader before it is printed."""
    page = _desk(window)
    page.select_member(_known(session, 3)[0])
    if page.at_desk.reader is not None:
        page.show_slip(page.at_desk.reader)
    QTest.qWait(1_500)


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "desk-ready": ready,
    "desk-lent": lent,
    "desk-returned": returned,
    "desk-refused": refused,
    "desk-weeded": weeded,
    "desk-override": override,
    "desk-question": question,
    "desk-unknown": unknown,
    "desk-strange": strange,
    "desk-guest": guest,
    "desk-foreign": foreign,
    "desk-fast": fast,
    "desk-several": several,
    "desk-search": search,
    "desk-late": late,
    "desk-full": full,
    "desk-rich": rich,
    "desk-parent": parent,
    "desk-household": household,
    "desk-child": child,
    "desk-notes": notes,
    "desk-drop-date": drop_date,
    "desk-book-drop": book_drop,
    "desk-modes": modes,
    "desk-why": why,
    "desk-renewed": renewed,
    "desk-lost": lost,
    "desk-slip": slip,
}
