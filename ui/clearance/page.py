"""The clearance page: one reader, a whole list, and whether a certificate is genuine (000 §3-1-3)."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.clearance.queries import CertificateRow
from app.clearance.reads import PDF
from app.clearance.token import number_of, read_token
from app.devices.scan import Flaw, Scan, Unreadable
from app.persian.digits import number
from db.trouble import Trouble
from reports.clearance import TITLE
from ui.circulation.words import FLAWS, Said
from ui.clearance.checking import Checking
from ui.clearance.many import CERTIFY as CERTIFY_ALL
from ui.clearance.many import CHOOSE, LETTERS, REPORT, Many
from ui.clearance.one import CERTIFY, OPEN, One, certificate_facts
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)
KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3")
NAMES = ("یک عضو", "فهرست گروهی", "بررسی برگه")
WORDS = ("بررسی و صدور برگه", "از فایل اکسل یا متن", "اصل بودن برگه")
ONE, MANY, CHECKING = range(3)


class ClearancePage(Page):
    """Three parts, one in front; a paper lies over them until it is closed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self.banner = Banner()
        self.banner.hide()
        self.one, self.many, self.checking = One(session), Many(session), Checking(session)
        self.preview = PaperPreview(session.jobs)
        self._parts: tuple[One | Many | Checking, ...] = (self.one, self.many, self.checking)
        self.tiles = tuple(
            StatTile(name, words=words, clickable=True, key=key)
            for name, words, key in zip(NAMES, WORDS, KEYS, strict=True)
        )
        parts, over = QWidget(), QWidget()
        self._front = QWidget()
        self._places, self._stack = Front(parts), Front(over)
        for part in self._parts:
            self._places.addWidget(part)
        whole = column(row(*self.tiles, gap=12), self.banner, parts, gap=12)
        whole.setStretch(2, 1)
        self._front.setLayout(whole)
        for shown in (self._front, self.preview):
            self._stack.addWidget(shown)
        self.setLayout(column(over, margins=MARGINS))
        self._connect()
        self.show_part(ONE)

    def on_shown(self) -> None:
        if self._stale:
            self._stale = False
            self.one.reload()
        if self._stack.currentWidget() is self._front:
            self._parts[self._places.currentIndex()].setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A certificate is judged, wherever one is on the page; a card is checked. The square of a certificate is
        longer than any other code: it is only ever read as what it states."""
        if isinstance(scan, Scan) and number_of(scan.text) is None and read_token(scan.text) is None:
            self._take_card(scan)
        elif isinstance(scan, Scan):
            self._judge(scan.text)
        elif scan.reason is Flaw.TOO_LONG and read_token(scan.raw) is not None:
            self._judge(scan.raw)
        else:
            self._say(Said(Tone.REFUSE, "بارکد ناخوانا", (FLAWS[scan.reason],), Sound.REFUSED))

    def on_escape(self) -> None:
        if self._stack.currentWidget() is self.preview:
            self.preview.on_escape()
        elif not self._parts[self._places.currentIndex()].on_escape():
            self.banner.hide()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self._stack.currentWidget() is self.preview:
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "یک عضو، فهرست گروهی، بررسی برگه"),
            KeyHelp(CERTIFY, "صدور برگهٔ تسویه‌حساب، پس از بررسی"),
            KeyHelp(OPEN, "باز کردن برگهٔ برگزیده، یا گزینش فایل"),
            KeyHelp(CERTIFY_ALL, "صدور برگه برای همهٔ آماده‌های فهرست"),
            KeyHelp(LETTERS, "نامه به تسویه‌نشده‌ها"),
            KeyHelp(REPORT, "گزارش فهرست"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("تسویه‌حساب یک عضو", lambda: self.show_part(ONE), KEYS[ONE]),
            Action("تسویه‌حساب گروهی از فایل", lambda: self.show_part(MANY), KEYS[MANY]),
            Action("بررسی برگهٔ تسویه‌حساب", lambda: self.show_part(CHECKING), KEYS[CHECKING]),
            Action("گزینش فایل فهرست", self._choose_file, CHOOSE),
        )

    def show_part(self, place: int) -> None:
        """Bring one of the three parts to the front."""
        self._stack.setCurrentWidget(self._front)
        self._places.setCurrentIndex(place)
        for other, tile in enumerate(self.tiles):
            tile.set_chosen(other == place)
        self._parts[place].setFocus()

    @Slot(object)
    def open_certificate(self, certificate: CertificateRow) -> None:
        """Show the frozen paper of a certificate. Raises Trouble P-1105 when its bytes are gone."""
        with self._session.library.store.read() as reader:
            content = None if certificate.document_id is None else reader.one(PDF, document=certificate.document_id)
        if content is None:
            raise Trouble("P-1105", path=certificate.number)
        title = f"{TITLE} — شمارهٔ {number(certificate.number, grouped=False)}"
        self._show_paper(
            Paper(title, content, f"clearance-{certificate.number}.pdf", facts=certificate_facts(certificate))
        )

    def _take_card(self, scan: Scan) -> None:
        if self._stack.currentWidget() is self._front and self._places.currentIndex() == CHECKING:
            self.checking.take(scan.text)
            return
        self.show_part(ONE)
        self.banner.hide()
        self.one.take(scan.text)

    def _judge(self, text: str) -> None:
        self.show_part(CHECKING)
        self.checking.take(text)

    def _choose_file(self) -> None:
        self.show_part(MANY)
        self.many.choose_file()

    @Slot(object)
    def _show_paper(self, paper: Paper) -> None:
        self._stack.setCurrentWidget(self.preview)
        self.preview.show_paper(paper)
        self.preview.setFocus()

    @Slot()
    def _close_paper(self) -> None:
        self.show_part(self._places.currentIndex())

    @Slot(object)
    def _say(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail)
        self.banner.show()
        self._session.sounds.play(said.sound)

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or "members" in names

    def _connect(self) -> None:
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda place=place: self.show_part(place))
        self.one.said.connect(self._say)
        self.many.said.connect(self._say)
        self.one.opened.connect(self.open_certificate)
        self.many.printed.connect(self._show_paper)
        self.preview.closed.connect(self._close_paper)
        self._session.refresh.changed.connect(self._changed)
