"""States of the page of other libraries for the pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.circulation.copy_editing import send_copy
from app.circulation.elsewhere import SightingForm, close_sighting, foreign_copies, see_return, send_home
from app.clock import SettableClock
from app.demo.neighbours import answer_request, claim_copy, know_records
from app.demo.queries import free_copies
from app.devices.scan import Scan, Source
from app.exchange.libraries import LibraryForm, set_library
from app.union.asking import Requested, ask, withdraw
from db.codes import BranchKind
from ui.network.page import ASKED, AWAY, CATALOGUING, NetworkPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]
FERDOWSI, KHAYYAM = "کتابخانهٔ عمومی فردوسی", "کتابخانهٔ عمومی خیام"
SEEN = (
    ("FRD-001207", FERDOWSI, 21, ""),
    ("KHN-000451", KHAYYAM, 12, "جلد کمی خیس شده"),
    ("FRD-003310", FERDOWSI, 6, ""),
    ("MSH-00872", None, 3, "مهر ناخوانا"),
    ("KHN-002018", KHAYYAM, 0, ""),
)
REQUESTS = (
    "دیوان میرزا حبیب، چاپ سنگی، بی ناشر و سال",
    "داستان‌های کوتاه شهرستان، گردآوری دبیرستان فردوسی، ۱۳۵۴",
    "راهنمای گیاهان دشت اراک، جهاد کشاورزی",
    "کلیدر، جلد پنجم، چاپ نخست",
)


def _page(window: MainWindow) -> NetworkPage:
    page = window.open_page("network")
    if not isinstance(page, NetworkPage):
        raise TypeError(page)
    return page


def _pass_days(session: Session, days: int) -> None:
    clock = session.library.clock
    if isinstance(clock, SettableClock):
        clock.advance(days=days)


def _seen(session: Session) -> None:
    library, known = session.library, []
    for name, city in ((FERDOWSI, "خمین"), (KHAYYAM, "محلات")):
        form = LibraryForm(name, BranchKind.INSTITUTIONAL, county=city, licence_no="۱", address="میدان شهرداری")
        set_library(library, form, session.act())
    for place, (barcode, of, days, remark) in enumerate(SEEN):
        see_return(library, SightingForm(barcode, of, remark or None), session.act())
        _pass_days(session, days - (SEEN[place + 1][2] if place + 1 < len(SEEN) else 0))
    with library.store.read() as reader:
        known = foreign_copies(reader)
    for one in known[:2]:
        close_sighting(library, one.id, session.act())


def empty(_: Session, window: MainWindow) -> None:
    """Nothing of others stands here."""
    _page(window)


def strangers(session: Session, window: MainWindow) -> None:
    """Copies of other libraries; one has just been scanned into its parcel."""
    _seen(session)
    page = _page(window)
    page.on_scan(Scan(SEEN[2][0], Source.KEYBOARD, SEEN[2][0]))
    page.strangers.list.view.choose_place(1)


def arriving(session: Session, window: MainWindow) -> None:
    """A label that nobody noted yet."""
    _seen(session)
    page = _page(window)
    page.on_scan(Scan("KHN-001166", Source.KEYBOARD, "KHN-001166"))


def parcels(session: Session, window: MainWindow) -> None:
    """What to pack, on paper."""
    _seen(session)
    send_home(session.library, SEEN[4][0], session.act())
    page = _page(window)
    page.strangers.print_list()
    wait_until(page.shows_paper)
    wait_until(lambda: page.preview.pictures.count() > 0)


def away(session: Session, window: MainWindow) -> None:
    """Our copies at other libraries: brought back there, sent there, in dispute."""
    with session.library.store.read() as reader:
        copies = free_copies(reader)
    send_copy(session.library, copies[0], FERDOWSI, session.act())
    _pass_days(session, 9)
    claim_copy(session.library, KHAYYAM)
    claim_copy(session.library, FERDOWSI, lent=False)
    claim_copy(session.library, KHAYYAM, disputed=True)
    _pass_days(session, 4)
    _page(window).show_part(AWAY)


def asked(session: Session, window: MainWindow) -> None:
    """Requests for records: waiting, answered with a record, answered with words, taken back."""
    library = session.library
    know_records(library)
    for place, description in enumerate(REQUESTS):
        made = ask(library, description, session.act())
        if not isinstance(made, Requested):
            raise TypeError(made)
        if place == 0:
            withdraw(library, made.request_id, session.act())
        elif place < 3:
            answer_request(library, made.request_id, found=place == 2)
        _pass_days(session, 3)
    page = _page(window)
    page.show_part(ASKED)
    page.asked.list.view.choose_place(1)


def asking(session: Session, window: MainWindow) -> None:
    """A record is asked for once more."""
    asked(session, window)
    page = _page(window)
    page.asked.list.view.choose_place(2)
    page.asked.ask_again()


def cataloguing(session: Session, window: MainWindow) -> None:
    """A record beside the book in hand: two of the three signs are ticked."""
    know_records(session.library)
    page = _page(window)
    page.show_part(CATALOGUING)
    page.cataloguing.box.edit.setText("دولت آبادی")
    page.cataloguing.search("دولت آبادی")
    page.cataloguing.hits.view.choose_place(0)
    for sign in list(page.cataloguing.card.signs.values())[:2]:
        sign.tick.setChecked(True)


def copy_form(session: Session, window: MainWindow) -> None:
    """The record was taken: the copy is entered."""
    cataloguing(session, window)
    page = _page(window)
    for sign in page.cataloguing.card.signs.values():
        sign.tick.setChecked(True)
    page.cataloguing.take_record()
    page.on_scan(Scan("RAF-009001", Source.KEYBOARD, "RAF-009001"))


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "network-empty": empty,
        "network": strangers,
        "network-arriving": arriving,
        "network-parcels": parcels,
        "network-away": away,
        "network-asked": asked,
        "network-asking": asking,
        "network-cataloguing": cataloguing,
        "network-copy-form": copy_form,
    }
)
