"""The holds page: fetching copies, the hold shelf, the lines; and in their place the card that writes somebody in."""

from collections import deque

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.circulation import reads
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.holds.outcomes import Changed, ChangeOutcome
from app.circulation.pulling import pull_copy
from app.devices.scan import Scan, Source, Unreadable, read_scan
from app.persian.digits import number
from ui.circulation.words import Said
from ui.holds import words
from ui.holds.deeds import Deeds
from ui.holds.lists import CANCEL, PRINT, SUSPEND, Fetching, Shelf
from ui.holds.papers import slip_paper
from ui.holds.placing import PLACE, Placing
from ui.holds.queues import DOWN, UP, Queues
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.arrows import MOVES
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_view import RowView
from ui.widgets.search_box import SearchBox

MARGINS = (22, 18, 22, 18)
NEW, SLIP = "Ctrl+N", "Ctrl+P"
KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3")
PULL, SHELF, QUEUES = range(3)
STALE_AFTER = frozenset({"loans", "items", "members", "titles", "rules", "holds"})


HELP = (
    KeyHelp("Ctrl+1 … 3", "برداشتن از قفسه، قفسهٔ رزرو، صف‌ها"),
    KeyHelp(NEW, "رزرو تازه"),
    KeyHelp(PLACE, "ثبت رزرو"),
    KeyHelp(SLIP, "برگهٔ رزرو برای لای کتاب"),
    KeyHelp(PRINT, "چاپ فهرست"),
    KeyHelp("←", "از عنوان‌ها به صف آن"),
    KeyHelp(f"{UP}، {DOWN}", "زودتر و دیرتر در صف"),
    KeyHelp(SUSPEND, "معلق کردن، و از سر گرفتن"),
    KeyHelp(CANCEL, "لغو رزرو"),
)


class HoldsPage(Page):
    """Three parts, one in front; the card for a new hold and papers lie over them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._waiting: deque[str] = deque()
        self._slip_of: ItemFacts | None = None
        self.box = SearchBox("کتاب یا کارت عضو را اسکن کنید…")
        self.slip = Button("برگهٔ رزرو", SLIP, icon="printer")
        self.new = Button("رزرو تازه", NEW, "primary", "bookmark")
        self.box.add_end(self.slip)
        self.box.add_end(self.new)
        self.banner, self.saving = Banner(), SavePanel()
        self.banner.hide()
        self.deeds = Deeds(session, self)
        self.fetching, self.shelf = Fetching(session), Shelf(session, self.deeds)
        self.queues, self.placing = Queues(session, self.deeds), Placing(session)
        self.preview = PaperPreview(session.jobs)
        names = ("برداشتن از قفسه", "قفسهٔ رزرو", "صف‌ها")
        self.tiles = tuple(StatTile(name, clickable=True, key=key) for name, key in zip(names, KEYS, strict=True))
        self._parts: tuple[Fetching | Shelf | Queues, ...] = (self.fetching, self.shelf, self.queues)
        self._lay_out()
        self._connect()
        self.show_part(PULL)

    def on_shown(self) -> None:
        if self._stale:
            self._read_again()
        if self._stack.currentWidget() is self._front:
            self.box.setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A copy is set aside for its hold, a card shows what its reader waits for; while a new hold is written both
        belong to it. A question makes scans wait."""
        if isinstance(scan, Unreadable):
            self._say(words.unreadable(scan))
        elif self._stack.currentWidget() is self.placing:
            self.placing.take(scan.text)
        elif self.deeds.is_asking():
            self._waiting.append(scan.text)
            self.deeds.panel.set_waiting(len(self._waiting))
            self.box.set_waiting(len(self._waiting))
        else:
            self._bring(self._front)
            self.take(scan.text)

    def on_escape(self) -> None:
        shown = self._stack.currentWidget()
        if shown is self.preview:
            self.preview.on_escape()
        elif shown is self.placing:
            self.placing.on_escape()
        elif self.deeds.is_asking():
            self.deeds.withdraw()
        elif self.saving.is_open():
            self.saving.close_question()
        elif self._lists.currentIndex() == QUEUES and self.queues.shows_reader():
            self.queues.show_titles()
            self.box.setFocus()
        else:
            self.banner.hide()
            self.box.clear()
            self.box.setFocus()

    def undo(self) -> None:
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self._read_again()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self._stack.currentWidget() is self.preview:
            return PAPER_KEYS
        return HELP

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("رزرو تازه", self.new_hold, NEW),
            Action("فهرست برداشتن از قفسه", lambda: self.show_part(PULL), KEYS[PULL]),
            Action("قفسهٔ رزرو", lambda: self.show_part(SHELF), KEYS[SHELF]),
            Action("صف‌های رزرو", lambda: self.show_part(QUEUES), KEYS[QUEUES]),
            Action("چاپ برگهٔ رزرو", self.slip.click, SLIP),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows move in the list while the scan box keeps the focus; the left one goes into a line.
        if watched is self.box.edit and isinstance(event, QKeyEvent) and not event.modifiers():
            if event.key() in MOVES:
                if event.type() == QEvent.Type.KeyPress:
                    QApplication.sendEvent(self._arrows(), event)
                return True
            if event.key() == Qt.Key.Key_Left and not self.box.edit.text():
                self._into_line(event)
                return True
        return super().eventFilter(watched, event)

    def _arrows(self) -> RowView:
        views = (self.fetching.list.view, self.shelf.list.view, self.queues.arrows())
        return views[self._lists.currentIndex()]

    def _into_line(self, event: QKeyEvent) -> None:
        if event.type() == QEvent.Type.KeyPress and self._lists.currentIndex() == QUEUES:
            self.queues.into_line()

    def show_part(self, place: int) -> None:
        """Bring one of the three parts to the front."""
        self._bring(self._front)
        self._lists.setCurrentIndex(place)
        self._lists.invalidate()
        for other, tile in enumerate(self.tiles):
            tile.set_chosen(other == place)
        if place == QUEUES:
            self.queues.show_titles()
        self._show_slip()
        self.box.setFocus()

    @Slot()
    def new_hold(self) -> None:
        """Ctrl+N: the card for a new hold."""
        self._bring(self.placing)
        self.placing.begin()

    def take(self, code: str) -> None:
        """What was scanned or typed: a reader or a copy."""
        with self._session.library.store.read() as reader:
            member = reads.find_member(reader, code)
        if member is not None:
            self._show_reader(member)
        else:
            self._pull(code)

    @Slot(str)
    def _submitted(self, text: str) -> None:
        scan = read_scan(text, Source.KEYBOARD)
        if isinstance(scan, Unreadable):
            self._say(words.unreadable(scan))
        elif self.deeds.is_asking():
            self._say(words.ANSWER_FIRST)
        else:
            self.take(scan.text)

    def _show_reader(self, member: MemberFacts) -> None:
        self.show_part(QUEUES)
        count = self.queues.show_reader(member.id, member.name)
        self._say(words.of_member(member.name, count))

    def _pull(self, code: str) -> None:
        outcome = pull_copy(self._session.library, code, self._session.act())
        self._slip_of = words.kept(outcome)
        self._say(words.pulled(outcome, code))
        self._session.refresh.tell("holds", "loans", "items")
        self._read_again()

    @Slot()
    def print_slip(self) -> None:
        """Ctrl+P: the slip of the copy just set aside, or of the one chosen on the hold shelf."""
        chosen = self.shelf.hold() if self._lists.currentIndex() == SHELF else None
        item_id = chosen.item_id if chosen else self._slip_of.id if self._slip_of else None
        if item_id is None:
            return
        paper = slip_paper(self._session.library, item_id, self._session.act().day)
        if paper is None:
            self._say(words.NOT_KEPT)
        else:
            self.show_paper(paper)

    @Slot(object)
    def show_paper(self, paper: Paper) -> None:
        """Bring a paper up over the page."""
        self._bring(self.preview)
        self.preview.show_paper(paper)
        self.preview.setFocus()

    def _bring(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        self._stack.invalidate()

    @Slot()
    def _back(self) -> None:
        self._bring(self._front)
        self._read_again()
        self.box.setFocus()

    @Slot()
    def _read_again(self) -> None:
        self._stale = False
        for part in self._parts:
            part.reload()
        self._show_slip()

    @Slot(object)
    def _deed_done(self, outcome: ChangeOutcome) -> None:
        if isinstance(outcome, Changed) and outcome.hold_for is not None:
            self._slip_of = outcome.item
        self._read_again()

    @Slot()
    def _show_slip(self) -> None:
        on_shelf = self._lists.currentIndex() == SHELF and self.shelf.hold() is not None
        self.slip.setEnabled(on_shelf or self._slip_of is not None)

    @Slot()
    def _work_off(self) -> None:
        """Scans that came while a question was open."""
        while self._waiting and not self.deeds.is_asking():
            self.take(self._waiting.popleft())
        self.box.set_waiting(len(self._waiting))
        self.box.setFocus()

    @Slot(object)
    def _say(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _lay_out(self) -> None:
        lists = QWidget()
        self._lists = Front(lists)
        for part in self._parts:
            self._lists.addWidget(part)
        self._front = QWidget()
        whole = column(self.box, row(*self.tiles, gap=12), self.deeds.panel, self.saving, lists, gap=12)
        whole.setStretch(4, 1)
        self._front.setLayout(whole)
        over = QWidget()
        self._stack = Front(over)
        for shown in (self._front, self.placing, self.preview):
            self._stack.addWidget(shown)
        page = column(self.banner, over, gap=12, margins=MARGINS)
        page.setStretch(1, 1)
        self.setLayout(page)

    def _connect(self) -> None:
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda place=place: self.show_part(place))
        for printing in (self.fetching, self.shelf):
            printing.printed.connect(self.show_paper)
        for part in self._parts:
            part.wanted_file.connect(lambda name, content: self.saving.save(self, name, content))
        pull, shelf, queues = self.tiles
        self.fetching.counted.connect(lambda count: pull.show_number(number(count), "کتاب"))
        self.shelf.counted.connect(
            lambda count, over: shelf.show_number(
                number(count), f"کتاب · {number(over)} مهلت‌گذشته" if over else "کتاب", Tone.REFUSE if over else None
            )
        )
        self.queues.counted.connect(
            lambda count, titles: queues.show_number(number(count), f"نفر در صف {number(titles)} عنوان")
        )
        self.box.edit.installEventFilter(self)
        self.shelf.chosen.connect(self._show_slip)
        self.box.submitted.connect(self._submitted)
        self.slip.clicked.connect(self.print_slip)
        self.new.clicked.connect(self.new_hold)
        for teller in (self.deeds, self.placing):
            teller.said.connect(self._say)
        self.deeds.changed.connect(self._deed_done)
        self.deeds.settled.connect(self._work_off)
        self.placing.closed.connect(self._back)
        self.preview.closed.connect(self._back)
        self.saving.saved.connect(lambda path: self._say(Said(Tone.OK, "ذخیره شد", (isolate(path),), Sound.CHECKED_IN)))
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)
