"""The card beside an account: whose it is, what is owed, and what can be done, each with its key."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from app.accounts.queries import Account
from app.accounts.receipts import receipt_paper, set_receipt_paper
from app.persian.digits import number, to_persian
from reports.receipts import PAPER_WORDS, ReceiptPaper
from ui.money import words
from ui.session import Session
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.notice import Notice
from ui.widgets.pills import Pill

PAY, WAIVE, CHARGE, REFUND = "Ctrl+D", "Ctrl+B", "Ctrl+N", "Ctrl+R"
VOID, ALL, RECEIPT, STATEMENT = "Delete", "Ctrl+H", "Ctrl+P", "Ctrl+E"


class MemberCard(Card):
    """The signals tell what is wanted; the page does it."""

    wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        self._session = session
        self._name, self._about = Label("", "heading", wrap=True), Label("", "muted", wrap=True)
        self._balance, self._chosen = Pill(), Label("", "strong", wrap=True)
        self.facts = Facts()
        self._held = Notice("پول عضو نزد کتابخانه است", ("با «بازپرداخت» پس داده می‌شود.",), Tone.INFO)
        self.pay = Button("دریافت", PAY, "primary", "cash")
        self.waive = Button("بخشودن", WAIVE, icon="check")
        self.charge = Button("بدهی تازه", CHARGE, icon="plus")
        self.refund = Button("بازپرداخت", REFUND, icon="arrow-back-up")
        self.void = Button("ابطال", VOID, icon="ban")
        self.all = Button("همهٔ سطرها", ALL, icon="history")
        self.receipt = Button("چاپ رسید", RECEIPT, icon="receipt")
        self.statement = Button("صورت‌حساب", STATEMENT, icon="file-text")
        self.paper = Choice(tuple((paper.value, words_) for paper, words_ in PAPER_WORDS.items()))
        self.paper.setAccessibleName("کاغذ رسید")
        self.paper.choose(receipt_paper(session.library))
        super().__init__(
            column(
                self._name, self._about, row(self._balance, None), self._held, self.facts, 4, self._chosen,
                Flow(self.pay, self.waive), Flow(self.charge, self.refund), Flow(self.void, self.all), None,
                Flow(self.receipt, self.statement), row(Label("کاغذ رسید", "muted"), self.paper, None), gap=8,
            )
        )  # fmt: skip
        self._connect()

    def receipt_paper(self) -> ReceiptPaper:
        """The chosen paper."""
        return ReceiptPaper(self.paper.code() or ReceiptPaper.MM_80)

    def show_account(self, account: Account, ticked: int, chosen: int, last_receipt: int | None) -> None:
        """Whose account it is; `ticked` lines with `chosen` rials are what the next payment is for."""
        member = account.member
        self._name.say(isolate(member.name))
        category = self._session.library.categories.get(member.category, member.category)
        self._about.say(f"عضو {to_persian(member.member_no)} · {category}")
        self._balance.show_state(*words.balance(account.balance))
        self._held.setVisible(account.refundable > 0)
        self.facts.show_facts(
            (
                ("قابل بازپرداخت", words.rials(account.refundable) if account.refundable else ""),
                ("آخرین رسید", number(last_receipt, grouped=False) if last_receipt else ""),
            )
        )
        what = f"{number(ticked)} سطر برگزیده: {words.rials(chosen)}" if ticked else ""
        self._chosen.say(what)
        self._chosen.setVisible(bool(what))
        for button in (self.pay, self.waive):
            button.setEnabled(account.outstanding > 0)
        self.refund.setEnabled(account.refundable > 0)
        self.receipt.setEnabled(last_receipt is not None)
        self.setAccessibleName(f"حساب {member.name}: {words.balance(account.balance)[0]}")

    def show_whole(self, whole: bool) -> None:
        """What the key of the list does next."""
        self.all.set_words("تنها بدهی‌های باز" if whole else "همهٔ سطرها")

    def _connect(self) -> None:
        for name in ("pay", "waive", "charge", "refund", "void", "all", "receipt", "statement"):
            button: Button = getattr(self, name)
            button.clicked.connect(self._teller(name))
        self.paper.activated.connect(lambda _: set_receipt_paper(self._session.library, self.paper.code()))

    def _teller(self, name: str) -> Callable[[], None]:
        return lambda: self.wanted.emit(name)
