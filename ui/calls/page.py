"""The page that follows up late books: calls, reminders, and the numbers that must be asked for again."""

from app.devices.scan import Scan, Unreadable
from app.persian.digits import number
from ui.calls.calling import Calling
from ui.calls.cleaning import STORE, Cleaning
from ui.calls.late_card import OTHER_NUMBER
from ui.calls.reminding import EXPORT, LETTERS, MAKE, SENT, Reminding
from ui.calls.words import RESULT_KEYS
from ui.circulation.words import Said
from ui.keys import KeyHelp
from ui.page import Action
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.parts_page import KEYS, PartsPage
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate

STALE_AFTER = frozenset({"loans", "members", "items", "rules", "calls"})


class CallsPage(PartsPage):
    """Whom to call, what to send, which numbers to ask for."""

    def __init__(self, session: Session) -> None:
        self.calling, self.reminding, self.cleaning = Calling(session), Reminding(session), Cleaning(session)
        parts = (("تماس دیرکرد", self.calling), ("یادآوری‌ها", self.reminding), ("شماره‌های نادرست", self.cleaning))
        super().__init__(session, parts, STALE_AFTER)
        self._connect()
        self.show_part(0)

    def parts(self) -> tuple[Calling, Reminding, Cleaning]:
        return self.calling, self.reminding, self.cleaning

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A card chooses its reader on the call list."""
        if isinstance(scan, Unreadable):
            self.say(Said(Tone.REFUSE, "بارکد ناخوانا", ("دوباره اسکن کنید.",), Sound.REFUSED))
            return
        self.show_part(0)
        if not self.calling.choose(scan.text):
            detail = (f"{isolate(scan.text)} · در این فهرست نیست.",)
            self.say(Said(Tone.INFO, "دیرکردی برای این شماره ثبت نیست", detail, Sound.ATTENTION))

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self.shows_paper():
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "تماس‌ها، یادآوری‌ها، شماره‌های نادرست"),
            KeyHelp(f"Alt+1 … {len(RESULT_KEYS)}", "نتیجهٔ تماس"),
            KeyHelp(OTHER_NUMBER, "شمارهٔ دیگر همین عضو"),
            KeyHelp(MAKE, "ساختن یادآوری‌های امروز"),
            KeyHelp(LETTERS, "چاپ نامه‌های یادآوری"),
            KeyHelp(EXPORT, "فهرست پیامک"),
            KeyHelp(SENT, "ارسال شد"),
            KeyHelp(STORE, "ثبت شمارهٔ تازه"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("فهرست تماس دیرکرد", lambda: self.show_part(0), KEYS[0]),
            Action("یادآوری‌ها", lambda: self.show_part(1), KEYS[1]),
            Action("شماره‌های نادرست", lambda: self.show_part(2), KEYS[2]),
            Action("ساختن یادآوری‌های امروز", self.reminding.make, MAKE),
        )

    def _connect(self) -> None:
        for part in self.parts():
            part.said.connect(self.say)
        calls, notices, numbers = self.tiles
        self.calling.counted.connect(lambda due, all_: calls.show_number(number(due), f"امروز، از {number(all_)} عضو"))
        self.reminding.counted.connect(lambda count: notices.show_number(number(count), "در نوبت ارسال"))
        self.cleaning.counted.connect(lambda count: numbers.show_number(number(count), "باید پرسیده شود"))
        self.reminding.printed.connect(self.show_paper)
