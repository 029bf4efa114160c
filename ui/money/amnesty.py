"""Amnesty campaigns on the page: all of them with what they brought, declaring, ending, the report."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.accounts.amnesty import AmnestyForm, all_campaigns, declare_amnesty, end_amnesty
from app.accounts.amnesty_report import AmnestyReport, amnesty_report
from app.accounts.outcomes import AmnestyDeclared, AmnestyEnded
from app.labels import LEDGER_KIND
from app.ledger.amnesty import Campaign, Scope
from app.ledger.lines import DEBITS
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number
from db.codes import LedgerKind
from ui.circulation.words import Said
from ui.money import papers, words
from ui.money.asking import Answered, Asking, Beside, Confirmed, Question
from ui.money.rows import CampaignRow, campaign_table
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, day_of, number_of, text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList

DECLARE, END, REPORT = "Ctrl+N", "Delete", "Ctrl+P"
NONE = (
    "طرح بخشودگی اعلام نشده است",
    "در هفتهٔ کتاب یا مناسبت‌ها، جریمهٔ کسانی را که کتاب را برمی‌گردانند ببخشایید.",
    "calendar",
)
EVERYBODY = ""
ALL_DEBTS = "all"


class AmnestyPart(QWidget):
    """`said` goes to the banner, `printed` carries a paper, `changed` tells that debts were forgiven."""

    said = Signal(object)
    printed = Signal(object)
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.panel = Panel()
        self.asking = Asking(session, self.panel, self)
        self.list = RowList(campaign_table(), title="طرح‌های بخشودگی", noun="طرح")
        self.list.set_empty(*NONE)
        self.list.filter.hide()
        self._name, self._facts = Label("", "heading", wrap=True), Facts()
        self.declare = Button("طرح تازه", DECLARE, "primary", "plus")
        self.end = Button("پایان دادن", END, icon="ban")
        self.report = Button("گزارش", REPORT, icon="file-text")
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read every campaign with what it brought."""
        today = self._session.act().day
        with self._session.library.store.read() as reader:
            rows = [_row(one, amnesty_report(reader, one), today) for one in all_campaigns(reader)]
        self.list.set_rows(rows)
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        chosen = self.list.view.chosen()
        self._show(chosen[0] if chosen else None)

    def running(self) -> int:
        """How many campaigns hold today."""
        today = self._session.act().day
        shown: tuple[CampaignRow, ...] = self.list.table.shown_rows()
        return sum(one.campaign.since <= today <= one.campaign.until for one in shown)

    def on_escape(self) -> bool:
        """Close the question."""
        if self.asking.is_open():
            self.asking.withdraw()
            return True
        return False

    @Slot()
    def ask_declare(self) -> None:
        """Ctrl+N: dates and scope of a new campaign."""
        today = self._session.act().day
        self.asking.ask(
            Question(
                title="طرح بخشودگی تازه",
                yes="اعلام شود",
                fields=self._fields(),
                run=self._declare,
                columns=2,
                values={
                    "name": "", "since": today, "until": None, "percent": 100, "kinds": LedgerKind.FINE.value,
                    "category": EVERYBODY, "only_returned": True,
                },
            )
        )  # fmt: skip

    @Slot()
    def ask_end(self) -> None:
        """Delete: the chosen campaign holds no longer."""
        chosen: tuple[CampaignRow, ...] = self.list.view.chosen()
        if not chosen:
            return
        campaign = chosen[0].campaign

        def run(_: Values, __: Confirmed) -> Answered:
            outcome = end_amnesty(self._session.library, campaign.id, self._session.act())
            match outcome:
                case AmnestyEnded():
                    detail = f"واپسین روز: {jalali.day_month_year(outcome.until)}"
                    return Said(Tone.OK, f"«{isolate(campaign.name)}» پایان یافت", (detail,), Sound.CHECKED_IN)
                case Refused():
                    return outcome.refusals
                case NotFound():
                    return Said(Tone.REFUSE, "این طرح دیگر نیست", (), Sound.REFUSED)

        title = f"طرح «{isolate(campaign.name)}» پایان یابد؟"
        note = "آنچه بخشوده شده، بخشوده می‌ماند."
        self.asking.ask(Question(title, "پایان یابد", (), run, note=note, kind="danger"))

    @Slot()
    def print_report(self) -> None:
        """Ctrl+P: what the chosen campaign brought."""
        chosen: tuple[CampaignRow, ...] = self.list.view.chosen()
        if chosen:
            papers.amnesty(self._session, chosen[0].campaign.id, self.printed.emit)

    def _fields(self) -> tuple[Field, ...]:
        everybody = ((EVERYBODY, "همهٔ عضوها"), *self._session.library.categories.items())
        debts = ((LedgerKind.FINE.value, LEDGER_KIND[LedgerKind.FINE]), (ALL_DEBTS, "همهٔ بدهی‌ها"))
        return (
            Field("name", "نام طرح", required=True, longest=120, wide=True),
            Field("since", "از روز", Kind.DATE, required=True),
            Field("until", "تا روز", Kind.DATE, required=True),
            Field("percent", "درصد بخشودگی", Kind.NUMBER, required=True),
            Field("kinds", "بدهی", Kind.CHOICE, required=True, options=debts),
            Field("category", "برای", Kind.CHOICE, options=everybody),
            Field("max_amount", "سقف هر امانت (ریال)", Kind.MONEY),
            Field("only_returned", "تنها با برگرداندن کتاب در این روزها", Kind.TICK, wide=True),
        )

    def _declare(self, values: Values, _: Confirmed) -> Answered:
        category = text_of(values, "category")
        everything = text_of(values, "kinds") == ALL_DEBTS
        scope = Scope(
            kinds=DEBITS if everything else frozenset({LedgerKind.FINE}),
            categories=frozenset({category} if category else ()),
            percent=number_of(values, "percent") or 0,
            only_returned=bool(values.get("only_returned")),
            max_amount=number_of(values, "max_amount"),
        )
        today = self._session.act().day
        since, until = day_of(values, "since") or today, day_of(values, "until") or today
        form = AmnestyForm(text_of(values, "name") or "", since, until, scope)
        outcome = declare_amnesty(self._session.library, form, self._session.act())
        return words.declared(outcome) if isinstance(outcome, AmnestyDeclared) else outcome.refusals

    @Slot(object)
    def _show(self, chosen: CampaignRow | None) -> None:
        for button in (self.end, self.report):
            button.setEnabled(chosen is not None)
        if chosen is None:
            self._name.say("طرح بخشودگی")
            self._facts.show_facts((("برای", "بازگشت کتاب‌های دیرکرددار بی‌جریمه، در روزهایی که خودتان می‌گویید"),))
            return
        self._name.say(isolate(chosen.campaign.name))
        self._facts.show_facts(_facts(chosen))

    @Slot()
    def _moved(self) -> None:
        self.reload()
        self._session.refresh.tell("members", "money")
        self.changed.emit()

    def _lay_out(self) -> None:
        card = Card(column(self._name, self._facts, 6, Flow(self.declare, self.report, self.end), None, gap=10))
        work = row(self.list, Beside(self.panel, card), gap=14)
        work.setStretch(0, 1)
        self.setLayout(work)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        self.declare.clicked.connect(self.ask_declare)
        self.end.clicked.connect(self.ask_end)
        self.report.clicked.connect(self.print_report)
        self.list.view.current_row.connect(self._show)
        self.list.view.row_opened.connect(lambda _: self.print_report())
        self.list.export_wanted.connect(self.print_report)
        self.asking.said.connect(self.said)
        self.asking.done.connect(self._moved)


def _row(campaign: Campaign, report: AmnestyReport, today: date) -> CampaignRow:
    if today < campaign.since <= campaign.until:
        state = ("در راه", Tone.INFO)
    elif campaign.since <= today <= campaign.until:
        state = ("در جریان", Tone.OK)
    else:
        state = ("پایان‌یافته", Tone.NEUTRAL)
    return CampaignRow(campaign, report, *state)


def _facts(chosen: CampaignRow) -> tuple[tuple[str, str], ...]:
    report, campaign = chosen.report, chosen.campaign
    return (
        ("از", jalali.long(campaign.since)),
        ("تا", jalali.long(campaign.until)),
        ("کتاب برگشته", number(len(report.books))),
        ("امانت بخشوده", number(report.loans)),
        ("عضو", number(report.members)),
        ("بخشوده", words.rials(report.rials)),
    )
