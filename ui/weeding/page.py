"""The weeding page: scanned copies become a list, the list becomes numbered minutes, the minutes a frozen paper."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from app.papers import Printed
from app.persian.digits import number
from app.weeding.facts import Proposal
from app.weeding.queries import ArchivedMinutes, archive
from app.weeding.service import Finalised
from db.codes import WeedingReason
from ui.circulation.words import Said
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.session import Session
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.archive import KEYS as ARCHIVE_KEYS
from ui.weeding.archive import Archive
from ui.weeding.bench_keys import KEYS as BENCH_KEYS
from ui.weeding.bench_layout import ARCHIVE, ASIDE, CORRECTING, FILE, FREEZE, PREVIEW, TRACKING
from ui.weeding.correcting import KEYS as CORRECTING_KEYS
from ui.weeding.correcting import TITLE as CORRECTING_TITLE
from ui.weeding.correcting import Correcting
from ui.weeding.decided import KEYS as ASIDE_KEYS
from ui.weeding.decided import TITLE as ASIDE_TITLE
from ui.weeding.decided import PutAside
from ui.weeding.drafts import Drafts
from ui.weeding.papers import archived_paper
from ui.weeding.rows import MINUTES_NAME
from ui.weeding.scanned_file import ASK, ScannedFile
from ui.weeding.tiles import REASONS
from ui.weeding.tracking import KEYS as TRACKING_KEYS
from ui.weeding.tracking import Tracking
from ui.widgets.buttons import listen
from ui.widgets.front import Front
from ui.widgets.layouts import column

MARGINS = (22, 18, 22, 18)
_TELLS = frozenset({"weeding", "items", "titles", "loans"})


class WeedingPage(Page):
    """The drafts in front; archive and preview lie over them for a while, and a scan always leads back to the list."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = False
        self._before: QWidget | None = None
        self.drafts, self.archive, self.preview = Drafts(session), Archive(session), PaperPreview(session.jobs)
        self.tracking, self.file, self.correcting = Tracking(session), ScannedFile(session), Correcting(session)
        self.aside = PutAside(session)
        self._parts = (
            self.drafts, self.archive, self.tracking, self.file, self.correcting, self.aside, self.preview,
        )  # fmt: skip
        self._keys: Mapping[QWidget | None, tuple[KeyHelp, ...]] = {
            self.preview: PAPER_KEYS,
            self.archive: ARCHIVE_KEYS,
            self.tracking: TRACKING_KEYS,
            self.correcting: CORRECTING_KEYS,
            self.aside: ASIDE_KEYS,
            self.file: (KeyHelp(ASK, "پرسش دربارهٔ نسخه‌ای که نوشته نشد"),),
        }
        stack = QWidget()
        self._stack = Front(stack)
        for part in self._parts:
            self._stack.addWidget(part)
        self.setLayout(column(stack, margins=MARGINS))
        self._connect()

    def on_shown(self) -> None:
        self._read_anew()
        if self._stack.currentWidget() is self.drafts:
            self.drafts.focus_box()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        if self._stack.currentWidget() is self.correcting:
            self.correcting.take(scan)
        elif isinstance(scan, Unreadable):
            self.drafts.say(words.UNREADABLE)
        else:
            self._show(self.drafts)
            self.drafts.listing.take(scan.text)

    def on_escape(self) -> None:
        for part in self._parts:
            if part is self._stack.currentWidget():
                part.on_escape()
                break

    def undo(self) -> None:
        shown = self._stack.currentWidget()
        if shown is self.correcting:
            self.correcting.undo()
        elif shown is self.aside:
            self.aside.undo()
        else:
            self._show(self.drafts)
            self.drafts.undo()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return self._keys.get(self._stack.currentWidget(), BENCH_KEYS)

    def commands(self) -> tuple[Action, ...]:
        return (
            *(self._choice(place, reason) for place, reason in enumerate(REASONS, start=1)),
            Action("نهایی کردن و چاپ صورتجلسه", self._on_drafts(self.drafts.ask_freeze), FREEZE),
            Action("پیش‌نمایش صورتجلسه", self._on_drafts(self.drafts.show_draft), PREVIEW),
            Action("پیگیری صورتجلسه‌های وجین", self.show_tracking, TRACKING),
            Action("بایگانی صورتجلسه‌های وجین", self.show_archive, ARCHIVE),
            Action("خواندن فایل بارکدخوان برای وجین", self._on_drafts(self.read_file), FILE),
            Action(f"{ASIDE_TITLE} در وجین", self._on_drafts(self.show_aside), ASIDE),
            Action(CORRECTING_TITLE, self.show_correcting, CORRECTING),
        )

    @Slot()
    def show_archive(self) -> None:
        """Ctrl+B: every finalised minutes."""
        self.archive.reload()
        self._show(self.archive)
        self.archive.setFocus()

    @Slot()
    def show_tracking(self) -> None:
        """Ctrl+T: the minutes on their way."""
        self.tracking.reload()
        self._show(self.tracking)
        self.tracking.setFocus()

    def show_subject(self, year: int, number: int) -> None:
        self.tracking.choose(f"{year}/{number}")

    @Slot()
    def show_correcting(self) -> None:
        """Ctrl+Shift+R: statuses that a conversion of old data spoiled."""
        self._show(self.correcting)
        self.correcting.open()

    @Slot()
    def show_aside(self) -> None:
        """Ctrl+Shift+H: what is put off or kept for the chosen reason."""
        self.aside.show_reason(self.drafts.listing.reason)
        self._show(self.aside)
        self.aside.setFocus()

    @Slot()
    def read_file(self) -> None:
        """Ctrl+O: a file of scanned barcodes goes on the list of the chosen reason."""
        if self.file.is_busy():
            self._show(self.file)
            return
        path = self.file.choose_file()
        if path is not None:
            listing = self.drafts.listing
            self.file.begin(path, Proposal(listing.reason, listing.criterion or None))
            self._show(self.file)

    @Slot(object)
    def open_minutes(self, minutes: ArchivedMinutes) -> None:
        """Show the frozen paper of minutes. Raises Trouble P-1105 when its bytes are not what was frozen."""
        self._show_paper(archived_paper(self._session.library, minutes))

    @Slot(object)
    def _show_frozen(self, outcome: Finalised) -> None:
        """The paper has its number: it is shown at once, with the keys to print and save it."""
        self.drafts.reload()
        with self._session.library.store.read() as reader:
            minutes = next(row for row in archive(reader) if row.id == outcome.minutes_id)
        said = words.frozen(outcome, minutes.reason)
        self.drafts.say(said)
        self.open_minutes(minutes)
        self.preview.tell(said.tone, said.title, "اکنون چاپ یا ذخیره کنید.")

    @Slot(object)
    def _show_printed_draft(self, printed: Printed) -> None:
        self.drafts.banner.hide()
        reason = self.drafts.listing.reason
        told = f"{number(self.drafts.listed())} نسخه · {number(printed.pages)} صفحه"
        name = f"draft-{reason}"
        self._show_paper(
            Paper(MINUTES_NAME[reason], printed.pdf, f"{name}.pdf", printed.xlsx, f"{name}.xlsx", (told,), draft=True)
        )

    @Slot(object)
    def _show_paper(self, paper: Paper) -> None:
        self._before = self._stack.currentWidget()
        self._show(self.preview)
        self.preview.show_paper(paper)

    @Slot()
    def _leave_preview(self) -> None:
        before = self._before
        self._show(before if before in (self.archive, self.tracking) else self.drafts)

    @Slot()
    def _to_drafts(self) -> None:
        self._read_anew()
        self._show(self.drafts)

    @Slot(str)
    def _ask_about(self, code: str) -> None:
        """A copy of the file that was refused: the question is put where the others are."""
        self._to_drafts()
        self.drafts.listing.put(code)

    def _read_anew(self) -> None:
        if self._stale:
            self._stale = False
            self.drafts.reload()

    @Slot(str, str)
    def _tell_of_paper(self, title: str, detail: str) -> None:
        """What became of a paper on its way to the printer, once the list is in front again."""
        if self._stack.currentWidget() is not self.preview:
            self.drafts.tell(Tone.INFO, title, detail)

    @Slot(object)
    def _back_to_drafts(self, _said: Said) -> None:
        """Something happened to the list: a scan that had waited while a paper was made."""
        self._show(self.drafts)

    @Slot(frozenset)
    def _note_changes(self, what: frozenset[str]) -> None:
        self._stale = self._stale or bool(what & _TELLS)

    def _show(self, part: QWidget) -> None:
        if self._stack.currentWidget() is part:
            return
        self._stack.setCurrentWidget(part)
        self._stack.invalidate()
        if part is self.drafts:
            self.drafts.focus_box()
        else:
            part.setFocus()

    def _choice(self, place: int, reason: WeedingReason) -> Action:
        run = self._on_drafts(lambda: self.drafts.choose_reason(reason))
        return Action(f"وجین: {MINUTES_NAME[reason]}", run, f"Ctrl+{place}")

    def _on_drafts(self, run: Callable[[], None]) -> Callable[[], None]:
        def there() -> None:
            self._show(self.drafts)
            run()

        return there

    def _connect(self) -> None:
        self.drafts.archive_wanted.connect(self.show_archive)
        self.drafts.finishing.frozen.connect(self._show_frozen)
        self.drafts.finishing.drafted.connect(self._show_printed_draft)
        self.drafts.listing.said.connect(self._back_to_drafts)
        self.drafts.tracking_wanted.connect(self.show_tracking)
        self.drafts.file_wanted.connect(self.read_file)
        self.drafts.aside_wanted.connect(self.show_aside)
        self.aside.closed.connect(self._to_drafts)
        listen(self.drafts, CORRECTING, self.show_correcting)
        self.correcting.closed.connect(self._to_drafts)
        self.tracking.closed.connect(self._to_drafts)
        self.tracking.paper_wanted.connect(self._show_paper)
        self.file.closed.connect(self._to_drafts)
        self.file.code_wanted.connect(self._ask_about)
        self.archive.opened.connect(self.open_minutes)
        self.archive.paper_wanted.connect(self._show_paper)
        self.archive.closed.connect(self._to_drafts)
        self.preview.closed.connect(self._leave_preview)
        self.preview.said.connect(self._tell_of_paper)
        self._session.refresh.changed.connect(self._note_changes)
