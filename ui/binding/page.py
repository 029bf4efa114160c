"""Binding and mending: the draft request, requests on their way, and the log of mends (002 م13)."""

from PySide6.QtCore import Slot

from app.persian.digits import number
from ui.binding.asking import YES_KEY
from ui.binding.drafting import FREEZE, PREVIEW, SAVE, STRIKE, WAITING, DraftPart
from ui.binding.mending import MendingPart
from ui.binding.request_card import RECEIVE, SEND
from ui.binding.underway import BILL_KEY, COVER, FORM, LETTER_KEY, UnderwayPart
from ui.keys import KeyHelp
from ui.page import Action
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.saving import SavePanel
from ui.parts_page import KEYS, ScanPartsPage
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate

STALE_AFTER = frozenset({"binding", "items", "loans", "weeding", "rules"})
DRAFT, UNDERWAY, MENDING = 0, 1, 2


class BindingPage(ScanPartsPage):
    """A scan means what the part in front is for: a copy to be bound, a copy that is back, a copy that was mended."""

    def __init__(self, session: Session) -> None:
        self.draft, self.underway, self.mending = DraftPart(session), UnderwayPart(session), MendingPart(session)
        self.saving = SavePanel()
        parts = (("درخواست تازه", self.draft), ("در راه صحافی", self.underway), ("ترمیم در کتابخانه", self.mending))
        super().__init__(session, parts, STALE_AFTER)
        whole = self._work.layout()
        if whole is not None:
            whole.addWidget(self.saving)
        self._connect()
        self.show_part(DRAFT)

    def parts(self) -> tuple[DraftPart, UnderwayPart, MendingPart]:
        return self.draft, self.underway, self.mending

    def on_escape(self) -> None:
        if self.saving.is_open() and not self.shows_paper():
            self.saving.close_question()
        else:
            super().on_escape()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self.shows_paper():
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "درخواست تازه، در راه صحافی، ترمیم در کتابخانه"),
            KeyHelp(FREEZE, "به درخواست شماره بده؛ در راه: فرستاده شد"),
            KeyHelp(PREVIEW, "پیش‌نمایش درخواست تازه؛ در راه: فرم شماره یک"),
            KeyHelp(SAVE, "ثبت کاری که باید بشود؛ ثبت ترمیم"),
            KeyHelp(STRIKE, "برداشتن نسخه از درخواست؛ در راه: لغو درخواست؛ برداشتن ترمیم"),
            KeyHelp(WAITING, "نسخه‌هایی که در انتظار صحافی‌اند؛ Enter: در درخواست بنویس"),
            KeyHelp("Alt+1 … 5", "نتیجهٔ نسخه‌هایی که اسکن می‌شوند"),
            KeyHelp(RECEIVE, "همهٔ بقیه بازگشت"),
            KeyHelp(LETTER_KEY, "شماره و تاریخ نامه"),
            KeyHelp(COVER, "نامه به رئیس ادارهٔ شهرستان"),
            KeyHelp(BILL_KEY, "صورت‌حساب صحافی"),
            KeyHelp(YES_KEY, "تأیید، در پاسخ پرسش"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("صحافی: درخواست تازه", lambda: self.show_part(DRAFT), KEYS[0]),
            Action("صحافی: درخواست‌های در راه", lambda: self.show_part(UNDERWAY), KEYS[1]),
            Action("صحافی: ترمیم در کتابخانه", lambda: self.show_part(MENDING), KEYS[2]),
            Action("صحافی: فرم شماره یک", self.underway.show_form, FORM),
            Action("صحافی: نامه به شهرستان", self.underway.show_letter, COVER),
            Action(
                "صحافی: فرستادن درخواست",
                lambda: self.underway.steps.ask_sending(self.underway.chosen()),
                SEND,
            ),
        )

    def _connect(self) -> None:
        for part in self.parts():
            part.said.connect(self.say)
        draft, underway, mending = self.tiles
        self.draft.counted.connect(
            lambda copies: draft.show_number(number(copies), "نسخه در پیش‌نویس" if copies else "هنوز نسخه‌ای نیست")
        )
        self.underway.counted.connect(
            lambda requests, late: underway.show_number(
                number(requests),
                f"درخواست، {number(late)} از مهلت گذشته" if late else "درخواست در راه",
                Tone.REFUSE if late else None,
            )
        )
        self.mending.counted.connect(
            lambda mends, rials: mending.show_number(
                number(mends), f"در این فصل، {number(rials)} ریال" if rials else "در این فصل"
            )
        )
        self.draft.printed.connect(self.show_paper)
        self.underway.printed.connect(self.show_paper)
        self.draft.frozen.connect(self._frozen)
        for exported in (self.mending.exported, self.draft.exported):
            exported.connect(lambda name, content: self.saving.save(self, name, content))
        self.saving.saved.connect(lambda path: self.say(Said(Tone.OK, "ذخیره شد", (isolate(path),), Sound.CHECKED_IN)))

    @Slot()
    def _frozen(self) -> None:
        """A request has its number: it waits in the next part to be sent, and its form to be printed."""
        self.underway.reload()
        self.show_part(UNDERWAY)
        self.underway.choose_newest()
