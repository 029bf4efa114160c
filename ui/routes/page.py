"""The van and the post: the calendar of visits, the desk at a stop, parcels on their way (004 الف-2، الف-3)."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from app.persian.digits import number
from app.routes.reads import StopRow
from ui.circulation.words import Said
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.routes.planning import CANCEL, DONE, LEND, LIST, MOVE, NEW, PACK, Planning
from ui.routes.posting import LABELS, PostingPart
from ui.routes.stop_desk import ASSIGN, SLIP, StopDesk
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.banner import Banner
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)
STALE_AFTER = frozenset({"loans", "members", "items", "rules", "routes"})
KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3")
PLANNING, DESK, POST = 0, 1, 2


class RoutesPage(Page):
    """Three parts, one in front; a paper lies over them until it is closed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self.banner = Banner()
        self.banner.hide()
        self.planning, self.desk, self.posting = Planning(session), StopDesk(session), PostingPart(session)
        self.preview = PaperPreview(session.jobs)
        self._parts: tuple[Planning | StopDesk | PostingPart, ...] = (self.planning, self.desk, self.posting)
        names = ("بازدیدهای سیار", "امانت در ایستگاه", "پست و پیک")
        self.tiles = tuple(StatTile(name, "۰", clickable=True, key=key) for name, key in zip(names, KEYS, strict=True))
        lists, over, self._work = QWidget(), QWidget(), QWidget()
        self._lists, self._stack = Front(lists), Front(over)
        for part in self._parts:
            self._lists.addWidget(part)
        whole = column(row(*self.tiles, gap=12), self.banner, lists, gap=12)
        whole.setStretch(2, 1)
        self._work.setLayout(whole)
        self._stack.addWidget(self._work)
        self._stack.addWidget(self.preview)
        self.setLayout(column(over, margins=MARGINS))
        self._connect()
        self.show_part(PLANNING)

    def on_shown(self) -> None:
        if self._stale:
            self._reload()
        if self._stack.currentWidget() is self._work:
            self._parts[self._lists.currentIndex()].setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A code goes to the parcels while they are in front, else to the desk of the van."""
        if isinstance(scan, Unreadable):
            self._say(Said(Tone.REFUSE, "بارکد ناخوانا", ("دوباره اسکن کنید.",), Sound.REFUSED))
        elif self._lists.currentIndex() == POST:
            self.posting.take(scan.text)
        else:
            self.show_part(DESK)
            self.desk.take(scan.text)

    def on_escape(self) -> None:
        if self._stack.currentWidget() is self.preview:
            self.preview.on_escape()
        elif not self._parts[self._lists.currentIndex()].on_escape():
            self.banner.hide()

    def undo(self) -> None:
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self._reload()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self._stack.currentWidget() is self.preview:
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "بازدیدها، امانت در ایستگاه، پست و پیک"),
            KeyHelp(NEW, "مسیر یا درخواست تازه"),
            KeyHelp(LEND, "امانت در ایستگاه برگزیده"),
            KeyHelp(ASSIGN, "عضو روی میز، عضو این ایستگاه شود"),
            KeyHelp(SLIP, "در ایستگاه: برگهٔ امانت عضو"),
            KeyHelp(DONE, "بازدید انجام شد؛ بسته ارسال شد"),
            KeyHelp(MOVE, "بازدید در روز دیگر؛ بسته به کتابخانه رسید"),
            KeyHelp(CANCEL, "لغو بازدید یا درخواست"),
            KeyHelp(LIST, "چاپ فهرست امانت ایستگاه"),
            KeyHelp(PACK, "چاپ فهرست بار"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("بازدیدهای سیار", lambda: self.show_part(PLANNING), KEYS[0]),
            Action("امانت در ایستگاه", lambda: self.show_part(DESK), KEYS[1]),
            Action("بسته‌های پست و پیک", lambda: self.show_part(POST), KEYS[2]),
            Action("چاپ برچسب نشانی بسته‌ها", self.posting.print_labels, LABELS),
        )

    def show_part(self, place: int) -> None:
        """Bring one of the three parts to the front."""
        self._stack.setCurrentWidget(self._work)
        self._lists.setCurrentIndex(place)
        self._lists.invalidate()
        for other, tile in enumerate(self.tiles):
            tile.set_chosen(other == place)
        self._parts[place].setFocus()

    def _reload(self) -> None:
        self._stale = False
        for part in self._parts:
            part.reload()
        stop = self.desk.here()
        self.tiles[DESK].show_number(stop.name if stop else "—", "ایستگاه" if stop else "ایستگاهی نیست")

    @Slot(object)
    def _lend_at(self, stop: StopRow) -> None:
        self.desk.choose_stop(stop)
        self.tiles[DESK].show_number(stop.name, "ایستگاه")
        self.show_part(DESK)

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
        visits, _, post = self.tiles
        self.planning.counted.connect(
            lambda soon, routes: visits.show_number(number(soon), f"در هفت روز، {number(routes)} مسیر")
        )
        self.posting.counted.connect(
            lambda wished, under_way: post.show_number(number(wished), f"برای ارسال، {number(under_way)} در راه")
        )
        self.planning.lend_at.connect(self._lend_at)
        self.planning.printed.connect(self._show_paper)
        self.desk.printed.connect(self._show_paper)
        self.posting.printed.connect(self._show_paper)
        self.desk.stop.currentIndexChanged.connect(lambda _: self._name_stop())
        self.preview.closed.connect(self._close_paper)
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)

    def _name_stop(self) -> None:
        stop = self.desk.here()
        if stop is not None:
            self.tiles[DESK].show_number(stop.name, "ایستگاه")
