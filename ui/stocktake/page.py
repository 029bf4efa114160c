"""The page of shelf-reading: sessions, the shelves, the end; a paper lies over them until it is closed."""

import uuid

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.binding.service import AddedToRequest, add_to_request
from app.devices.scan import Scan, Unreadable
from app.papers import document
from app.persian.digits import number, to_persian
from app.stocktake import reads
from app.stocktake.closing import Closed
from app.stocktake.facts import Session as Reading
from app.stocktake.reckoning import Reckoning
from db.reading import Reader
from reports.stocktake import TITLE, range_words
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.said import FLAWS, Said
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake import words
from ui.stocktake.finishing import CLOSE, DRAFT, GIVE_UP, TICK_ALL, Finishing
from ui.stocktake.reading import FILE, FINISH, OTHER_SCANNER, AtTheShelves
from ui.stocktake.starting import BEGIN, NEW, Starting
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.banner import Banner
from ui.widgets.buttons import listen
from ui.widgets.front import Front
from ui.widgets.labels import isolate
from ui.widgets.layouts import column
from ui.widgets.panel import Choice, Panel, Reason

MARGINS = (22, 18, 22, 18)
TO_BINDING, LATER = "to_binding", "later"
BINDING_KEY = "Ctrl+Shift+B"
STALE_AFTER = frozenset({"items", "loans", "weeding", "stocktake", "titles"})


class StocktakePage(Page):
    """A scan belongs to the session at the shelves, whatever lies over it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._to_bind: tuple[str, ...] = ()
        self.banner, self.after = Banner(), Panel()
        self.banner.hide()
        self.starting, self.shelves, self.finishing = Starting(session), AtTheShelves(session), Finishing(session)
        self.preview = PaperPreview(session.jobs)
        home, over = QWidget(), QWidget()
        first = column(self.banner, self.after, self.starting, gap=12)
        first.setStretch(2, 1)
        home.setLayout(first)
        self._home, self._stack = home, Front(over)
        for part in (home, self.shelves, self.finishing, self.preview):
            self._stack.addWidget(part)
        self._under: QWidget = home
        self.setLayout(column(over, margins=MARGINS))
        self._connect()

    def on_shown(self) -> None:
        if self._stale:
            self._reload()
        self._focus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """At the shelves a code is a copy; before them it is told that a session must be begun first. A session that
        is being closed takes none."""
        if self.finishing.is_closing():
            self._refuse_scan(scan)
            return
        if self.shelves.session_id() is None:
            self._say(
                Said(
                    Tone.WARN, "نخست رف‌خوانی را آغاز یا دنبال کنید", ("از فهرست، یا با محدوده‌ای تازه.",), Sound.REFUSED
                )
            )
            return
        if isinstance(scan, Unreadable):
            self.shelves.say(Said(Tone.REFUSE, "بارکد ناخوانا", (FLAWS[scan.reason],), Sound.REFUSED))
            return
        if self._stack.currentWidget() is not self.shelves:
            self.finishing.leave()
            self._show(self.shelves)
        self.shelves.take(scan.text)

    def _refuse_scan(self, scan: Scan | Unreadable) -> None:
        self._show(self.finishing)
        code = "" if isinstance(scan, Unreadable) else scan.text
        self.finishing.say(words.closing_now(code))

    def on_escape(self) -> None:
        shown = self._stack.currentWidget()
        if shown is self.preview:
            self.preview.on_escape()
        elif shown is self.shelves:
            self.shelves.on_escape()
        elif shown is self.finishing:
            self.finishing.on_escape()
        elif self.after.is_open():
            self.after.close_question()
        elif not self.starting.on_escape():
            self.banner.hide()

    def undo(self) -> None:
        """The last scan, or the last note."""
        if self.finishing.is_closing():
            self._show(self.finishing)
            return
        shown = self._stack.currentWidget()
        banner = self.shelves.banner if shown is self.shelves else self.banner
        banner.show()
        if undo_and_say(self._session, banner):
            self._reload()

    def key_help(self) -> tuple[KeyHelp, ...]:
        shown = self._stack.currentWidget()
        if shown is self.preview:
            return PAPER_KEYS
        if shown is self.shelves:
            return (
                KeyHelp("Ctrl+1 … 5", "وضعیت ظاهری آخرین کتاب"),
                KeyHelp("Alt+1 … 6", "فهرست یافته‌ها"),
                KeyHelp(OTHER_SCANNER, "بارکدخوان دیگر"),
                KeyHelp(FILE, "خواندن فایل بارکدخوان"),
                KeyHelp(FINISH, "فهرست‌ها و پایان رف‌خوانی"),
            )
        if shown is self.finishing:
            return (
                KeyHelp("Space", "برگزیدن نسخه‌ای که موجود شود"),
                KeyHelp(TICK_ALL, "برگزیدن همهٔ آن‌ها، یا هیچ‌کدام"),
                KeyHelp(DRAFT, "پیش‌نویس صورتجلسه"),
                KeyHelp(CLOSE, "پایان رف‌خوانی"),
                KeyHelp(GIVE_UP, "رها کردن رف‌خوانی"),
                KeyHelp(words.YES_KEY, "تأیید، در پاسخ پرسش"),
            )
        return (
            KeyHelp("Enter", "دنبال کردن رف‌خوانی، یا دیدن صورتجلسه‌اش"),
            KeyHelp(NEW, "نوشتن رف‌خوانی تازه"),
            KeyHelp(BEGIN, "آغاز رف‌خوانی"),
            KeyHelp(BINDING_KEY, "افزودن کتاب‌های فرسوده به درخواست صحافی"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("رف‌خوانی تازه", self.new, NEW),
            Action("فهرست‌ها و پایان رف‌خوانی", self.finish, FINISH),
            Action("فایل بارکدخوان در رف‌خوانی", self.shelves.choose_file, FILE),
        )

    @Slot()
    def new(self) -> None:
        """Ctrl+N: the form of a new session."""
        self._leave()
        self.starting.focus_form()

    @Slot()
    def finish(self) -> None:
        """The lists of the session, and its end."""
        session_id = self.shelves.session_id()
        if session_id is None:
            return
        if not self.finishing.is_closing():
            self.finishing.show_session(session_id)
        self._show(self.finishing)

    @Slot(object)
    def open_session(self, session_id: uuid.UUID) -> None:
        """Go to the shelves, unless it is being closed."""
        if self.finishing.work.closing == session_id:
            self._show(self.finishing)
        elif self.shelves.open(session_id):
            self.after.close_question()
            self.banner.hide()
            self._show(self.shelves)

    @Slot(object)
    def open_paper(self, session_id: uuid.UUID) -> None:
        """The frozen minutes of a session that is over."""
        with self._session.library.store.read() as reader:
            reading = reads.session_of(reader, session_id)
            paper = _frozen(reader, reading) if reading else None
        if paper is not None:
            self.show_paper(paper)

    @Slot(object)
    def show_paper(self, paper: Paper) -> None:
        """Lay a paper over what is in front."""
        self._under = self._stack.currentWidget() or self._home
        self._stack.setCurrentWidget(self.preview)
        self._stack.invalidate()
        self.preview.show_paper(paper)
        self.preview.setFocus()

    @Slot()
    def _close_paper(self) -> None:
        self._show(self._under)

    @Slot()
    def _leave(self) -> None:
        self.starting.reload()
        self._show(self._home)

    @Slot(object)
    def _given_up(self, said: Said) -> None:
        self._leave()
        self._say(said)

    @Slot(object, object)
    def _closed(self, outcome: Closed, reckoning: Reckoning) -> None:
        """It is over: what came of it, what is due now (002 م7-3، م13-4), and its paper."""
        self._leave()
        figures = outcome.figures
        told = [f"{figures['missing']} نسخه مفقود شد", f"{figures['found']} نسخه پیدا شد"]
        returned = figures["returned"]
        told += [f"بازگشت {returned} نسخه ثبت شد"] if returned else []
        told += [f"{number(outcome.credit)} ریال از آنِ عضوها شد"] if outcome.credit else []
        title = f"صورتجلسهٔ {to_persian(outcome.number)} ثبت شد — «{isolate(outcome.name)}»"
        self._say(Said(Tone.OK, title, (to_persian(" · ".join(told)),), Sound.CHECKED_OUT))
        self._ask_what_is_due(outcome, reckoning)
        self.open_paper(outcome.session_id)

    def _ask_what_is_due(self, outcome: Closed, reckoning: Reckoning) -> None:
        self._to_bind = tuple(read.copy.barcode for read in reckoning.to_bind)
        choices = [Choice(LATER, "باشد", "Esc")]
        if self._to_bind:
            words_ = f"{number(len(self._to_bind))} نسخه به درخواست صحافی"
            choices.insert(0, Choice(TO_BINDING, words_, BINDING_KEY, "primary"))
        unbindable = len(reckoning.unbindable)
        worn = f"{number(unbindable)} نسخهٔ صحافی‌ناپذیر اکنون نامزد وجین است. " if unbindable else ""
        self.after.ask(
            Tone.INFO,
            "پس از رف‌خوانی، نوبت این‌هاست",
            (
                *(Reason(line) for line in words.to_hold_shelf(outcome.kept)),
                Reason(f"{worn}فرستادن صورتجلسه‌های وجین به ادارهٔ شهرستان (م ۷-۳): صفحهٔ وجین، F6"),
                Reason("درخواست صحافی کتاب‌های فرسوده با نامه (م ۱۳-۴): صفحهٔ صحافی، F7"),
            ),
            choices,
        )

    @Slot(str)
    def _due_answered(self, code: str) -> None:
        self.after.close_question()
        if code != TO_BINDING:
            return
        added = 0
        for barcode in self._to_bind:
            outcome = add_to_request(self._session.library, barcode, self._session.act())
            added += isinstance(outcome, AddedToRequest)
        self._session.refresh.tell("binding", "items")
        left = len(self._to_bind) - added
        detail = (
            f"{number(left)} نسخه افزوده نشد؛ آن‌ها را در صفحهٔ صحافی ببینید."
            if left
            else "در صفحهٔ صحافی (F7) به آن شماره بدهید و شمارهٔ نامه را بنویسید."
        )
        tone = Tone.WARN if left else Tone.OK
        self._say(Said(tone, f"{number(added)} نسخه به درخواست صحافی افزوده شد", (detail,), Sound.CHECKED_IN))
        self._to_bind = ()

    def _say(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    def _show(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        self._stack.invalidate()
        self._focus()

    def _focus(self) -> None:
        shown = self._stack.currentWidget()
        (self.starting if shown is self._home or shown is None else shown).setFocus()

    def _reload(self) -> None:
        """What was in front when it grew old; the sessions are read anew when somebody goes back to them."""
        self._stale = False
        if self._stack.currentWidget() is self._home:
            self.starting.reload()
        self.shelves.reload()

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _connect(self) -> None:
        self.starting.opened.connect(self.open_session)
        self.starting.paper_wanted.connect(self.open_paper)
        self.shelves.finish_wanted.connect(self.finish)
        self.shelves.left.connect(self._leave)
        self.shelves.banner.undo_wanted.connect(self.undo)
        self.finishing.left.connect(lambda: self._show(self.shelves))
        self.finishing.paper_wanted.connect(self.show_paper)
        self.finishing.closed.connect(self._closed)
        self.finishing.given_up.connect(self._given_up)
        self.preview.closed.connect(self._close_paper)
        self.after.chosen.connect(self._due_answered)
        self._session.refresh.changed.connect(self._changed)
        listen(self._home, NEW, self.new)


def _frozen(reader: Reader, reading: Reading) -> Paper | None:
    """The stored bytes as a paper, None while there are none."""
    pdf = document(reader, reading.document_id) if reading.document_id else None
    sheet = document(reader, reading.sheet_id) if reading.sheet_id else None
    if pdf is None or sheet is None:
        return None
    title = f"{TITLE} {to_persian(pdf.number or '')}"
    facts = (f"«{isolate(reading.name)}»", range_words(reading))
    return Paper(title, pdf.content, pdf.file_name, sheet.content, sheet.file_name, facts)
