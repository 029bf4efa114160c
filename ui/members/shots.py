"""The states of the members page, for pictures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import gettempdir
from types import MappingProxyType

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from app.circulation.alerts import AlertForm, add_alert
from app.devices.scan import Scan, Source
from app.library import Library
from app.members.incidents import IncidentForm, add_incident
from app.members.photos import set_photo
from app.members.restrictions import BanForm, restrict
from app.members.service import add_member, edit_member, form_of
from app.members.web_code import CodeGiven
from app.refusal import Answer
from db.codes import AlertWeight, MemberState
from reports.web_code import CodePaper
from ui.members.details import Chosen
from ui.members.page import MembersPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]


def _page(window: MainWindow) -> MembersPage:
    page = window.open_page("members")
    if not isinstance(page, MembersPage):
        raise TypeError("the window has another page under «members»")
    return page


def _list(_: Session, window: MainWindow) -> None:
    _page(window)


def _chosen(_: Session, window: MainWindow) -> None:
    page = _page(window)
    busiest = max(page.people.members.table.shown_rows(), key=lambda member: (member.overdue, member.open_loans))
    page.on_scan(Scan(busiest.member_no, Source.KEYBOARD, ""))


def _typed(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.people.box.edit.setText("احمدی")
    page.people.box.typed.emit("احمدی")
    page.people.members.view.choose_place(0)


def _unknown(_: Session, window: MainWindow) -> None:
    _page(window).on_scan(Scan("M-999999", Source.KEYBOARD, ""))


def _form(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.new_member()
    page.form.form.set_values(
        {
            "given_name": "مریم",
            "family_name": "",
            "category": "child",
            "national_id": "0012345678",
            "birth_date": date(2017, 5, 4),
            "mobile": "0861 223 4455",
            "guardian": "زهرا احمدی",
        }
    )
    page.form.save_member()


def _asked(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.new_member()
    page.form.form.set_values(
        {"given_name": "گل‌محمد", "family_name": "حیدری", "category": "ordinary", "national_id": "0012345678"}
    )
    page.form.save_member()
    page.on_scan(Scan("M-000185", Source.KEYBOARD, ""))


def _cards(_: Session, window: MainWindow) -> None:
    """A member with a lost card; the next card touched will be theirs."""
    page = _page(window)
    member = page.people.members.table.row_at(3)
    page.people.choose(member.id)
    for number in ("0013161961", "04A1B2C3D4E5F6"):
        page.people.show_cards()
        page.on_scan(Scan(number, Source.CARD, number))
    page.people.cards.lost.click()
    page.people.show_cards()


def _busy(page: MembersPage) -> None:
    busiest = max(page.people.members.table.shown_rows(), key=lambda member: (member.overdue, member.open_loans))
    page.people.choose(busiest.id)


def _doing(name: str, key: str = "") -> Shot:
    """What stands in the place of the card; with `key` the question that begins there."""

    def shot(session: Session, window: MainWindow) -> None:
        page = _page(window)
        _busy(page)
        _prepare(session, page)
        page.do(name)
        if key:
            getattr(page.people.sides[name], key).click()

    return shot


def _prepare(session: Session, page: MembersPage) -> None:
    """Give the chosen member notes, a ban, an incident and a photograph."""
    library, act, chosen = session.library, session.act(), page.people.details.chosen()
    if chosen is None:
        raise LookupError("nobody is chosen")
    number = chosen.card.member.member_no
    add_alert(library, AlertForm("کیف او در انبار امانات است.", number, weight=AlertWeight.CONFIRM), act)
    add_alert(library, AlertForm("کتاب سفارشی‌اش رسیده است؛ با او تماس بگیرید.", number), act)
    restrict(library, BanForm(number, "بی‌نظمی در تالار مطالعه", act.day + timedelta(20)), act)
    add_incident(library, IncidentForm(number, "کتاب مرجع را از تالار بیرون برد."), act)
    set_photo(library, number, _face(), act)
    _keep_history(library, chosen, session)
    session.refresh.tell("members")
    page.on_shown()


def _keep_history(library: Library, chosen: Chosen, session: Session) -> None:
    """The chosen member wants the history kept, and has one paper handed in."""
    form = replace(chosen.form, keep_history=True, phone="02833221100", education="کارشناسی ادبیات")
    edit_member(library, chosen.card.member.id, form, session.act(), Answer(confirm=frozenset({"member.mobile"})))


def _face() -> bytes:
    """A drawn face: pictures of people have no place in a demo."""
    image = QImage(360, 480, QImage.Format.Format_RGB32)
    image.fill(QColor("#cfe3ea"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, place in (
        ("#3f6f86", (40, 330, 280, 260)),
        ("#e2b48f", (110, 110, 140, 190)),
        ("#4a3528", (100, 80, 160, 90)),
    ):
        painter.setBrush(QColor(colour))
        painter.drawEllipse(*place)
    painter.end()
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return bytes(kept.data())


def _edit(session: Session, window: MainWindow) -> None:
    page = _page(window)
    _busy(page)
    _prepare(session, page)
    page.edit_member()


def _pending(_: Session, window: MainWindow) -> None:
    """Somebody who waits for a letter, as the card tells it."""
    page = _page(window)
    member = page.people.members.table.row_at(5)
    page.people.choose(member.id)
    chosen = page.people.details.chosen()
    if chosen is not None:
        card = replace(chosen.card, member=replace(chosen.card.member, state=MemberState.PENDING))
        page.people.details.show_member(replace(chosen, card=card, missing=("عکس ۳ در ۴", "رونوشت شناسنامه")))


def _photo_empty(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.people.choose(page.people.members.table.row_at(4).id)
    page.do("photo")
    page.people.photo.take_file(Path("/nowhere/photo.jpg"))


def _cards_asked(_: Session, window: MainWindow) -> None:
    page = _page(window)
    _busy(page)
    page.print_cards()


def _cards_paper(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.people.narrow("احمدی")
    page.print_cards()
    if page.asking.form is not None:
        page.asking.form.input("start").set_value("3")
    page.panel.chosen.emit("yes")
    wait_until(lambda: page.preview.pictures.count() > 0)


def _web_code_asked(_: Session, window: MainWindow) -> None:
    page = _page(window)
    _busy(page)
    page.give_web_code()


def _web_code(session: Session, window: MainWindow) -> None:
    """The slip, as of a library that has joined a centre."""
    page = _page(window)
    _busy(page)
    member = page.people.members.view.chosen()[0]
    until = session.act().day + timedelta(days=30)
    given = CodeGiven(
        member.id, member.given_name, member.family_name, member.card or member.member_no, "48213-90657",
        "https://markaz.example/my", until,
    )  # fmt: skip
    page.print_web_code(given, CodePaper.A6)
    wait_until(lambda: page.preview.pictures.count() > 0)


def _twice(session: Session, window: MainWindow) -> MembersPage:
    """Somebody is written a second time, with another hand."""
    page = _page(window)
    for place in (2, 7, 11):
        member = page.people.members.table.row_at(place)
        with session.library.store.read() as reader:
            known = form_of(reader, member.id)
        if known is not None:
            again = replace(known, national_id=None, card=None, member_no=None, expires_on=None, joined_on=None)
            sure = Answer(confirm=frozenset({"member.mobile"}))
            add_member(session.library, again, session.act(), sure, free=True)
    session.refresh.tell("members")
    page.on_shown()
    page.show_twins()
    return page


def _twins(session: Session, window: MainWindow) -> None:
    _twice(session, window)


def _merging(session: Session, window: MainWindow) -> None:
    _twice(session, window).twins.merge.click()


def _taking_in(_: Session, window: MainWindow) -> None:
    _page(window).show_taking_in()


def _taken_in(session: Session, window: MainWindow) -> None:
    page = _page(window)
    page.show_taking_in()
    file = Path(gettempdir()) / "دانشجویان-ترم-مهر.csv"
    category = next(iter(session.library.categories.values()))
    file.write_text(
        "ردیف,نام,نام خانوادگی,کد ملی,نوع عضویت,تلفن همراه\n"
        f"۱,سیمین,دانشور,0012345679,{category},09121112233\n"
        f"۲,جلال,آل احمد,0499370899,{category},\n"
        f"۳,بزرگ,علوی,0012345678,{category},\n"
        f"۴,,هدایت,,{category},\n"
        "۵,صادق,چوبک,,استاد مهمان,\n",
        encoding="utf-8",
    )
    page.taking_in.take_file(file)
    wait_until(lambda: not session.jobs.open_jobs())


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "members": _list,
        "members-chosen": _chosen,
        "members-typed": _typed,
        "members-unknown": _unknown,
        "members-form": _form,
        "members-asked": _asked,
        "members-cards": _cards,
        "members-menu": _doing("menu"),
        "members-edit": _edit,
        "members-renew": _doing("renew"),
        "members-notes": _doing("notes"),
        "members-note-asked": _doing("notes", "add"),
        "members-bans": _doing("bans"),
        "members-ban-asked": _doing("bans", "ban"),
        "members-contacts": _doing("contacts"),
        "members-contact-asked": _doing("contacts", "add"),
        "members-history": _doing("history"),
        "members-photo": _doing("photo"),
        "members-photo-empty": _photo_empty,
        "members-pending": _pending,
        "members-print-asked": _cards_asked,
        "members-print": _cards_paper,
        "members-web-code-asked": _web_code_asked,
        "members-web-code": _web_code,
        "members-twins": _twins,
        "members-merging": _merging,
        "members-taking-in": _taking_in,
        "members-taken-in": _taken_in,
    }
)
