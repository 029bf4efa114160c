"""The account of one member: the box that finds them, their lines with what is open, and the card with what can be
done."""

import uuid
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.accounts.queries import Account, account_of, account_with
from app.circulation.reads import find_member
from app.items.queries import find_copy
from app.members.queries import find_members
from db.codes import LedgerKind
from reports.lists import list_xlsx
from ui.circulation.rows import Hit, hit_table, member_hit
from ui.circulation.words import Said
from ui.money import papers, questions
from ui.money.asking import Asking, Beside
from ui.money.member_card import MemberCard
from ui.money.rows import ROW_HEIGHT, LedgerRow, all_rows, ledger_table, open_rows
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.arrows import MOVES
from ui.widgets.empty import EmptyPage
from ui.widgets.front import Front
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

SHORTEST, MOST_HITS = 2, 20
CLEAR = ("این حساب بدهی باز ندارد", "با «همهٔ سطرها» دریافت‌ها و بدهی‌های پیشین را ببینید.", "circle-check")


class AccountPart(QWidget):
    """`said` goes to the banner; `printed` carries a paper; `changed` tells that money has moved, `shown` that another
    account is on screen, or none."""

    said = Signal(object)
    printed = Signal(object)
    changed = Signal()
    shown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._account: Account | None = None
        self._ticked: set[uuid.UUID] = set()
        self._whole = False
        self._receipt: int | None = None
        self.box = SearchBox("کارت عضو را اسکن کنید یا نام و شمارهٔ او را بنویسید…")
        self.panel, self.saving = Panel(), SavePanel()
        self.asking = Asking(session, self.panel, self)
        self.lines = RowList(ledger_table(), title="حساب", noun="سطر", row_height=ROW_HEIGHT)
        self.lines.set_empty(*CLEAR)
        self.lines.filter.hide()
        self.hits = RowList(hit_table(), tools=False)
        self.hits.set_empty("عضوی پیدا نشد", "املای دیگری از نام را بنویسید یا کارت را اسکن کنید.", "search")
        self.card = MemberCard(session)
        self._empty = EmptyPage(
            "cash",
            "بدهی، دریافت، بخشودگی و رسید هر عضو",
            "کارت عضو را اسکن کنید یا نام او را بنویسید؛ کتابی که نزد اوست هم او را می‌یابد.",
        )
        self._lay_out()
        self._connect()
        self.clear()

    def account(self) -> Account | None:
        """The account on screen."""
        return self._account

    def select(self, key: str) -> bool:
        """Show the account of a card, a number, or of whoever has a copy; False when nobody is found."""
        with self._session.library.store.read() as reader:
            member = find_member(reader, key)
            copy = find_copy(reader, key) if member is None else None
            holder = copy.member_id if copy else None
            account = account_of(reader, member) if member else account_with(reader, holder) if holder else None
        if account is None:
            return False
        self._whole, self._receipt = False, None
        self._ticked.clear()
        self._show(account)
        return True

    def clear(self) -> None:
        """Nobody is on screen."""
        self._account = None
        self._ticked.clear()
        self.box.clear()
        self.asking.withdraw()
        self._front.setCurrentWidget(self._empty)
        self.shown.emit()

    def reload(self) -> None:
        """Read the account on screen anew."""
        if self._account is None:
            return
        with self._session.library.store.read() as reader:
            account = account_with(reader, self._account.member.id)
        if account is None:
            self.clear()
        else:
            self._show(account)

    def on_escape(self) -> bool:
        """Close the question, else leave the member; False when there was nothing to close."""
        if self.saving.is_open():
            self.saving.close_question()
        elif self.asking.is_open():
            self.asking.withdraw()
        elif self._account is not None or self.box.edit.text():
            self.clear()
        else:
            return False
        self.box.setFocus()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows move in the list, Space ticks and Delete voids, while the box has the focus and is empty.
        if watched is not self.box.edit or not isinstance(event, QKeyEvent) or self.box.edit.text():
            return super().eventFilter(watched, event)
        if event.key() in (*MOVES, Qt.Key.Key_Space) and self._account is not None:
            if event.type() == QEvent.Type.KeyPress:
                QApplication.sendEvent(self.lines.view, event)
            return True
        if event.key() == Qt.Key.Key_Delete:
            event.ignore()
            return event.type() == QEvent.Type.ShortcutOverride
        return super().eventFilter(watched, event)

    @Slot(str)
    def do(self, what: str) -> None:
        """What a button or its key asks for."""
        if self._account is None:
            self.said.emit(Said(Tone.WARN, "عضوی برگزیده نشده است", ("کارت را اسکن کنید.",), Sound.REFUSED))
            return
        self._doings()[what](self._account)

    def _doings(self) -> Mapping[str, Callable[[Account], None]]:
        session, lines = self._session, tuple(self._ticked)
        return {
            "pay": lambda account: self.asking.ask(questions.payment(session, account, lines, self._taken)),
            "waive": lambda account: self.asking.ask(questions.waiver(session, account, lines)),
            "charge": lambda account: self.asking.ask(questions.charging(session, account)),
            "refund": lambda account: self.asking.ask(questions.giving_back(session, account, self._taken)),
            "void": lambda _: self._void(),
            "all": lambda _: self._toggle(),
            "receipt": lambda _: self._print_receipt(),
            "statement": lambda account: papers.statement(session, account.member.id, self.printed.emit),
        }

    @Slot(object)
    def tick(self, chosen: LedgerRow) -> None:
        """Space, or a click: choose what the next payment is for; a head chooses all of its book."""
        if not chosen.lines:
            return
        if chosen.ticked:
            self._ticked.difference_update(chosen.lines)
        else:
            self._ticked.update(chosen.lines)
        self._show_rows()

    def _toggle(self) -> None:
        self._whole = not self._whole
        self._show_rows()

    def _void(self) -> None:
        """Delete: the chosen line, or the receipt of a chosen payment."""
        chosen: tuple[LedgerRow, ...] = self.lines.view.chosen()
        line = chosen[0].shown if chosen else None
        if line is None:
            self.said.emit(Said(Tone.WARN, "سطری برگزیده نشده است", ("سطر نادرست را برگزینید.",), Sound.REFUSED))
        elif line.line.kind in (LedgerKind.PAYMENT, LedgerKind.REFUND) and line.receipt:
            self.asking.ask(questions.receipt_voiding(self._session, line.receipt))
        else:
            self.asking.ask(questions.voiding(self._session, line))

    def _print_receipt(self) -> None:
        """The receipt of the chosen line, else the last one."""
        chosen: tuple[LedgerRow, ...] = self.lines.view.chosen()
        receipt = next((row_.shown.receipt for row_ in chosen if row_.shown and row_.shown.receipt), self._receipt)
        if receipt is not None:
            papers.receipt(self._session, receipt, self.card.receipt_paper(), self.printed.emit)

    def _taken(self, receipt: int) -> None:
        self._receipt = receipt
        self._ticked.clear()

    @Slot()
    def _moved(self) -> None:
        self._ticked.clear()
        self.reload()
        self._session.refresh.tell("members", "loans", "money")
        self.changed.emit()

    def _show(self, account: Account) -> None:
        self._account = account
        open_ids = {line.line.id for line in account.open_lines}
        self._ticked &= open_ids
        self._show_rows()
        self._front.setCurrentWidget(self._work)
        self.shown.emit()

    def _show_rows(self) -> None:
        account = self._account
        if account is None:
            return
        rows = (all_rows if self._whole else open_rows)(account, self._ticked)
        self.lines.set_rows(rows)
        self.lines.set_title(f"حساب {isolate(account.member.name)}")
        self.card.show_whole(self._whole)
        chosen = sum(line.outstanding for line in account.open_lines if line.line.id in self._ticked)
        ticked = sum(row_.ticked for row_ in open_rows(account, self._ticked))
        receipt = self._receipt = max((line.receipt or 0 for line in account.lines), default=0) or None
        self.card.show_account(account, ticked, chosen, receipt)
        if not self.lines.view.chosen():
            self.lines.view.choose_place(0)

    @Slot(str)
    def _typed(self, text: str) -> None:
        """Names find members while they are written."""
        if len(text.strip()) < SHORTEST:
            self._front.setCurrentWidget(self._work if self._account else self._empty)
            return
        with self._session.library.store.read() as reader:
            found = find_members(reader, text, self._session.act().day, MOST_HITS)
        self.hits.set_rows([member_hit(member) for member in found])
        self._front.setCurrentWidget(self.hits)
        self.hits.view.choose_place(0)

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter after typing: a number acts like its scan, a name takes the first member found."""
        if self.select(text):
            return
        self._typed(text)
        hits: tuple[Hit, ...] = self.hits.table.shown_rows()
        if hits:
            self.select(hits[0].code)
        else:
            self.clear()
            self.said.emit(Said(Tone.REFUSE, "عضوی پیدا نشد", (isolate(text),), Sound.REFUSED))

    def _export(self) -> None:
        account = self._account
        if account is not None:
            headings, *rows = self.lines.sheet()
            title = f"حساب {account.member.name}"
            self.saving.save(self, f"account-{account.member.member_no}.xlsx", list_xlsx(title, headings, rows))

    def _lay_out(self) -> None:
        self._work = QWidget()
        lists = column(self.saving, self.lines, gap=10)
        lists.setStretch(1, 1)
        work = row(lists, Beside(self.panel, self.card), gap=14)
        work.setStretch(0, 1)
        self._work.setLayout(work)
        front = QWidget()
        self._front = Front(front)
        for part in (self._empty, self._work, self.hits):
            self._front.addWidget(part)
        whole = column(self.box, front, gap=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)

    def _connect(self) -> None:
        self.box.edit.installEventFilter(self)
        self.box.typed.connect(self._typed)
        self.box.submitted.connect(self._submitted)
        self.hits.view.row_opened.connect(lambda hit: self.select(hit.code))
        self.lines.view.row_ticked.connect(self.tick)
        self.lines.export_wanted.connect(self._export)
        self.card.wanted.connect(self.do)
        self.asking.said.connect(self.said)
        self.asking.done.connect(self._moved)
        self.saving.saved.connect(
            lambda path: self.said.emit(Said(Tone.OK, "ذخیره شد", (isolate(path),), Sound.CHECKED_IN))
        )
