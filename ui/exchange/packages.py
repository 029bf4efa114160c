"""Packages on their way: where each stands, its requests in order of priority, what was handed over, what is next."""

import uuid

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.exchange.proposing import Proposal, propose
from app.exchange.queries import AnnouncedList, Detail, Standing, announced_list, county_report, detail, standings
from app.exchange.reads import rows_of
from app.exchange.stages import OVER, Step
from app.labels import EXCHANGE_STEP, HANDOVER
from app.papers import frozen_paper
from app.persian.digits import number
from app.weeding.reads import find_copy
from db.codes import ExchangeLevel
from reports.exchange_offer import TITLE as OFFER
from reports.exchange_offer import offer_pdf, offer_xlsx
from reports.exchange_report import TITLE, exchange_report_pdf, exchange_report_xlsx
from ui.binding.asking import Side
from ui.exchange import words
from ui.exchange.rows import Line, ended_lines, handover_lines, line_table, package_table, request_lines
from ui.exchange.steps import Steps
from ui.keys import KeyHelp
from ui.paper.paper import Paper
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.inputs import Tick
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

MAIN, REQUEST, ON, OPEN, DELIVER, END, RECEIPT, PAPER, LIST, BACK, REPORT = (
    "Ctrl+Enter", "Ctrl+N", "Ctrl+M", "Ctrl+Delete", "Ctrl+T", "Ctrl+R", "Ctrl+I", "Ctrl+B", "Ctrl+J", "Ctrl+G",
    "Ctrl+P",
)  # fmt: skip
HELP = (
    KeyHelp(MAIN, "گام بعدی بسته؛ در «آمادهٔ بسته‌بندی»: بسته‌بندی گروه"),
    KeyHelp(REQUEST, "درخواست یا کتابخانهٔ تازه"),
    KeyHelp(ON, "بازمانده به استان یا انبار نهاد"),
    KeyHelp(DELIVER, "تحویل نسخه‌های کنارگذاشته به کتابخانه"),
    KeyHelp(END, "بستن درخواست یا پس گرفتن تخصیص"),
    KeyHelp(RECEIPT, "رسید مرکز مبادله که پس از تحویل رسید"),
    KeyHelp(PAPER, "صورتجلسهٔ تحویل یا بازیافت برگزیده"),
    KeyHelp(LIST, "فهرست بستهٔ اعلام‌شده برای کتابخانه‌ها"),
    KeyHelp(BACK, "نسخهٔ فرسودهٔ قابل استفاده به مبادله"),
    KeyHelp(REPORT, "گزارش مبادلهٔ شهرستان"),
    KeyHelp(OPEN, "باز کردن بسته‌ای که هنوز تحویل نشده"),
)


class PackagesPart(QWidget):
    """`printed` carries a paper; `counted` how many packages are under way and how many of them wait for somebody."""

    said = Signal(object)
    printed = Signal(object)
    counted = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(package_table(lambda: session.act().day), tools=False)
        self.list.set_empty(
            "بسته‌ای در راه نیست",
            "پس از بستن صورتجلسهٔ وجین، در «آمادهٔ بسته‌بندی» نسخه‌ها را بسته‌بندی کنید.",
            "package",
        )
        self.lines = RowList(line_table(), tools=False)
        self.lines.set_empty("درخواست یا تحویلی نیست")
        self.all = Tick("پایان‌یافته‌ها هم")
        self._name, self._state, self._facts = Label("", "heading", wrap=True), Pill(), Facts()
        self._next = Label("", "muted", wrap=True)
        self._of_line = Label("سطر برگزیده", "muted")
        self._main, self._request = (
            Button("", MAIN, "primary", "arrow-left"),
            Button("ثبت درخواست", REQUEST, icon="plus"),
        )
        self._on, self._open = Button("", ON, icon="truck-delivery"), Button("باز کردن بسته", OPEN, icon="x")
        self._deliver = Button("تحویل شد", DELIVER, "primary", "check")
        self._end = Button("بستن درخواست", END, icon="arrow-back-up")
        self._receipt = Button("ثبت رسید", RECEIPT, icon="receipt")
        self._paper = Button("صورتجلسه", PAPER, icon="file-text")
        self._list = Button("فهرست اعلام", LIST, icon="list-check")
        self._back = Button(EXCHANGE_STEP[Step.REDIRECT], BACK, icon="arrow-back-up")
        self._report = Button("گزارش مبادله", REPORT, icon="printer")
        self.side = Side(session, self._card())
        self.steps = Steps(session, self.side, self)
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the packages anew; the chosen one stays chosen."""
        with self._session.library.store.read() as reader:
            every = standings(self._session.library, reader)
        under_way = [one for one in every if one.package.state not in OVER]
        self.list.set_rows(every if self.all.isChecked() else under_way)
        self.counted.emit(len(under_way), sum(bool(one.waiting or one.aside) for one in under_way))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        self._show(self.chosen())

    def chosen(self) -> Standing | None:
        """The package that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    def chosen_line(self) -> Line | None:
        """The request or handover that is chosen."""
        return next(iter(self.lines.view.chosen()), None)

    def choose(self, package_id: uuid.UUID) -> None:
        """Show a package, the newest of its lines in front."""
        self.reload()
        self.list.view.choose(package_id)
        self.lines.view.choose_place(0)

    def on_escape(self) -> bool:
        """Leave the question unanswered."""
        if self.side.is_asking():
            self.side.withdraw()
            return True
        return False

    def take(self, code: str) -> None:
        """A scanned copy goes into the request that is being written; else it shows where it is."""
        form = self.side.form
        if form is not None and "items" in form.values():
            written = str(form.values()["items"] or "")
            form.set_values({**form.values(), "items": f"{written}، {code}" if written else code})
        elif self.side.is_asking():
            self.said.emit(words.ANSWER_FIRST)
        else:
            self._find(code)

    def _find(self, code: str) -> None:
        """While nothing is asked, a scanned copy brings its package to the front."""
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
            every = standings(self._session.library, reader) if copy else ()
            found = next(
                (
                    one.package
                    for one in every
                    if any(copy and packed.item_id == copy.id for packed in rows_of(reader, one.package.id))
                ),
                None,
            )
        if copy is None or found is None:
            self.said.emit(words.in_no_package(code))
            return
        self.all.setChecked(self.all.isChecked() or found.state in OVER)
        self.choose(found.id)
        self.said.emit(words.in_package(copy.title, found))

    @Slot()
    def show_paper(self) -> None:
        """Ctrl+B: the frozen minutes of the chosen handover."""
        line = self.chosen_line()
        kept = line.handover.package if line and line.handover else None
        if kept is None or kept.document_id is None or kept.sheet_id is None:
            return
        with self._session.library.store.read() as reader:
            pdf, sheet = frozen_paper(reader, kept.document_id), frozen_paper(reader, kept.sheet_id)
        title = f"{HANDOVER[kept.kind]} {words.numbered(kept)}"
        facts = (words.package_words(kept), words.day_words(kept.handed_on))
        self.printed.emit(Paper(title, pdf.content, pdf.file_name, sheet.content, sheet.file_name, facts))

    @Slot()
    def show_report(self) -> None:
        """Ctrl+P: the report of the county on the chosen package (002 م7-19)."""
        standing = self.chosen()
        if standing is None:
            return
        with self._session.library.store.read() as reader:
            found = county_report(reader, standing.package.id)
        if found is not None:
            pdf = exchange_report_pdf(self._session.library.branch, found)
            name = f"exchange-{standing.package.packed_on:%Y%m%d}"
            facts = (words.package_words(standing.package),)
            sheet = exchange_report_xlsx(found)
            self.printed.emit(Paper(TITLE, pdf, f"{name}.pdf", sheet, f"{name}.xlsx", facts, frozen=False))

    @Slot()
    def show_list(self) -> None:
        """Ctrl+J: what is announced, to be sent to the libraries (002 م7-16، م7-20)."""
        standing = self.chosen()
        if standing is None:
            return
        with self._session.library.store.read() as reader:
            found = announced_list(reader, standing.package.id)
        if isinstance(found, AnnouncedList):
            branch, name = self._session.library.branch, f"offer-{found.offer.announced_on:%Y%m%d}"
            facts = (words.package_words(standing.package), words.day_words(found.offer.announced_on))
            pdf, sheet = offer_pdf(branch, found), offer_xlsx(branch, found)
            self.printed.emit(Paper(OFFER, pdf, f"{name}.pdf", sheet, f"{name}.xlsx", facts, frozen=False))

    def _go(self, step: Step | None) -> None:
        standing = self.chosen()
        if standing is not None and step is not None:
            self.steps.ask(step, standing)

    @Slot()
    def go_main(self) -> None:
        standing = self.chosen()
        if standing is not None:
            self._go(self.steps.main(standing))

    @Slot()
    def _go_on(self) -> None:
        standing = self.chosen()
        if standing is not None:
            self._go(_onward(standing))

    @Slot()
    def _note_receipt(self) -> None:
        standing, line = self.chosen(), self.chosen_line()
        if standing is not None and line is not None:
            self.steps.ask_receipt(standing, line)

    def _on_line(self, *, delivers: bool) -> None:
        standing, line = self.chosen(), self.chosen_line()
        if standing is not None and line is not None:
            if delivers:
                self.steps.ask_delivery(standing, line)
            else:
                self.steps.ask_end(standing, line)

    @Slot(object)
    def _show(self, standing: Standing | None) -> None:
        found = self._detail(standing)
        self.lines.set_rows([] if found is None else self._lines(found))
        if found is not None and not self.lines.view.chosen():
            self.lines.view.choose_place(0)
        today = self._session.act().day
        self._name.say(words.package_words(standing.package) if standing else "بسته‌ای برگزیده نیست")
        self._next.say(words.next_words(standing) if standing else "")
        self._next.setVisible(bool(self._next.text()))
        if standing is None:
            self._state.hide()
        else:
            self._state.show_state(*words.clock_words(standing, today))
        self._facts.show_facts(_facts(standing, found) if standing and found else ())
        self._show_actions(standing)

    def _show_actions(self, standing: Standing | None) -> None:
        steps = standing.steps if standing else ()
        main = self.steps.main(standing) if standing else None
        onward = _onward(standing) if standing else None
        if main is not None:
            self._main.set_words(EXCHANGE_STEP[main])
        if onward is not None:
            self._on.set_words(EXCHANGE_STEP[onward])
        self._main.setVisible(main is not None)
        self._on.setVisible(onward is not None and onward is not main)
        self._request.setVisible(Step.REQUEST in steps and main is not Step.REQUEST)
        self._open.setVisible(Step.UNPACK in steps)
        self._back.setVisible(Step.REDIRECT in steps)
        self._list.setVisible(Step.REQUEST in steps)
        self._report.setVisible(standing is not None and standing.package.level is not None)
        self._show_line(self.chosen_line())

    @Slot(object)
    def _show_line(self, line: Line | None) -> None:
        aside = line is not None and line.is_aside
        waits = line is not None and line.request is not None and bool(line.place)
        self._deliver.setVisible(aside)
        self._end.set_words("پس گرفتن تخصیص" if aside else "بستن درخواست")
        self._end.setVisible(aside or waits)
        receipt = line is not None and line.received_at is not None
        self._receipt.setVisible(receipt)
        self._paper.setVisible(line is not None and line.has_paper)
        self._of_line.setVisible(aside or waits or receipt or (line is not None and line.has_paper))

    def _detail(self, standing: Standing | None) -> Detail | None:
        if standing is None:
            return None
        with self._session.library.store.read() as reader:
            return detail(self._session.library, reader, standing.package.id)

    def _lines(self, found: Detail) -> list[Line]:
        with self._session.library.store.read() as reader:
            proposal = propose(self._session.library, reader, found.standing.package.id, self._session.act())
        shares = proposal.shares if isinstance(proposal, Proposal) else ()
        return [*request_lines(shares), *handover_lines(found.handovers), *ended_lines(found.requests)]

    def _card(self) -> Card:
        actions = _one_a_line(self._main, self._request, self._on, self._open, self._list, self._back, self._report)
        on_line = _one_a_line(self._deliver, self._end, self._receipt, self._paper)
        return Card(
            column(
                row(self._name, None, self._state), self._next, self._facts, 4, actions, self._of_line,
                on_line, None, gap=10,
            )
        )  # fmt: skip

    def _lay_out(self) -> None:
        lists = column(
            row(None, self.all), self.list, Label("درخواست‌ها به ترتیب اولویت، و تحویل‌ها", "muted"), self.lines, gap=8
        )
        lists.setStretch(1, 4)
        lists.setStretch(3, 5)
        whole = row(lists, self.side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        self.steps.said.connect(self.said)
        self.steps.changed.connect(self.choose)
        self.side.settled.connect(self.list.view.setFocus)
        self.list.view.current_row.connect(self._show)
        self.lines.view.current_row.connect(self._show_line)
        self.all.toggled.connect(lambda _: self.reload())
        self._main.clicked.connect(self.go_main)
        self._on.clicked.connect(self._go_on)
        self._request.clicked.connect(lambda: self._go(Step.REQUEST))
        self._open.clicked.connect(lambda: self._go(Step.UNPACK))
        self._deliver.clicked.connect(lambda: self._on_line(delivers=True))
        self._end.clicked.connect(lambda: self._on_line(delivers=False))
        self._receipt.clicked.connect(self._note_receipt)
        self._paper.clicked.connect(self.show_paper)
        self._back.clicked.connect(lambda: self._go(Step.REDIRECT))
        self._list.clicked.connect(self.show_list)
        self._report.clicked.connect(self.show_report)


def _one_a_line(*buttons: Button) -> QVBoxLayout:
    """Buttons below each other, each in its full height however low the screen: the card scrolls."""
    for button in buttons:
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return column(*(row(button, None) for button in buttons), gap=8)


def _onward(standing: Standing) -> Step | None:
    """How what is left leaves this centre."""
    return next((step for step in (Step.SEND_ON, Step.STORE) if step in standing.steps), None)


def _facts(standing: Standing, found: Detail) -> list[tuple[str, str]]:
    package = standing.package
    offer = found.offer
    recycled = next((one.package for one in found.handovers if one.package.weight_g is not None), None)
    announced = "اعلام در استان" if package.level is ExchangeLevel.PROVINCE else "اعلام در شهرستان"
    return [
        ("جا", words.stage_words(package)),
        ("نسخه", f"{number(standing.copies)}، مانده {number(standing.left)}"),
        ("بسته‌بندی", words.day_words(package.packed_on)),
        ("تحویل", words.day_words(package.handed_on)),
        (announced, words.day_words(package.announced_on)),
        ("مهلت درخواست", words.day_words(offer.closes_on) if offer else ""),
        ("به انبار نهاد از", words.day_words(standing.store_from)),
        *(words.recycling_facts(recycled) if recycled else ()),
    ]
