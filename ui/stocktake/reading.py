"""At the shelves: scan after scan, told at once; how far it has come beside it."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.stocktake import reads
from app.stocktake.facts import Noted, Scanned
from app.stocktake.facts import Session as Reading
from app.stocktake.queries import lines_of, scan_lines
from app.stocktake.scanning import MOST_SCANNERS, note, scan, scanner_of
from db.codes import Condition, StocktakeFinding
from reports.lists import list_xlsx
from reports.stocktake import range_words
from ui.paper.saving import SavePanel
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake import words
from ui.stocktake.counting import Counting
from ui.stocktake.rows import scan_table
from ui.stocktake.scanned_file import FILTER, ScannedFile
from ui.stocktake.side import ProgressSide
from ui.theme import Tone
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

FILE, OTHER_SCANNER, FINISH = "Ctrl+O", "Ctrl+J", "Ctrl+E"
ALL = "همه"
GROUPS: Mapping[str, frozenset[StocktakeFinding]] = MappingProxyType(
    {
        ALL: frozenset(StocktakeFinding),
        "جابه‌جا": frozenset({StocktakeFinding.MISPLACED, StocktakeFinding.ELSEWHERE}),
        "پیداشده": frozenset({StocktakeFinding.FOUND_LOST}),
        "در امانت": frozenset({StocktakeFinding.ON_LOAN}),
        "وجین‌شده": frozenset({StocktakeFinding.WEEDED}),
        "بیرون و ناشناخته": frozenset({StocktakeFinding.AWAY, StocktakeFinding.UNKNOWN}),
    }
)


class AtTheShelves(QWidget):
    """One open session. `finish_wanted`: the lists and what follows from them; `left`: back to the sessions."""

    finish_wanted = Signal()
    left = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reading: Reading | None = None
        self.counting = Counting(session, self)
        self._group = ALL
        self._scanner = 1
        self.ask_which: AskWhich = ask_which
        self.title, self.range = Label("", "title"), Label("", "muted")
        self.box = SearchBox("برچسب کتاب را اسکن کنید، یا شمارهٔ ثبت را بنویسید…")
        self.scanner = Button("بارکدخوان ۱", OTHER_SCANNER, icon="barcode")
        self.choose = Button("فایل بارکدخوان…", FILE, icon="upload")
        self.finish = Button("فهرست‌ها و پایان…", FINISH, "primary", "list-check")
        self.banner, self.file, self.saving = Banner(), ScannedFile(session), SavePanel()
        self.conditions = {
            condition: Button(words.condition_words(condition), key) for condition, key in words.CONDITIONS
        }
        self.last = Label("", "muted")
        self.groups = {name: Button(name, f"Alt+{place}") for place, name in enumerate(GROUPS, start=1)}
        self.list = RowList(scan_table(), noun="اسکن", row_height=50)
        self.side = ProgressSide()
        self._lay_out()
        self._connect()

    def session_id(self) -> uuid.UUID | None:
        """The session that is read."""
        return self._reading.id if self._reading else None

    def open(self, session_id: uuid.UUID) -> bool:
        """Go on with a session; False when it is not there."""
        with self._session.library.store.read() as reader:
            self._reading = reads.session_of(reader, session_id)
        if self._reading is None:
            return False
        self._scanner = scanner_of(self._session.act())
        self._choose_group(ALL)
        self._say_scanner()
        self.last.say("وضعیت ظاهری آخرین کتاب:")
        self.banner.show_outcome(
            Tone.INFO, "آمادهٔ خواندن", "از آغاز قفسه به ترتیب بخوانید؛ هر یافته همان دم گفته می‌شود."
        )
        self.reload()
        return True

    def reload(self) -> None:
        """Read the scans and the counts anew."""
        if self._reading is None:
            return
        self.counting.begin(self._reading.id)
        self.title.say(isolate(self._reading.name))
        self.range.say(range_words(self._reading))
        self._fill()
        self._show_progress()

    def setFocus(self) -> None:  # type: ignore[override]
        """Ready for the next scan."""
        self.box.setFocus()

    def take(self, code: str) -> None:
        """One copy on the shelf."""
        if self._reading is None:
            return
        outcome = scan(self._session.library, self._reading.id, code, self._session.act(), self._scanner)
        match outcome:
            case Scanned():
                self._show(outcome)
            case Refused(refusals):
                self.say(words.refused(refusals))
            case NotFound():
                self.left.emit()

    def say(self, said: Said) -> None:
        """Tell something in the banner."""
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self._session.sounds.play(said.sound)

    def note(self, condition: Condition) -> None:
        """The condition of the copy read last."""
        if self._reading is None:
            return
        outcome = note(self._session.library, self._reading.id, condition, self._session.act(), self._scanner)
        match outcome:
            case Noted(copy=copy):
                told = f"«{isolate(words.titled(copy))}»: {words.condition_words(condition)}"
                self.last.say(told)
                self._session.sounds.play(Sound.CHECKED_IN)
                self._update(outcome.scan_id)
            case Refused(refusals):
                self.say(words.refused(refusals))
            case NotFound():
                self.left.emit()
        self.box.setFocus()

    def show_group(self, name: str) -> None:
        """Narrow the list to some of the findings, however long ago they were read."""
        self._choose_group(name)
        self._fill()

    def _choose_group(self, name: str) -> None:
        self._group = name
        for other, button in self.groups.items():
            button.wear("primary" if other == name else "secondary")

    def on_escape(self) -> None:
        """Take away what stands in front, one after another, then leave."""
        if self.saving.is_open():
            self.saving.close_question()
        elif self.file.clear():
            pass
        elif self.box.edit.text() or self._group != ALL:
            self.box.clear()
            self.show_group(ALL)
        else:
            self.left.emit()
            return
        self.box.setFocus()

    @Slot()
    def next_scanner(self) -> None:
        """Ctrl+J: another scanner, which goes along the shelves by itself; after a fresh one the first again."""
        used = max((state.scanner for state in self.counting.progress().scanners), default=1)
        self._scanner = self._scanner + 1 if self._scanner <= min(used, MOST_SCANNERS - 1) else 1
        self._say_scanner()
        self._show_progress()
        self.box.setFocus()

    @Slot()
    def choose_file(self) -> None:
        """Ctrl+O: the file of a memory scanner."""
        path = None if self.file.is_busy() or self._reading is None else self.ask_which(self, FILTER)
        if path is not None and self._reading is not None:
            self.file.take(path, self._reading.id, self._scanner)

    @Slot()
    def export(self) -> None:
        """The scans shown as an Excel file."""
        headings, *rows = self.list.sheet()
        name = self._reading.name if self._reading else ""
        self.saving.save(self, "stocktake-scans.xlsx", list_xlsx(f"رف‌خوانی «{name}»", headings, rows))

    def _show(self, scanned: Scanned) -> None:
        said = words.said_of(scanned)
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo="برداشتن همین اسکن")
        self._session.sounds.play(said.sound)
        if scanned.copy is not None:
            self.last.say(f"وضعیت ظاهری «{isolate(words.titled(scanned.copy))}»:")
        self._put_in(scanned)
        self.counting.add(scanned)

    def _put_in(self, scanned: Scanned) -> None:
        if scanned.revised and self._group != ALL:
            self._fill()  # one of them may belong to this group now, or no longer
        else:
            with self._session.library.store.read() as reader:
                *revised, newest = lines_of(reader, (*(scanned.revised or ()), scanned.scan_id))
            for line in revised:
                self.list.table.update_row(line)
            if scanned.finding in GROUPS[self._group]:
                self.list.table.insert_on_top(newest)
        self.list.view.scrollToTop()

    def _update(self, scan_id: uuid.UUID) -> None:
        with self._session.library.store.read() as reader:
            for line in lines_of(reader, (scan_id,)):
                self.list.table.update_row(line)

    def _fill(self) -> None:
        if self._reading is None:
            return
        with self._session.library.store.read() as reader:
            self.list.set_rows(scan_lines(reader, self._reading.id, GROUPS[self._group]))

    @Slot()
    def _show_progress(self) -> None:
        progress = self.counting.progress()
        self.side.show_progress(progress, self._scanner)
        for name, findings in GROUPS.items():
            count = sum(progress.findings.get(finding, 0) for finding in findings)
            self.groups[name].set_words(f"{name} {number(count)}")

    def _say_scanner(self) -> None:
        self.scanner.set_words(
            f"بارکدخوان {number(self._scanner)}", "بارکدخوان دیگری برگزینید؛ هر کدام جای خود را در قفسه دارد"
        )

    def _lay_out(self) -> None:
        head = row(self.title, self.range, None, self.choose, self.finish, gap=12)
        self.box.add_end(self.scanner)
        looks = row(self.last, Flow(*self.conditions.values()), gap=12)
        looks.setStretch(1, 1)
        left = column(
            self.box, self.banner, looks, self.file, self.saving, Flow(*self.groups.values()), self.list, gap=10
        )
        left.setStretch(6, 1)
        beside = row(left, self.side, gap=14)
        beside.setStretch(0, 7)
        beside.setStretch(1, 2)
        whole = column(head, beside, gap=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.list.set_empty("هنوز چیزی خوانده نشده است", "از آغاز قفسه برچسب‌ها را یکی‌یکی اسکن کنید.", "barcode")

    def _connect(self) -> None:
        self.box.submitted.connect(self.take)
        self.scanner.clicked.connect(self.next_scanner)
        self.choose.clicked.connect(self.choose_file)
        self.finish.clicked.connect(self.finish_wanted)
        self.counting.changed.connect(self._show_progress)
        self.file.read.connect(self.reload)
        self.list.export_wanted.connect(self.export)
        for condition, button in self.conditions.items():
            button.clicked.connect(lambda _=False, condition=condition: self.note(condition))
        for name, group in self.groups.items():
            group.clicked.connect(lambda _=False, name=name: self.show_group(name))
