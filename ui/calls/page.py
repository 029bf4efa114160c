"""The page that follows up late books: calls, reminders, and the numbers that must be asked for again."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from app.persian.digits import number
from ui.calls.calling import Calling
from ui.calls.cleaning import STORE, Cleaning
from ui.calls.late_card import OTHER_NUMBER
from ui.calls.reminding import EXPORT, LETTERS, MAKE, SENT, Reminding
from ui.calls.words import RESULT_KEYS
from ui.circulation.words import Said
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.banner import Banner
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)
STALE_AFTER = frozenset({"loans", "members", "items", "rules", "calls"})
KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3")


class CallsPage(Page):
    """Three lists, one in front; a paper lies over them until it is closed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self.banner = Banner()
        self.banner.hide()
        self.calling, self.reminding, self.cleaning = Calling(session), Reminding(session), Cleaning(session)
        self.preview = PaperPreview(session.jobs)
        self._parts: tuple[Calling | Reminding | Cleaning, ...] = (self.calling, self.reminding, self.cleaning)
        names = ("تماس دیرکرد", "یادآوری‌ها", "شماره‌های نادرست")
        self.tiles = tuple(StatTile(name, "۰", clickable=True, key=key) for name, key in zip(names, KEYS, strict=True))
        lists = QWidget()
        self._lists = Front(lists)
        for part in self._parts:
            self._lists.addWidget(part)
        front = QWidget()
        whole = column(row(*self.tiles, gap=12), self.banner, lists, gap=12)
        whole.setStretch(2, 1)
        front.setLayout(whole)
        over = QWidget()
        self._stack = Front(over)
        self._front = front
        for part_ in (front, self.preview):
            self._stack.addWidget(part_)
        self.setLayout(column(over, margins=MARGINS))
        self._connect()
        self.show_part(0)

    def on_shown(self) -> None:
        if self._stale:
            self._stale = False
            for part in self._parts:
                part.reload()
        if self._stack.currentWidget() is self._front:
            self._parts[self._lists.currentIndex()].setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A card chooses its reader on the call list."""
        if isinstance(scan, Unreadable):
            self._say(Said(Tone.REFUSE, "بارکد ناخوانا", ("دوباره اسکن کنید.",), Sound.REFUSED))
            return
        self.show_part(0)
        if not self.calling.choose(scan.text):
            detail = (f"{isolate(scan.text)} · در این فهرست نیست.",)
            self._say(Said(Tone.INFO, "دیرکردی برای این شماره ثبت نیست", detail, Sound.ATTENTION))

    def on_escape(self) -> None:
        if self._stack.currentWidget() is self.preview:
            self.preview.on_escape()
        elif not (self.calling.on_escape() or self.reminding.on_escape()):
            self.banner.hide()

    def undo(self) -> None:
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            for part in self._parts:
                part.reload()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self._stack.currentWidget() is self.preview:
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "تماس‌ها، یادآوری‌ها، شماره‌های نادرست"),
            KeyHelp(f"Alt+1 … {len(RESULT_KEYS)}", "نتیجهٔ تماس"),
            KeyHelp(OTHER_NUMBER, "شمارهٔ دیگر همین عضو"),
            KeyHelp(MAKE, "ساختن یادآوری‌های امروز"),
            KeyHelp(LETTERS, "چاپ نامه‌های یادآوری"),
            KeyHelp(EXPORT, "فهرست پیامک"),
            KeyHelp(SENT, "ارسال شد"),
            KeyHelp(STORE, "ثبت شمارهٔ تازه"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("فهرست تماس دیرکرد", lambda: self.show_part(0), KEYS[0]),
            Action("یادآوری‌ها", lambda: self.show_part(1), KEYS[1]),
            Action("شماره‌های نادرست", lambda: self.show_part(2), KEYS[2]),
            Action("ساختن یادآوری‌های امروز", self.reminding.make, MAKE),
        )

    def show_part(self, place: int) -> None:
        """Bring one of the three lists to the front."""
        self._stack.setCurrentWidget(self._front)
        self._lists.setCurrentIndex(place)
        self._lists.invalidate()
        for other, tile in enumerate(self.tiles):
            tile.set_chosen(other == place)
        self._parts[place].setFocus()

    @Slot(object)
    def _show_paper(self, paper: Paper) -> None:
        self._stack.setCurrentWidget(self.preview)
        self._stack.invalidate()
        self.preview.show_paper(paper)
        self.preview.setFocus()

    @Slot()
    def _close_paper(self) -> None:
        self.show_part(self._lists.currentIndex())

    @Slot(object)
    def _say(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _connect(self) -> None:
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda place=place: self.show_part(place))
        for part in self._parts:
            part.said.connect(self._say)
        calls, notices, numbers = self.tiles
        self.calling.counted.connect(lambda due, all_: calls.show_number(number(due), f"امروز، از {number(all_)} عضو"))
        self.reminding.counted.connect(lambda count: notices.show_number(number(count), "در نوبت ارسال"))
        self.cleaning.counted.connect(lambda count: numbers.show_number(number(count), "باید پرسیده شود"))
        self.reminding.printed.connect(self._show_paper)
        self.preview.closed.connect(self._close_paper)
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)
