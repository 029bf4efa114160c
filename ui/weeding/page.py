"""The weeding page: scanned copies become a list, the list becomes numbered minutes, the minutes a frozen paper."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from app.persian import jalali
from app.persian.digits import number
from app.weeding.paper import Printed
from app.weeding.queries import ArchivedMinutes, archive, frozen_paper
from app.weeding.service import Finalised
from db.codes import WeedingReason
from ui.circulation.words import Said
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper, stored_paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.session import Session
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.archive import OPEN, Archive
from ui.weeding.drafts import ARCHIVE, FREEZE, PREVIEW, REMOVE, Drafts
from ui.weeding.rows import MINUTES_NAME, minutes_name
from ui.weeding.tiles import REASONS
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
        self.drafts, self.archive, self.preview = Drafts(session), Archive(), PaperPreview(session.jobs)
        stack = QWidget()
        self._stack = Front(stack)
        for part in (self.drafts, self.archive, self.preview):
            self._stack.addWidget(part)
        self.setLayout(column(stack, margins=MARGINS))
        self._connect()

    def on_shown(self) -> None:
        if self._stale:
            self._stale = False
            self.drafts.reload()
        if self._stack.currentWidget() is self.drafts:
            self.drafts.focus_box()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        if isinstance(scan, Unreadable):
            self.drafts.say(words.UNREADABLE)
            return
        self._show(self.drafts)
        self.drafts.listing.take(scan.text)

    def on_escape(self) -> None:
        shown = self._stack.currentWidget()
        if shown is self.preview:
            self.preview.on_escape()
        elif shown is self.archive:
            self.archive.on_escape()
        else:
            self.drafts.on_escape()

    def undo(self) -> None:
        self._show(self.drafts)
        self.drafts.undo()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self._stack.currentWidget() is self.preview:
            return PAPER_KEYS
        if self._stack.currentWidget() is self.archive:
            return (KeyHelp(OPEN, "باز کردن برگهٔ صورتجلسه"),)
        return (
            KeyHelp("Ctrl+1 … 4", "برگزیدن یکی از چهار صورتجلسه"),
            KeyHelp(REMOVE, "برداشتن نسخهٔ برگزیده از فهرست"),
            KeyHelp(PREVIEW, "پیش‌نمایش صورتجلسه"),
            KeyHelp(FREEZE, "نهایی کردن و چاپ"),
            KeyHelp(words.FREEZE_KEY, "تأیید نهایی کردن"),
            KeyHelp(words.YES_KEY, "تأیید، در پاسخ پرسش"),
            KeyHelp(ARCHIVE, "بایگانی صورتجلسه‌ها"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            *(self._choice(place, reason) for place, reason in enumerate(REASONS, start=1)),
            Action("نهایی کردن و چاپ صورتجلسه", self._on_drafts(self.drafts.ask_freeze), FREEZE),
            Action("پیش‌نمایش صورتجلسه", self._on_drafts(self.drafts.show_draft), PREVIEW),
            Action("بایگانی صورتجلسه‌های وجین", self.show_archive, ARCHIVE),
        )

    @Slot()
    def show_archive(self) -> None:
        """Ctrl+B: every finalised minutes."""
        with self._session.library.store.read() as reader:
            self.archive.show_minutes(archive(reader))
        self._show(self.archive)
        self.archive.setFocus()

    @Slot(object)
    def open_minutes(self, minutes: ArchivedMinutes) -> None:
        """Show the frozen paper of minutes. Raises Trouble P-1105 when its bytes are not what was frozen."""
        with self._session.library.store.read() as reader:
            pdf, sheet = (frozen_paper(reader, paper) for paper in (minutes.document_id, minutes.sheet_id))
        told = f"{number(minutes.copies)} نسخه · {jalali.day_month_year(minutes.finalised_on)}"
        title = f"صورتجلسهٔ {minutes_name(minutes)}"
        self._show_paper(stored_paper(title, pdf, sheet, (MINUTES_NAME[minutes.reason], told)))

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
        told = f"{number(self.drafts.list.table.total())} نسخه · {number(printed.pages)} صفحه"
        name = f"draft-{reason}"
        self._show_paper(
            Paper(MINUTES_NAME[reason], printed.pdf, f"{name}.pdf", printed.xlsx, f"{name}.xlsx", (told,), draft=True)
        )

    def _show_paper(self, paper: Paper) -> None:
        self._before = self._stack.currentWidget()
        self._show(self.preview)
        self.preview.show_paper(paper)

    @Slot()
    def _leave_preview(self) -> None:
        self._show(self.archive if self._before is self.archive else self.drafts)

    @Slot()
    def _to_drafts(self) -> None:
        self._show(self.drafts)

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
        self.archive.opened.connect(self.open_minutes)
        self.archive.closed.connect(self._to_drafts)
        self.preview.closed.connect(self._leave_preview)
        self.preview.said.connect(self._tell_of_paper)
        self._session.refresh.changed.connect(self._note_changes)
