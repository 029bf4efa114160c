"""The van and the post: the calendar of visits, the desk at a stop, parcels on their way (004 الف-2، الف-3)."""

from PySide6.QtCore import Slot

from app.devices.scan import Scan, Unreadable
from app.persian.digits import number
from app.routes.reads import StopRow
from ui.circulation.words import Said
from ui.keys import KeyHelp
from ui.page import Action
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.parts_page import KEYS, PartsPage
from ui.routes.planning import CANCEL, DONE, LEND, LIST, MOVE, NEW, PACK, Planning
from ui.routes.posting import LABELS, PostingPart
from ui.routes.stop_desk import ASSIGN, SLIP, StopDesk
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone

STALE_AFTER = frozenset({"loans", "members", "items", "rules", "routes"})
PLANNING, DESK, POST = 0, 1, 2


class RoutesPage(PartsPage):
    """The calendar of the van, the desk at a stop, the parcels."""

    def __init__(self, session: Session) -> None:
        self.planning, self.desk, self.posting = Planning(session), StopDesk(session), PostingPart(session)
        parts = (
            ("بازدیدهای سیار", self.planning),
            ("امانت در ایستگاه", self.desk),
            ("پست و پیک", self.posting),
        )
        super().__init__(session, parts, STALE_AFTER)
        self._connect()
        self.show_part(PLANNING)

    def parts(self) -> tuple[Planning, StopDesk, PostingPart]:
        return self.planning, self.desk, self.posting

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A code goes to the parcels while they are in front, else to the desk of the van."""
        if isinstance(scan, Unreadable):
            self.say(Said(Tone.REFUSE, "بارکد ناخوانا", ("دوباره اسکن کنید.",), Sound.REFUSED))
        elif self._lists.currentIndex() == POST:
            self.posting.take(scan.text)
        else:
            self.show_part(DESK)
            self.desk.take(scan.text)

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self.shows_paper():
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "بازدیدها، امانت در ایستگاه، پست و پیک"),
            KeyHelp(NEW, "مسیر یا درخواست تازه"),
            KeyHelp(LEND, "امانت در ایستگاه برگزیده"),
            KeyHelp(ASSIGN, "عضو روی میز، عضو این ایستگاه شود"),
            KeyHelp(SLIP, "در ایستگاه: برگهٔ امانت عضو"),
            KeyHelp(DONE, "بازدید انجام شد؛ بسته ارسال شد"),
            KeyHelp(MOVE, "بازدید در روز دیگر؛ بسته به کتابخانه رسید"),
            KeyHelp(CANCEL, "لغو بازدید یا درخواست"),
            KeyHelp(LIST, "چاپ فهرست امانت ایستگاه"),
            KeyHelp(PACK, "چاپ فهرست بار"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("بازدیدهای سیار", lambda: self.show_part(PLANNING), KEYS[0]),
            Action("امانت در ایستگاه", lambda: self.show_part(DESK), KEYS[1]),
            Action("بسته‌های پست و پیک", lambda: self.show_part(POST), KEYS[2]),
            Action("چاپ برچسب نشانی بسته‌ها", self.posting.print_labels, LABELS),
        )

    def reload(self) -> None:
        super().reload()
        stop = self.desk.here()
        self.tiles[DESK].show_number(stop.name if stop else "—", "ایستگاه" if stop else "ایستگاهی نیست")

    @Slot(object)
    def _lend_at(self, stop: StopRow) -> None:
        self.desk.choose_stop(stop)
        self.tiles[DESK].show_number(stop.name, "ایستگاه")
        self.show_part(DESK)

    def _connect(self) -> None:
        for part in self.parts():
            part.said.connect(self.say)
        visits, _, post = self.tiles
        self.planning.counted.connect(
            lambda soon, routes: visits.show_number(number(soon), f"در هفت روز، {number(routes)} مسیر")
        )
        self.posting.counted.connect(
            lambda wished, under_way: post.show_number(number(wished), f"برای ارسال، {number(under_way)} در راه")
        )
        self.planning.lend_at.connect(self._lend_at)
        self.planning.printed.connect(self.show_paper)
        self.desk.printed.connect(self.show_paper)
        self.posting.printed.connect(self.show_paper)
        self.desk.stop.currentIndexChanged.connect(lambda _: self._name_stop())

    def _name_stop(self) -> None:
        stop = self.desk.here()
        if stop is not None:
            self.tiles[DESK].show_number(stop.name, "ایستگاه")
