"""Lost, claimed, long overdue, damaged and missing copies: one list, and what can be done about each (000 §3-1-2)."""

from collections import deque
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.lost.queries import CaseKind, LossCase, loss_cases
from app.devices.scan import Scan, Unreadable
from app.persian import jalali
from app.persian.digits import number
from reports.lists import list_xlsx
from ui.keys import KeyHelp
from ui.lost.acting import YES_KEY, Acting
from ui.lost.deeds import DEEDS
from ui.lost.details import CaseCard
from ui.lost.rows import case_table
from ui.lost.subjects import member_no_of, subject_of
from ui.lost.words import KIND, TILE
from ui.page import Action, Page
from ui.paper.saving import SavePanel
from ui.said import FLAWS, Said
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.banner import Banner
from ui.widgets.cards import StatTile
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll
from ui.widgets.search_box import SearchBox

MARGINS = (22, 18, 22, 18)
STALE_AFTER = frozenset({"loans", "items", "members", "money", "rules"})
TITLE = "مفقود، خسارت و ادعا"
_SIDE = 380


class LostPage(Page):
    """A tile of each kind narrows the list; a scanned label chooses its copy, on the list or not. `money_wanted`
    carries the number of the member whose account is to be opened."""

    money_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._kind: CaseKind | None = None
        self._narrowed = False
        self._cases: list[LossCase] = []
        self._waiting: deque[str] = deque()
        self.box = SearchBox("برچسب نسخه را اسکن کنید، یا شمارهٔ ثبت یا نام را بنویسید…")
        self.banner, self.panel, self.saving = Banner(), Panel(), SavePanel()
        self.banner.hide()
        self.tiles = {
            kind: StatTile(TILE[kind][0], clickable=True, key=f"Ctrl+{place}")
            for place, kind in enumerate(CaseKind, start=1)
        }
        self.list = RowList(case_table(lambda: session.act().day), noun="نسخه")
        self.card = CaseCard()
        self.acting = Acting(session, self.panel, self)
        self._lay_out()
        self._connect()

    def on_shown(self) -> None:
        if self._stale:
            self.reload()
        self.box.setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A label chooses its copy; while a question stands it waits."""
        if isinstance(scan, Unreadable):
            self._say(Said(Tone.REFUSE, "بارکد ناخوانا", (FLAWS[scan.reason],), Sound.REFUSED))
        elif self.acting.is_asking():
            self._waiting.append(scan.text)
            self._show_waiting()
        else:
            self.take(scan.text)

    def on_escape(self) -> None:
        if self.acting.is_asking():
            self.acting.withdraw()
        elif self.saving.is_open():
            self.saving.close_question()
        elif self._kind is not None or self._narrowed or self.box.edit.text():
            self.box.clear()
            self.list.table.set_filter("")
            self.show_kind(None)
        else:
            self.banner.hide()
            self._choose(None)
        self.box.setFocus()

    def undo(self) -> None:
        if self.acting.is_asking():
            return
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self.reload()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Ctrl+1 … 5", "گم‌شده، ادعا، دیرکرد بلند، آسیب‌دیده، مفقود"),
            *(KeyHelp(deed.key, deed.label) for deed in DEEDS.values()),
            KeyHelp(YES_KEY, "تأیید، در پاسخ پرسش"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            *(
                Action(f"{TITLE}: {KIND[kind][0]}", partial(self.show_kind, kind), f"Ctrl+{place}")
                for place, kind in enumerate(CaseKind, start=1)
            ),
            Action("خروجی اکسل از همین فهرست", self.export),
        )

    @Slot()
    def reload(self) -> None:
        """Read the cases anew; the chosen copy stays chosen."""
        self._stale = False
        chosen = self.card.subject()
        with self._session.library.store.read() as reader:
            self._cases = loss_cases(reader, self._session.act().day)
        for kind, tile in self.tiles.items():
            count = sum(case.kind is kind for case in self._cases)
            tile.show_number(number(count), TILE[kind][1])
        self._fill()
        if chosen is not None:
            self._choose(chosen.barcode)

    def show_kind(self, kind: CaseKind | None) -> None:
        """Narrow the list to one kind; the same tile again shows all."""
        self._kind = None if kind is self._kind else kind
        for other, tile in self.tiles.items():
            tile.set_chosen(other is self._kind)
        self._fill()
        self.box.setFocus()

    def take(self, code: str) -> None:
        """A scanned or written number."""
        self.banner.hide()
        self._show_all_for(code)
        if self._choose(code):
            self._session.sounds.play(Sound.CHECKED_IN)
            return
        with self._session.library.store.read() as reader:
            member_no = member_no_of(reader, code)
        if member_no is not None:
            self._narrow_to_member(member_no)
            return
        detail = (f"{isolate(code)} · برچسب را دوباره اسکن کنید، یا شمارهٔ ثبت را بنویسید.",)
        self._say(Said(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED))

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.list.sheet()
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        self.saving.save(self, f"losses-{day}.xlsx", list_xlsx(TITLE, headings, rows))

    def _fill(self) -> None:
        self._narrowed = False
        self.list.set_rows([case for case in self._cases if self._kind is None or case.kind is self._kind])

    def _show_all_for(self, code: str) -> None:
        """The list must hold a copy that is chosen, whatever it was narrowed to."""
        hidden = not any(case.barcode == code for case in self.list.table.shown_rows())
        if self._kind is not None and hidden:
            self.show_kind(None)

    def _narrow_to_member(self, member_no: str) -> None:
        """What one reader has lost, claimed or damaged; Esc shows all again."""
        self.show_kind(None)
        self._narrowed = True
        self.list.set_rows([case for case in self._cases if case.member_no == member_no])
        self.list.view.choose_place(0)
        self._session.sounds.play(Sound.CHECKED_IN)

    def _choose(self, code: str | None) -> bool:
        """Show the copy of a number, with its case if it has one; nobody's copy if there is none."""
        subject = None
        if code is not None:
            with self._session.library.store.read() as reader:
                found = subject_of(self._session.library, reader, code)
                case = next((case for case in self._cases if found and case.item_id == found.item_id), None)
                subject = subject_of(self._session.library, reader, code, case) if found else None
        if subject is not None and subject.case is not None:
            self.list.view.choose((subject.case.kind, subject.item_id))
        else:
            self.list.view.clearSelection()
        self.card.show_subject(subject, self._session.act().day)
        return subject is not None

    @Slot(object)
    def _show_case(self, case: LossCase) -> None:
        with self._session.library.store.read() as reader:
            subject = subject_of(self._session.library, reader, case.barcode, case)
        self.card.show_subject(subject, self._session.act().day)

    @Slot(str)
    def _ask(self, name: str) -> None:
        subject = self.card.subject()
        if subject is not None and not self.acting.is_asking():
            self.acting.ask(name, subject)
            self._show_side()

    @Slot()
    def _settled(self) -> None:
        self._show_side()
        while self._waiting and not self.acting.is_asking():
            self.take(self._waiting.popleft())
        self._show_waiting()
        self.box.setFocus()

    def _show_side(self) -> None:
        asking = self.acting.is_asking()
        self._asking.setVisible(asking)
        self.card.setVisible(not asking)

    def _show_waiting(self) -> None:
        self.panel.set_waiting(len(self._waiting))
        self.box.set_waiting(len(self._waiting))

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter: a number acts like its scan, words take the first of the list."""
        with self._session.library.store.read() as reader:
            known = bool(subject_of(self._session.library, reader, text) or member_no_of(reader, text))
        if known or self.list.table.rowCount() == 0:
            self.list.table.set_filter("")
            self.take(text)
        else:
            self.list.view.choose_place(0)

    @Slot(object)
    def _say(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    @Slot(str)
    def _saved(self, path: str) -> None:
        self._say(Said(Tone.OK, "ذخیره شد", (isolate(path),), Sound.CHECKED_IN))

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _lay_out(self) -> None:
        self.list.set_empty(
            "هیچ نسخه‌ای گم، آسیب‌دیده یا مورد ادعا نیست",
            "برای ثبت گم شدن، آسیب یا ادعای بازگشت، برچسب نسخه را اسکن کنید.",
            "circle-check",
        )
        inside = QWidget()
        inside.setLayout(column(self.panel, None, gap=0))
        self._asking = Scroll(inside)
        self._asking.setFixedWidth(look().px(_SIDE))
        self._asking.hide()
        lists = column(self.banner, self.saving, self.list, gap=12)
        lists.setStretch(2, 1)
        beside = row(lists, self.card, self._asking, gap=14)
        beside.setStretch(0, 1)
        whole = column(self.box, row(*self.tiles.values(), gap=12), beside, gap=12, margins=MARGINS)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        for kind, tile in self.tiles.items():
            tile.clicked.connect(partial(self.show_kind, kind))
        self.box.typed.connect(self.list.table.set_filter)
        self.box.submitted.connect(self._submitted)
        self.list.view.current_row.connect(self._show_case)
        self.list.export_wanted.connect(self.export)
        self.card.wanted.connect(self._ask)
        self.acting.said.connect(self._say)
        self.acting.done.connect(self.reload)
        self.acting.settled.connect(self._settled)
        self.acting.money_wanted.connect(self.money_wanted)
        self.saving.saved.connect(self._saved)
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)
