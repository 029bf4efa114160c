"""Other libraries: their copies that stand here, ours that stand there, and what was asked of and taken from the union
catalogue they share (sync-protocol 11; 003 م5)."""

from PySide6.QtCore import Slot

from app.persian.digits import number
from app.union.record import UnionRecord
from ui.binding.asking import YES_KEY
from ui.keys import KeyHelp
from ui.network.asked import AGAIN, WITHDRAW, AskedPart
from ui.network.away import AwayPart
from ui.network.cataloguing import CataloguingPart
from ui.network.comparing import TAKE, TICK_KEYS
from ui.network.strangers import NAME, NEW, PRINT, SENT, StrangersPart
from ui.page import Action
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.saving import SavePanel
from ui.parts_page import KEYS, ScanPartsPage
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate

STALE_AFTER = frozenset({"sightings", "requests", "items", "loans", "titles", "exchange", "rules", "sync"})
STRANGERS, AWAY, ASKED, CATALOGUING = range(4)


class NetworkPage(ScanPartsPage):
    """A scan means what the part in front is for: a copy that goes home, one of ours that came home, a book that has no
    record, a book that is catalogued from one."""

    def __init__(self, session: Session) -> None:
        self.strangers, self.away = StrangersPart(session), AwayPart(session)
        self.asked, self.cataloguing = AskedPart(session), CataloguingPart(session)
        self.saving = SavePanel()
        parts = (
            ("از دیگران، نزد ما", self.strangers),
            ("از ما، نزد دیگران", self.away),
            ("درخواست رکورد", self.asked),
            ("ثبت از فهرستگان", self.cataloguing),
        )
        super().__init__(session, parts, STALE_AFTER)
        whole = self._work.layout()
        if whole is not None:
            whole.addWidget(self.saving)
        self._connect()
        self.show_part(STRANGERS)

    def parts(self) -> tuple[StrangersPart, AwayPart, AskedPart, CataloguingPart]:
        return self.strangers, self.away, self.asked, self.cataloguing

    def on_escape(self) -> None:
        if self.saving.is_open() and not self.shows_paper():
            self.saving.close_question()
        else:
            super().on_escape()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self.shows_paper():
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 4", "از دیگران نزد ما، از ما نزد دیگران، درخواست رکورد، ثبت از فهرستگان"),
            KeyHelp(SENT, "کتاب آن‌ها فرستاده شد؛ درخواست: فهرست‌نویسی از رکورد رسیده"),
            KeyHelp(NAME, "نام کتابخانه، از روی مهر"),
            KeyHelp(NEW, "بازگشت تازه؛ درخواست تازه"),
            KeyHelp(PRINT, "چاپ فهرست"),
            KeyHelp(AGAIN, "دوباره خواستن رکورد"),
            KeyHelp(WITHDRAW, "پس گرفتن درخواست"),
            KeyHelp(f"Alt+1 … {len(TICK_KEYS)}", "پدیدآوران، عنوان و ناشر با کتاب یکی است"),
            KeyHelp(TAKE, "ثبت از فهرستگان: همین کتاب است، ثبت نسخه"),
            KeyHelp(YES_KEY, "تأیید، در پاسخ پرسش"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("کتاب‌های کتابخانه‌های دیگر نزد ما", lambda: self.show_part(STRANGERS), KEYS[STRANGERS]),
            Action("کتاب‌های ما نزد کتابخانه‌های دیگر", lambda: self.show_part(AWAY), KEYS[AWAY]),
            Action("درخواست‌های رکورد", lambda: self.show_part(ASKED), KEYS[ASKED]),
            Action("ثبت کتاب از فهرستگان", lambda: self.show_part(CATALOGUING), KEYS[CATALOGUING]),
        )

    @Slot(object)
    def _catalogue(self, record: UnionRecord) -> None:
        """The record that was asked for has come: to the book."""
        self.show_part(CATALOGUING)
        self.cataloguing.open_record(record)

    @Slot(str)
    def _ask(self, sought: str) -> None:
        """No record of the book was found: it is asked for."""
        self.show_part(ASKED)
        self.asked.ask_for(sought)

    @Slot(str, object)
    def _export(self, name: str, content: bytes) -> None:
        self.saving.save(self, name, content)

    @Slot(str)
    def _stored(self, path: str) -> None:
        self.say(Said(Tone.OK, "ذخیره شد", (isolate(path),), Sound.CHECKED_IN))

    def _connect(self) -> None:
        for part in self.parts():
            part.said.connect(self.say)
        strangers, away, asked, cataloguing = self.tiles
        self.strangers.counted.connect(
            lambda here, unnamed: strangers.show_number(
                number(here), f"کتاب، {number(unnamed)} بی‌نام" if unnamed else "کتاب", Tone.WARN if unnamed else None
            )
        )
        self.away.counted.connect(
            lambda count, disputed: away.show_number(
                number(count), f"کتاب، {number(disputed)} در انتظار تصمیم" if disputed else "کتاب",
                Tone.WARN if disputed else None,
            )
        )  # fmt: skip
        self.asked.counted.connect(
            lambda waiting, came: asked.show_number(
                number(waiting), f"در انتظار، {number(came)} رسیده" if came else "در انتظار"
            )
        )
        self.cataloguing.counted.connect(lambda held: cataloguing.show_number(number(held), "رکورد نزد ما"))
        for lists in (self.strangers, self.away):
            lists.printed.connect(self.show_paper)
        for sheets in (self.strangers, self.away, self.cataloguing):
            sheets.exported.connect(self._export)
        self.asked.taken.connect(self._catalogue)
        self.cataloguing.asked.connect(self._ask)
        self.saving.saved.connect(self._stored)
