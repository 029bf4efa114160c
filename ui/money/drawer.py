"""The drawer of this desk and the money of the day: tiles, receipts, opening and closing."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.accounts.cash import Drawer, close_cash, expected_in, open_cash, open_drawer
from app.accounts.day import DayReport, ReceiptRow, day_report
from app.accounts.receipts import receipt_paper
from app.clock import TEHRAN
from app.outcome import Refused
from app.persian.digits import number, to_persian
from db.codes import PaymentMethod
from reports.receipts import ReceiptPaper
from ui.circulation.words import Said
from ui.money import papers, questions, words
from ui.money.asking import Answered, Asking, Beside, Confirmed, Question
from ui.money.member_card import RECEIPT, VOID
from ui.money.rows import LOW, receipt_table
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, StatTile
from ui.widgets.facts import Facts
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, number_of, text_of
from ui.widgets.labels import Label
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Panel
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

OPEN, CLOSE, REPORT = "Ctrl+D", "Ctrl+B", "Ctrl+Shift+P"
NO_RECEIPTS = ("امروز رسیدی داده نشده است", "دریافت از حساب عضو، در بخش «حساب عضو»، رسید می‌دهد.", "receipt")
TILES = {
    PaymentMethod.CASH: "نقد",
    PaymentMethod.CARD_TERMINAL: "کارت‌خوان",
    PaymentMethod.WALLET: "کیف پول",
}


class DrawerPart(QWidget):
    """`said` goes to the banner, `printed` carries a paper, `changed` tells that a receipt was taken back."""

    said = Signal(object)
    printed = Signal(object)
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._drawer: Drawer | None = None
        self._taken = 0
        self.panel = Panel()
        self.asking = Asking(session, self.panel, self)
        self.tiles = {method: StatTile(name) for method, name in TILES.items()}
        self.waived = StatTile("بخشوده")
        self.receipts = RowList(receipt_table(), title="رسیدهای امروز", noun="رسید", row_height=LOW)
        self.receipts.set_empty(*NO_RECEIPTS)
        self.receipts.filter.hide()
        self._state, self._facts = Pill(), Facts()
        self._what_for = Label("", "muted", wrap=True)
        self.begin = Button("باز کردن صندوق", OPEN, "primary", "lock-open")
        self.close_button = Button("شمردن و بستن صندوق", CLOSE, "primary", "lock")
        self.report = Button("گزارش مالی روز", REPORT, icon="file-text")
        self.print = Button("چاپ رسید", RECEIPT, icon="receipt")
        self.void = Button("ابطال رسید", VOID, icon="ban")
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read drawer and day anew."""
        act = self._session.act()
        with self._session.library.store.read() as reader:
            self._drawer = open_drawer(reader, act.desk)
            expected = expected_in(reader, self._drawer) if self._drawer else 0
            found = day_report(reader, act.day)
        self._show_day(found)
        self._show_drawer(expected)

    def told(self) -> tuple[str, str]:
        """The money of the day and the drawer in few words."""
        return number(self._taken), "ریال امروز · صندوق باز" if self._drawer else "ریال امروز · صندوق بسته"

    def on_escape(self) -> bool:
        """Close the question."""
        if self.asking.is_open():
            self.asking.withdraw()
            return True
        return False

    @Slot()
    def ask_open(self) -> None:
        """With how much the drawer begins."""

        def run(values: Values, _: Confirmed) -> Answered:
            outcome = open_cash(self._session.library, number_of(values, "amount") or 0, self._session.act())
            if isinstance(outcome, Refused):
                return outcome.refusals
            detail = f"با {words.rials(outcome.amount)}"
            return Said(Tone.OK, f"صندوق {number(outcome.number, grouped=False)} باز شد", (detail,), Sound.CHECKED_IN)

        amount = Field("amount", "موجودی آغاز (ریال)", Kind.MONEY, required=True)
        self.asking.ask(
            Question("صندوق این میز باز شود؟", "باز شود", (amount,), run, {"amount": 0}, note="پول خرد را بشمارید.")
        )

    @Slot()
    def ask_close(self) -> None:
        """How much is in the drawer."""

        def run(values: Values, _: Confirmed) -> Answered:
            counted, remark = number_of(values, "amount") or 0, text_of(values, "remark") or ""
            outcome = close_cash(self._session.library, counted, self._session.act(), remark)
            return outcome.refusals if isinstance(outcome, Refused) else words.cash_closed(outcome)

        fields = (
            Field("amount", "شمارش صندوق (ریال)", Kind.MONEY, required=True),
            Field("remark", "توضیح اختلاف", longest=300),
        )
        note = "پس از بستن، رسیدهای این صندوق باطل نمی‌شوند."
        self.asking.ask(Question("صندوق بسته شود؟", "بسته شود", fields, run, note=note))

    @Slot()
    def print_report(self) -> None:
        """The money of today on paper."""
        papers.day_close(self._session, self._session.act().day, self.printed.emit)

    @Slot()
    def print_receipt(self) -> None:
        """The chosen receipt again."""
        chosen: tuple[ReceiptRow, ...] = self.receipts.view.chosen()
        if chosen:
            paper = ReceiptPaper(receipt_paper(self._session.library))
            papers.receipt(self._session, chosen[0].receipt.number, paper, self.printed.emit)

    @Slot()
    def void_receipt(self) -> None:
        """Delete: the chosen receipt was a mistake."""
        chosen: tuple[ReceiptRow, ...] = self.receipts.view.chosen()
        if chosen:
            self.asking.ask(questions.receipt_voiding(self._session, chosen[0].receipt.number))

    def _show_day(self, found: DayReport) -> None:
        self._taken = found.taken
        for method, tile in self.tiles.items():
            tile.show_number(number(found.taken_by.get(method, 0)), "ریال")
        self.waived.show_number(number(found.waived + found.forgiven), "ریال")
        self.receipts.set_rows(found.receipts)
        if not self.receipts.view.chosen():
            self.receipts.view.choose_place(0)

    def _show_drawer(self, expected: int) -> None:
        drawer = self._drawer
        self.begin.setVisible(drawer is None)
        self.close_button.setVisible(drawer is not None)
        if drawer is None:
            self._state.show_state("صندوق بسته است", Tone.NEUTRAL)
            self._what_for.show()
            self._what_for.say("دریافت نقدی بدون صندوق باز هم رسید می‌گیرد، ولی در شمارش صندوق نمی‌آید.")
            self._facts.show_facts(())
            return
        self._state.show_state(f"صندوق {number(drawer.number, grouped=False)} باز است", Tone.OK)
        self._what_for.hide()
        opened = to_persian(drawer.opened_at.astimezone(TEHRAN).strftime("%H:%M"))
        self._facts.show_facts(
            (
                ("میز", number(drawer.desk, grouped=False)),
                ("از ساعت", opened),
                ("آغاز", words.rials(drawer.opening_amount)),
                ("باید باشد", words.rials(expected)),
            )
        )

    @Slot()
    def _moved(self) -> None:
        self.reload()
        self._session.refresh.tell("members", "money")
        self.changed.emit()

    def _lay_out(self) -> None:
        card = Card(
            column(
                Label("صندوق این میز", "heading"), row(self._state, None), self._what_for, self._facts, 6,
                Flow(self.begin, self.close_button), None, Label("روز", "strong"),
                Flow(self.report, self.print, self.void), gap=10,
            )
        )  # fmt: skip
        work = row(self.receipts, Beside(self.panel, card), gap=14)
        work.setStretch(0, 1)
        whole = column(row(*self.tiles.values(), self.waived, gap=12), work, gap=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.receipts.view)

    def _connect(self) -> None:
        for button, run in (
            (self.begin, self.ask_open),
            (self.close_button, self.ask_close),
            (self.report, self.print_report),
            (self.print, self.print_receipt),
            (self.void, self.void_receipt),
        ):
            button.clicked.connect(run)
        self.receipts.view.row_opened.connect(lambda _: self.print_receipt())
        self.receipts.export_wanted.connect(self.print_report)
        self.asking.said.connect(self.said)
        self.asking.done.connect(self._moved)
