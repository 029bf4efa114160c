"""The work bench: the four drafts as tiles, the chosen one with what is proposed for it, the card of a copy."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Source, read_scan
from app.persian import jalali
from app.persian.digits import to_persian
from app.weeding.bench import drafted, newest_minutes
from app.weeding.explain import CRITERION, in_order
from app.weeding.minutes.tracking import TrackedMinutes
from app.weeding.reads import house_of
from app.weeding.rules import criteria_in_force
from db.codes import WeedingReason
from reports.lists import list_xlsx
from ui.circulation.words import Said
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.weeding import words
from ui.weeding.bench_layout import ASIDE, BenchParts, lay_out
from ui.weeding.chosen import BoxKeys, Chosen
from ui.weeding.deciding import Deciding
from ui.weeding.details import read_details
from ui.weeding.finishing import NOTHING_LISTED, Finishing
from ui.weeding.lines import draft_lines, sought_line
from ui.weeding.listing import Listing
from ui.weeding.marks import MARKS, CopyMarks
from ui.weeding.proposals import Found, Proposals
from ui.weeding.rows import GROUP_NAME, MINUTES_NAME, Stand, WorkLine, work_table
from ui.weeding.way import steps_of
from ui.widgets.buttons import listen
from ui.widgets.labels import isolate
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList

DETAILS_AFTER_MS = 60


class Drafts(QWidget):
    """Each scan puts a copy on the draft of the chosen reason, or shows it. `archive_wanted`, `tracking_wanted`,
    `file_wanted` and `aside_wanted` ask for the other parts of the page; the papers come from `finishing`."""

    archive_wanted = Signal()
    tracking_wanted = Signal()
    file_wanted = Signal()
    aside_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.panel, self.decide_panel, self.freeze_panel, self.saving = Panel(), Panel(), Panel(), SavePanel()
        self.marks_panel = Panel()
        self.list = RowList(work_table(), noun="نسخه")
        self.listing = Listing(session, self.panel, self)
        self.deciding = Deciding(session, self.decide_panel, self)
        self.marks = CopyMarks(session, self.marks_panel, self)
        self.finishing = Finishing(session, self.freeze_panel, self)
        self.proposals = Proposals(session, self.list.table, self)
        self.parts = BenchParts()
        self.box, self.criterion, self.mode = self.parts.box, self.parts.criterion, self.parts.mode
        self.tiles, self.banner, self.details = self.parts.tiles, self.parts.banner, self.parts.card
        self.chosen = Chosen(self.list.view, self.listing, self.deciding, self.marks, self)
        self._keys = BoxKeys(self.box, self.list.view, self.details, self)
        self._gone: set[uuid.UUID] = set()
        self._wanted: uuid.UUID | None = None
        self._ways: Mapping[WeedingReason, TrackedMinutes] = {}
        self._details_timer = QTimer(self, singleShot=True, interval=DETAILS_AFTER_MS)
        asking = (self.panel, self.decide_panel, self.marks_panel, self.freeze_panel, self.saving)
        lay_out(self, self.parts, self.list, asking)
        self._connect()
        self.choose_reason(WeedingReason.CONTENT)

    @Slot(object)
    def choose_reason(self, reason: WeedingReason) -> None:
        """Work on the minutes of another reason."""
        if self._must_answer_first():
            return
        self.panel.close_question()
        self.listing.reason = self.deciding.reason = reason
        self.tiles.choose(reason)
        in_force = criteria_in_force(reason, house_of(self._session.library))
        self.criterion.set_options(
            tuple((code, f"{in_order(to_persian(code))} {CRITERION[code]}") for code in in_force)
        )
        self.list.set_title(GROUP_NAME[reason])
        self.list.filter.edit.clear()
        self.reload()
        self.focus_box()

    def reload(self) -> None:
        """Read the chosen draft and the standing of all four anew; the candidates follow when they are found."""
        self._gone.clear()
        reason, today = self.listing.reason, self._session.act().day
        self.parts.heading.show_day(today, self._session.library.guideline.terms)
        with self._session.library.store.read() as reader:
            lines = draft_lines(reader, reason, today)
            self._ways = newest_minutes(reader)
        self.list.set_empty(*words.SEEKING)
        self.list.set_rows(lines)
        self.proposals.read(reason)
        self._count()
        self._show_details()

    def on_escape(self) -> None:
        """Close the question that stands; the scan box is empty then and has the focus."""
        if self.freeze_panel.is_open():
            self.finishing.withdraw()
        elif self.decide_panel.is_open():
            self.deciding.withdraw()
        elif self.marks_panel.is_open():
            self.marks.withdraw()
        elif self.panel.is_open():
            self.listing.withdraw()
        elif self.saving.is_open():
            self.saving.close_question()
        else:
            self.box.clear()
            self.banner.hide()
        self.focus_box()

    def undo(self) -> None:
        """Ctrl+Z: take back this desk's last action."""
        if self._must_answer_first():
            return
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self.reload()

    def ask_freeze(self) -> None:
        """Ctrl+P: the question before the draft becomes a numbered, frozen paper."""
        if self._must_answer_first():
            return
        if not self.listed():
            self.say(NOTHING_LISTED)
            return
        self.panel.close_question()
        self.listing.hold()
        self.finishing.ask(self.listing.reason, self.listed())

    def show_draft(self) -> None:
        """Ctrl+D: the paper as it would be, marked as a draft."""
        if not self._must_answer_first():
            self.listing.hold()
            self.finishing.preview(self.listing.reason)

    def listed(self) -> int:
        """How many copies stand on the chosen draft."""
        return self.tiles.copies(self.listing.reason)

    def export(self) -> None:
        """The rows shown as an Excel file; the form itself is saved from its preview."""
        name = MINUTES_NAME[self.listing.reason]
        headings, *rows = self.list.sheet()
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        self.saving.save(self, f"{self.listing.reason}-{day}.xlsx", list_xlsx(f"وجین، {name}", headings, rows))

    @Slot(object)
    def say(self, said: Said) -> None:
        """Tell an outcome: banner and sound."""
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    def tell(self, tone: Tone, title: str, detail: str) -> None:
        """Put something on the banner that makes no sound."""
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()

    @Slot()
    def focus_box(self) -> None:
        """The next scan or number goes into the box, unless something is being asked in writing."""
        if not (self.listing.is_writing() or self.deciding.is_asking() or self.marks.is_asking()):
            self.box.setFocus()

    def _must_answer_first(self) -> bool:
        if self.listing.is_asking():
            self.say(words.ANSWER_FIRST)
            return True
        return False

    @Slot(str)
    def _typed(self, text: str) -> None:
        scan = read_scan(text, Source.KEYBOARD)
        if isinstance(scan, Scan):
            self.listing.take(scan.text)
        else:
            self.say(words.unknown(text))

    @Slot(str)
    def show_copy(self, code: str) -> None:
        """A scan that only shows its copy: its row is chosen, or added above the others."""
        act = self._session.act()
        with self._session.library.store.read() as reader:
            line = sought_line(self._session.library, reader, code, self.listing.reason, act.day)
        if line is None:
            self.say(words.unknown(code))
            return
        self.list.filter.edit.clear()
        if self.list.table.position_of(line.item_id) < 0:
            self.list.table.insert_on_top(line)
        self.list.view.choose(line.item_id)
        self.say(words.shown(line))

    @Slot(object)
    def _add(self, line: WorkLine) -> None:
        self._gone.add(line.item_id)
        self.list.table.remove_row(line.item_id)
        self.list.table.insert_on_top(line)
        self.list.view.choose(line.item_id)
        self._count()

    @Slot(object)
    def _take_out(self, item_id: uuid.UUID) -> None:
        self._gone.add(item_id)
        self.list.table.remove_row(item_id)
        self._count()
        self._details_timer.start()

    @Slot(object)
    def _take_off(self, item_id: uuid.UUID) -> None:
        """Off the list, a copy is a proposal again."""
        self._gone.add(item_id)
        place = self.list.table.position_of(item_id)
        if place >= 0:
            line: WorkLine = self.list.table.row_at(place)
            self.list.table.update_row(replace(line, stand=Stand.PROPOSED, row_id=None, remark=""))
        self._count()
        self._details_timer.start()

    @Slot(object)
    def _look_again(self, item_id: uuid.UUID) -> None:
        """What the guideline says of a copy may be otherwise now: the list is read anew, and the copy stays chosen."""
        self._wanted = item_id
        self.reload()
        self.list.view.choose(item_id)

    @Slot(object)
    def _show_found(self, found: Found) -> None:
        """The candidates, but for those that something has become of since they were read."""
        self.list.set_empty(*words.NOTHING_PROPOSED)
        self.list.table.append(line for line in found.lines if line.row.item_id not in self._gone)
        self.tiles.show_proposed(found.counts)
        if self._wanted is not None:
            self.list.view.choose(self._wanted)
            self._wanted = None

    def _count(self) -> None:
        reason, today = self.listing.reason, self._session.act().day
        with self._session.library.store.read() as reader:
            copies = drafted(reader)
        self.tiles.show_standings(copies, self._ways, today)
        names = steps_of(self._session.library.guideline.terms, self._session.library.branch.kind)
        self.parts.show_step(names, copies.get(reason, 0), self._ways.get(reason))

    @Slot()
    def _show_details(self) -> None:
        session, reason = self._session, self.listing.reason
        if not self.listing.is_asking():
            self.panel.close_question()
        for line in self.list.view.chosen()[:1]:
            with session.library.store.read() as reader:
                details = read_details(session.library, reader, line, reason, session.act().day)
            if details is not None:
                self.details.show_copy(details)
                return
        self.details.show_group(reason, house_of(session.library))

    @Slot()
    def _set_criterion(self) -> None:
        self.listing.criterion = self.criterion.code()

    @Slot(bool)
    def _set_mode(self, shows_only: bool) -> None:
        self.listing.shows_only = shows_only
        self.focus_box()

    @Slot(int)
    def _show_waiting(self, scans: int) -> None:
        for shown in (self.panel, self.decide_panel, self.marks_panel, self.freeze_panel, self.box):
            shown.set_waiting(scans)

    @Slot(str)
    def _show_work(self, name: str) -> None:
        self.tell(Tone.INFO, "برگه آماده می‌شود…", name)

    @Slot(str)
    def _saved(self, path: str) -> None:
        self.tell(Tone.OK, "ذخیره شد", isolate(path))

    def _connect(self) -> None:
        parts = self.parts
        self.box.submitted.connect(self._typed)
        self.criterion.currentIndexChanged.connect(self._set_criterion)
        self.mode.changed.connect(self._set_mode)
        self.tiles.chosen.connect(self.choose_reason)
        self.banner.undo_wanted.connect(self.undo)
        self.list.view.current_row.connect(lambda _: self._details_timer.start())
        self.list.export_wanted.connect(self.export)
        self.chosen.must_answer.connect(lambda: self.say(words.ANSWER_FIRST))
        self.proposals.found.connect(self._show_found)
        self._details_timer.timeout.connect(self._show_details)
        for button, run in (
            (parts.put, self.chosen.put),
            (parts.remove, self.chosen.remove),
            (parts.bind, self.chosen.bind),
            (parts.keep, self.chosen.keep),
            (parts.later, self.chosen.put_off),
            (parts.archive, self.archive_wanted),
            (parts.tracking, self.tracking_wanted),
            (parts.file, self.file_wanted),
            (parts.aside, self.aside_wanted),
            (parts.preview, self.show_draft),
            (parts.freeze, self.ask_freeze),
        ):
            button.clicked.connect(run)
        self.saving.saved.connect(self._saved)
        self.listing.said.connect(self.say)
        self.listing.added.connect(self._add)
        self.listing.removed.connect(self._take_off)
        self.listing.stands.connect(self.list.view.choose)
        self.listing.sought.connect(self.show_copy)
        self.listing.waiting_changed.connect(self._show_waiting)
        self.listing.settled.connect(self.focus_box)
        self.deciding.said.connect(self.say)
        self.deciding.decided.connect(self._take_out)
        self.deciding.began.connect(self.listing.hold)
        self.deciding.ended.connect(self.listing.go_on)
        self.marks.said.connect(self.say)
        self.marks.changed.connect(self._look_again)
        self.marks.began.connect(self.listing.hold)
        self.marks.ended.connect(self.listing.go_on)
        listen(self, MARKS, self.chosen.mark)
        listen(self, ASIDE, self.aside_wanted.emit)
        self.details.marks.clicked.connect(self.chosen.mark)
        self.finishing.said.connect(self.say)
        self.finishing.began.connect(self._show_work)
        self.finishing.ended.connect(self.listing.go_on)
