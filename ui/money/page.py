"""The money page: the account of a member, the drawer and the day, and amnesty campaigns."""

from collections import deque

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.devices.scan import Scan, Unreadable
from app.persian.digits import number
from ui.circulation.words import Said
from ui.keys import KeyHelp
from ui.money import words
from ui.money.account import AccountPart
from ui.money.amnesty import DECLARE, AmnestyPart
from ui.money.asking import YES_KEY, Asking
from ui.money.drawer import CLOSE, OPEN, REPORT, DrawerPart
from ui.money.member_card import ALL, CHARGE, PAY, RECEIPT, REFUND, STATEMENT, VOID, WAIVE
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)
STALE_AFTER = frozenset({"loans", "members", "rules", "money"})
KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3")
NO_UNDO = Said(Tone.INFO, "پول با واگرد برنمی‌گردد", ("رسید یا سطر نادرست را با Delete باطل کنید.",), Sound.ATTENTION)


class MoneyPage(Page):
    """Three parts, one in front; a paper lies over them until it is closed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._waiting: deque[Scan] = deque()
        self.banner = Banner()
        self.banner.hide()
        self.account, self.drawer, self.amnesty = AccountPart(session), DrawerPart(session), AmnestyPart(session)
        self.preview = PaperPreview(session.jobs)
        self._parts: tuple[AccountPart | DrawerPart | AmnestyPart, ...] = (self.account, self.drawer, self.amnesty)
        names = ("حساب عضو", "صندوق و روز", "طرح بخشودگی")
        self.tiles = tuple(StatTile(name, clickable=True, key=key) for name, key in zip(names, KEYS, strict=True))
        lists = QWidget()
        self._lists = Front(lists)
        for part in self._parts:
            self._lists.addWidget(part)
        self._front = QWidget()
        whole = column(row(*self.tiles, gap=12), self.banner, lists, gap=12)
        whole.setStretch(2, 1)
        self._front.setLayout(whole)
        over = QWidget()
        self._stack = Front(over)
        for shown in (self._front, self.preview):
            self._stack.addWidget(shown)
        self.setLayout(column(over, margins=MARGINS))
        self._connect()
        self.show_part(0)

    def on_shown(self) -> None:
        if self._stale:
            self._stale = False
            for part in self._parts:
                part.reload()
            self._count()
        if self._stack.currentWidget() is self._front:
            self._parts[self._lists.currentIndex()].setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A card shows its account, a copy that of whoever has it; while something is asked, scans wait."""
        if isinstance(scan, Unreadable):
            self.say(Said(Tone.REFUSE, "بارکد ناخوانا", ("دوباره اسکن کنید.",), Sound.REFUSED))
        elif self._asking().is_open():
            self._waiting.append(scan)
            self._parts[self._lists.currentIndex()].panel.set_waiting(len(self._waiting))
        else:
            self._scanned(scan)

    def select_member(self, key: str) -> bool:
        """Show the account of a card, member number or national id; False when nobody has it."""
        self.show_part(0)
        if not self.account.select(key):
            return False
        self.banner.hide()
        self._count()
        return True

    def on_escape(self) -> None:
        if self._stack.currentWidget() is self.preview:
            self.preview.on_escape()
        elif not self._parts[self._lists.currentIndex()].on_escape():
            self.banner.hide()

    def undo(self) -> None:
        self.say(NO_UNDO)

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self._stack.currentWidget() is self.preview:
            return PAPER_KEYS
        parts = KeyHelp("Ctrl+1 … 3", "حساب عضو، صندوق و روز، طرح بخشودگی")
        yes = KeyHelp(YES_KEY, "انجام کاری که پرسیده شده است")
        return (parts, *_KEYS_OF_PART[self._lists.currentIndex()], yes)

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("حساب عضو", lambda: self.show_part(0), KEYS[0]),
            Action("صندوق و پول امروز", lambda: self.show_part(1), KEYS[1]),
            Action("طرح بخشودگی", lambda: self.show_part(2), KEYS[2]),
            Action("گزارش مالی روز", self.drawer.print_report),
        )

    def show_part(self, place: int) -> None:
        """Bring one of the three parts to the front."""
        self._bring(self._front)
        self._lists.setCurrentIndex(place)
        self._lists.invalidate()
        for other, tile in enumerate(self.tiles):
            tile.set_chosen(other == place)
        self._parts[place].setFocus()

    @Slot(object)
    def say(self, said: Said) -> None:
        """Tell an outcome: banner and sound."""
        self.banner.show_outcome(said.tone, said.title, *said.detail)
        self.banner.show()
        self._session.sounds.play(said.sound)

    def _asking(self) -> Asking:
        return self._parts[self._lists.currentIndex()].asking

    def _scanned(self, scan: Scan) -> None:
        if self.select_member(scan.text):
            self._session.sounds.play(Sound.CHECKED_IN)
            return
        self.account.clear()  # nobody stays on screen after an unknown code (habit 5)
        detail = (f"{isolate(scan.text)} · کارت را دوباره اسکن کنید یا نام را بنویسید.",)
        self.say(Said(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED))

    @Slot()
    def _work_off(self) -> None:
        """The box has the focus again; the next scan that came while something was asked."""
        if self._stack.currentWidget() is self._front:
            self._parts[self._lists.currentIndex()].setFocus()
        if self._waiting and not self._asking().is_open():
            self._scanned(self._waiting.popleft())

    @Slot(object)
    def _show_paper(self, paper: Paper) -> None:
        self._bring(self.preview)
        self.preview.show_paper(paper)
        self.preview.setFocus()

    def _bring(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        self._stack.invalidate()

    @Slot()
    def _close_paper(self) -> None:
        self.show_part(self._lists.currentIndex())

    @Slot()
    def _moved(self) -> None:
        """Money has moved in one part: the others tell it too."""
        for part in self._parts:
            part.reload()
        self._count()
        self._stale = False

    def _count(self) -> None:
        account = self.account.account()
        accounts, drawer, amnesty = self.tiles
        if account is None:
            accounts.show_number("—", "عضوی برگزیده نشده است")
        else:
            told, tone = words.balance(account.balance)
            accounts.show_number(isolate(account.member.name), told, tone)
        drawer.show_number(*self.drawer.told())
        running = self.amnesty.running()
        amnesty.show_number(number(running), "در جریان" if running else "طرحی در جریان نیست")

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _connect(self) -> None:
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda place=place: self.show_part(place))
        for part in self._parts:
            part.said.connect(self.say)
            part.printed.connect(self._show_paper)
            part.changed.connect(self._moved)
            part.asking.ended.connect(self._work_off)
        self.account.shown.connect(self._count)
        self.preview.closed.connect(self._close_paper)
        self._session.refresh.changed.connect(self._changed)


_KEYS_OF_PART = (
    (
        KeyHelp("Space", "برگزیدن سطر برای پرداخت"),
        KeyHelp(PAY, "دریافت"),
        KeyHelp(WAIVE, "بخشودن با دلیل"),
        KeyHelp(CHARGE, "بدهی تازه"),
        KeyHelp(REFUND, "بازپرداخت"),
        KeyHelp(VOID, "ابطال سطر یا رسید"),
        KeyHelp(ALL, "همهٔ سطرها یا تنها بدهی باز"),
        KeyHelp(RECEIPT, "چاپ رسید"),
        KeyHelp(STATEMENT, "صورت‌حساب"),
        KeyHelp("Alt+1 … 4", "روش پرداخت، یا دلیل بخشودگی"),
    ),
    (
        KeyHelp(OPEN, "باز کردن صندوق"),
        KeyHelp(CLOSE, "شمردن و بستن صندوق"),
        KeyHelp(RECEIPT, "چاپ رسید برگزیده"),
        KeyHelp(VOID, "ابطال رسید برگزیده"),
        KeyHelp(REPORT, "گزارش مالی روز"),
    ),
    (
        KeyHelp(DECLARE, "طرح بخشودگی تازه"),
        KeyHelp(VOID, "پایان دادن به طرح"),
        KeyHelp(RECEIPT, "گزارش طرح"),
    ),
)
