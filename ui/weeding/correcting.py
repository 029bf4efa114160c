"""Statuses that a conversion of old data spoiled, put right as a batch (002 م8-3 … م8-6): the list is looked at first,
then changed as a whole, with a reason."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.actions import Action
from app.devices.scan import Scan, Unreadable
from app.outcome import Refused
from app.weeding.minutes.corrections import (
    MOST,
    Correction,
    CorrectionPreview,
    StatusCorrected,
    StatusCorrection,
    preview_correction,
)
from db.trouble import Trouble
from reports.lists import list_xlsx
from ui.errors import told
from ui.jobs import Token
from ui.keys import ESCAPE, KeyHelp
from ui.paper.saving import SavePanel
from ui.said import Said
from ui.scans.words import FILTER
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.weeding import correcting_words as say
from ui.weeding import words
from ui.weeding.card import Beside
from ui.weeding.chosen import BoxKeys
from ui.weeding.correcting_card import CORRECT, FILE, RANGE, REMOVE, CopiesCard, Kinds
from ui.weeding.correcting_words import CorrectingLine
from ui.weeding.correcting_work import CorrectingList, correct, look, look_at_file
from ui.weeding.entry import Entry
from ui.widgets.ask_path import AskWhich, ask_which
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import trouble_notice
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

TITLE = "اصلاح گروهی وضعیت‌ها"
KEYS = (
    KeyHelp("Ctrl+1 … 4", "برگزیدن یکی از چهار اصلاح"),
    KeyHelp(RANGE, "افزودن نسخه‌های یک محدودهٔ شمارهٔ ثبت"),
    KeyHelp(FILE, "خواندن نسخه‌ها از فایل"),
    KeyHelp(REMOVE, "برداشتن نسخهٔ برگزیده از فهرست"),
    KeyHelp(CORRECT, "اصلاح وضعیت نسخه‌های فهرست، با دلیل"),
    KeyHelp(words.YES_KEY, "تأیید، در پاسخ پرسش"),
)


class Correcting(QWidget):
    """`closed` leads back to the lists. Scans wait while a question stands or a piece of work runs."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._lines = CorrectingList()
        self._waiting: list[str] = []
        self._working = False
        self.entry: Entry | None = None
        self.kind = Correction.UNKNOWN
        self.ask_which: AskWhich = ask_which
        self.kinds, self.card = Kinds(), CopiesCard(session)
        self.box = SearchBox("برچسب نسخه را اسکن کنید…")
        self.banner, self.panel, self.saving = Banner(), Panel(), SavePanel()
        self.list = RowList(say.correcting_table(), noun="سطر")
        self.list.set_empty(*say.EMPTY)
        self._keys = BoxKeys(self.box, self.list.view, None, self)
        self._notices = QVBoxLayout()
        self.banner.hide()
        self._lay_out()
        self._connect()
        self._show_kind()

    def is_busy(self) -> bool:
        """Whether copies are being looked at or changed."""
        return self._working

    def open(self) -> None:
        """The part comes to the front: the list is looked at anew, and who may not correct hears it first."""
        refusals = self._session.library.forbids(self._session.act(), Action.FINALISE_MINUTES)
        if refusals:
            reason = words.reasons(refusals)[0]
            self.say(Said(Tone.REFUSE, reason.text, (reason.way_out,), Sound.REFUSED))
        elif not self.panel.is_open():
            self._look_anew()
        self.box.edit.setFocus()

    def take(self, scan: Scan | Unreadable) -> None:
        """A scan comes on the list, or waits."""
        if isinstance(scan, Unreadable):
            self.say(words.UNREADABLE)
        else:
            self.take_code(scan.text)

    @Slot(str)
    def take_code(self, code: str) -> None:
        """A barcode or accession number comes on the list, or waits."""
        if self._working or self.panel.is_open():
            self._waiting.append(code)
            self._show_waiting()
            return
        preview = preview_correction(self._session.library, self._request((code,)))
        line = self._put(preview)[0]
        self.list.view.choose(line.key)
        self.say(say.one_added(line))

    @Slot(object)
    def choose(self, kind: Correction) -> None:
        """Another correction, for the same list."""
        if self._is_free():
            self.kind = kind
            self._show_kind()
            self._look_anew()
            self.box.edit.setFocus()

    @Slot()
    def take_range(self) -> None:
        """Ctrl+G: all copies of a range of the register come on the list."""
        wanted = self.card.wanted() if self._is_free() else None
        if wanted is not None:
            request = StatusCorrection(self.kind, (), *wanted, weeded_as=self.card.weeded_as())
            self._start("محدودهٔ شمارهٔ ثبت", partial(look, self._session.library, request), self._ranged)

    @Slot()
    def read_file(self) -> None:
        """Ctrl+O: the copies of a file come on the list."""
        path = self.ask_which(self, FILTER) if self._is_free() else None
        if path is not None:
            code = self.card.worksheet_code() if self.kind is Correction.WEEDED else None
            work = partial(look_at_file, self._session.library, path, code, self._request(()))
            self._start(f"فایل {isolate(path.name)}", work, self._added)

    @Slot()
    def remove(self) -> None:
        """Delete: the chosen lines leave the list; nothing else happens to them."""
        if self._is_free():
            self._lines.drop([line.key for line in self.list.view.chosen()])
            self._show_lines()

    @Slot()
    def ask(self) -> None:
        """Ctrl+S: say what would become of the list, and ask why. Enter never answers."""
        if not self._is_free():
            return
        changing = len(self._lines.changing())
        if changing:
            self._question(Tone.WARN, say.before_correcting(self.kind, len(self._lines.lines()) - changing))
        else:
            self.say(say.NOTHING)

    def on_escape(self) -> None:
        """Close the question that stands, else the part; its list stays."""
        if self.panel.is_open():
            self._settle()
        elif self.saving.is_open():
            self.saving.close_question()
        else:
            self.banner.hide()
            self.closed.emit()

    def undo(self) -> None:
        """Ctrl+Z: take back this desk's last action, or say why a correction stays."""
        if self._is_free():
            self.banner.show()
            if undo_and_say(self._session, self.banner):
                self._look_anew()

    @Slot(object)
    def say(self, said: Said) -> None:
        """Tell what happened."""
        emptied(self._notices)
        self.banner.show()
        self.banner.show_outcome(said.tone, said.title, *said.detail)
        self._session.sounds.play(said.sound)

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.list.sheet()
        self.saving.save(self, "status-correction.xlsx", list_xlsx(TITLE, headings, rows))

    def _question(self, tone: Tone, reasons: Iterable[Reason], written: str = "") -> None:
        self.banner.hide()
        self.entry = Entry("چرا؟ (در دفتر رویدادها می‌ماند)", written)
        title = say.question(len(self._lines.changing()), self._request(()).becomes)
        yes = Choice(words.YES, "اصلاح شود", words.YES_KEY, "primary")
        choices = (yes, Choice(words.CLOSE, "انصراف", ESCAPE))
        self.panel.ask(tone, title, tuple(reasons), choices, extra=self.entry)
        self.entry.setFocus()
        self._show_waiting()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        if choice != words.YES or self.entry is None:
            self._settle()
            return
        request = self._request(self._lines.changing(), self.entry.text())
        self.panel.close_question()
        work = partial(correct, self._session.library, request, self._session.act())
        self._start(TITLE, work, partial(self._corrected, request))

    def _corrected(self, request: StatusCorrection, outcome: StatusCorrected | Refused) -> None:
        if isinstance(outcome, Refused):
            self._question(Tone.REFUSE, words.reasons(outcome.refusals), request.reason)
            self._session.sounds.play(Sound.REFUSED)
            return
        self._lines.settle(outcome)
        self._show_lines()
        self._session.refresh.tell("weeding", "items")
        self._settle(say.corrected(outcome, request.becomes, len(self._lines.lines())))

    def _ranged(self, preview: CorrectionPreview) -> None:
        if len(preview.copies) > MOST:  # what was read is not all of the range
            self._settle(say.TOO_MANY)
        else:
            self._added(preview)

    def _added(self, preview: CorrectionPreview) -> None:
        lines = self._put(preview)
        self._settle(say.added(len(lines), sum(line.changes for line in lines)))

    def _looked(self, preview: CorrectionPreview) -> None:
        self._lines.set(preview)
        self._show_lines()
        self.banner.hide()
        self._settle()

    @Slot()
    def _look_anew(self) -> None:
        if self._lines.codes() and self._is_free():
            request = self._request(self._lines.codes())
            self._start(TITLE, partial(look, self._session.library, request), self._looked)

    def _put(self, preview: CorrectionPreview) -> list[CorrectingLine]:
        lines = self._lines.put(preview)
        self._show_lines()
        return lines

    def _start(self, what: str, work: Callable[[Token], object], then: Callable[..., None]) -> None:
        self._working = True
        emptied(self._notices)
        self.banner.show()
        self.banner.show_outcome(Tone.INFO, *say.WORKING)
        job = self._session.jobs.start(what, work)
        job.finished.connect(partial(self._finished, then))
        job.failed.connect(self._failed)
        job.cancelled.connect(self._settle)

    def _finished(self, then: Callable[..., None], outcome: object) -> None:
        self._working = False
        then(outcome)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        """Trouble with a file is told here; anything else goes on to the one handler."""
        self.banner.hide()
        self._settle()
        if not isinstance(error, Trouble):
            raise error
        self._notices.addWidget(trouble_notice(*told(error)))
        self._session.sounds.play(Sound.REFUSED)

    def _settle(self, said: Said | None = None) -> None:
        """No question stands, no work runs: say what happened, and take the scans that waited."""
        self._working, self.entry = False, None
        self.panel.close_question()
        self.box.edit.setFocus()
        if said is not None:
            self.say(said)
        waiting, self._waiting = self._waiting, []
        self._show_waiting()
        for code in waiting:
            self.take_code(code)

    def _is_free(self) -> bool:
        if self.panel.is_open():
            self.say(say.ANSWER_FIRST)
        return not self._working and not self.panel.is_open()

    def _request(self, items: tuple[str, ...], reason: str = "") -> StatusCorrection:
        return StatusCorrection(self.kind, items, reason=reason, weeded_as=self.card.weeded_as())

    def _show_kind(self) -> None:
        self.kinds.choose(self.kind)
        self.card.show_kind(self.kind)

    def _show_lines(self) -> None:
        self.card.told.say("")
        self.list.set_rows(self._lines.lines())

    def _show_waiting(self) -> None:
        self.box.set_waiting(len(self._waiting))
        self.panel.set_waiting(len(self._waiting))

    def _lay_out(self) -> None:
        back = Button("بازگشت به فهرست‌ها", ESCAPE)
        back.clicked.connect(self.on_escape)
        lists = column(self.box, self.banner, self._notices, self.list, gap=10)
        lists.setStretch(3, 1)
        work = row(lists, Beside(self.card, self.panel, self.saving), gap=14)
        work.setStretch(0, 1)
        whole = column(row(Label(TITLE, "title"), None, back, gap=10), self.kinds, work, gap=10)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self.choose)
        self.box.submitted.connect(self.take_code)
        self.card.add_range.clicked.connect(self.take_range)
        self.card.file.clicked.connect(self.read_file)
        self.card.remove.clicked.connect(self.remove)
        self.card.correct.clicked.connect(self.ask)
        self.card.counted_as.connect(self._look_anew)
        self.panel.chosen.connect(self._chosen)
        self.list.export_wanted.connect(self.export)
        self.list.view.current_row.connect(self.card.show_line)
