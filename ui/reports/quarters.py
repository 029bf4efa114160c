"""The quarterly reports: which are owed, what stands in them, and their way by letter (002 م14)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.duties.queries import owed_reports
from app.labels import WEEDING_REASON
from app.library import Library
from app.outcome import Refused
from app.papers import Printed, frozen_paper
from app.persian import jalali
from app.persian.digits import number
from app.persian.jalali import Quarter, quarter
from app.refusal import Refusal
from app.statistics.figures import QuarterFigures
from app.statistics.quarterly import (
    Letter,
    Made,
    make_report,
    preview_report,
    record_answer,
    report_figures,
    send_report,
    stored_reports,
)
from app.statistics.quarters import quarter_of, report_days
from app.wording import way_out, why
from db.act import Act
from db.codes import WeedingReason
from reports.quarterly import kilos, print_report
from ui.jobs import Token
from ui.paper.paper import Paper, stored_paper
from ui.reports.rows import QuarterRow, quarter_table
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import day_of, text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll

SHOW, MAKE, SEND, ANSWER = "Ctrl+P", "Ctrl+N", "Ctrl+Enter", "Ctrl+Shift+Enter"
QUARTERS = 8
WIDTH = 350
TOLD: Mapping[str, str] = MappingProxyType(
    {
        "listed": "نسخه فهرست", "approved": "تأیید", "redirected": "به مبادله", "rejected": "رد", "weeded": "وجین‌شده",
        "waiting": "در راه",
    }
)  # fmt: skip
EMPTY = ("هنوز فصلی نگذشته است", "گزارش هر فصل در آغاز فصل بعد ساخته می‌شود.", "chart-bar")


class Quarters(QWidget):
    """`said` goes to the banner, `printed` carries a paper, `counted` the rows."""

    said = Signal(object)
    printed = Signal(object)
    counted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._making = False
        self._season = 0, 0
        self.list = RowList(quarter_table(session.act().day), title="گزارش‌های فصلی", noun="فصل")
        self.list.set_empty(*EMPTY)
        self.list.filter.hide()
        self._title, self._when = Label("", "heading"), Label("", "muted", wrap=True)
        self._facts = Facts()
        self.letter = Form(
            (Field("number", "شمارهٔ نامه", required=True, longest=60), Field("on", "تاریخ نامه", Kind.DATE)),
            self._today,
        )
        self.answer = Form(
            (
                Field("text", "پاسخ کارشناس منابع استان", Kind.LONG, wide=True, longest=2_000),
                Field("on", "تاریخ پاسخ", Kind.DATE, help="خالی یعنی امروز."),
            ),
            self._today,
        )
        self._show = Button("دیدن و چاپ", SHOW, icon="printer")
        self._make = Button("ساختن گزارش", MAKE, "primary", "file-text")
        self._send = Button("فرستاده شد", SEND, "primary", "check")
        self._answered = Button("ثبت پاسخ", ANSWER, "primary", "check")
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the quarters anew; one that is owed is chosen first, else the last that has passed."""
        library, today = self._session.library, self._today()
        with library.store.read() as reader:
            stored = {(report.year, report.quarter): report for report in stored_reports(reader)}
            owed = owed_reports(library, reader, today)
        running = quarter(today)
        shown = dict.fromkeys((found.year, found.number) for found in _quarters(today, QUARTERS))
        shown |= dict.fromkeys(sorted((stored.keys() | owed) - shown.keys(), reverse=True))  # none is out of sight
        rows = []
        for year, season in shown:
            found = quarter_of(year, season)
            days = report_days(found, library.guideline.terms)
            rows.append(QuarterRow(found, days, stored.get((year, season)), found == running, (year, season) in owed))
        self.list.set_rows(rows)
        self.counted.emit(rows)
        if not self.list.view.chosen():
            self.list.view.choose_place(next((place for place, row_ in enumerate(rows) if row_.owed), 1))
        for chosen in self.list.view.chosen():
            self._show_row(chosen)

    def choose(self, year: int, season: int) -> None:
        """Bring a season to the front."""
        self.list.view.choose((year, season))

    def on_escape(self) -> bool:
        """Nothing lies open here."""
        return False

    @Slot()
    def show_report(self) -> None:
        """Ctrl+P: the frozen report, or how it would be now."""
        chosen = self._chosen()
        if chosen is None:
            return
        report = chosen.report
        if report is not None and report.document_id and report.sheet_id:
            with self._session.library.store.read() as reader:
                pdf, sheet = (frozen_paper(reader, one) for one in (report.document_id, report.sheet_id))
            self.printed.emit(stored_paper(f"گزارش {chosen.name}", pdf, sheet, (chosen.state,)))
            return
        job = self._session.jobs.start(
            f"گزارش {chosen.name}", partial(_draft, self._session.library, chosen.quarter, self._session.act())
        )
        job.finished.connect(partial(self._show_draft, chosen))
        job.failed.connect(_raise)

    def _show_draft(self, chosen: QuarterRow, made: Printed) -> None:
        name = f"quarter-{chosen.quarter.year}-{chosen.quarter.number}"
        facts = (chosen.state,)
        paper = Paper(
            f"گزارش {chosen.name}", made.pdf, f"{name}.pdf", made.xlsx, f"{name}.xlsx", facts, draft=True, frozen=False
        )
        self.printed.emit(paper)

    @Slot()
    def make(self) -> None:
        """Ctrl+N: count and freeze, beside the window; once at a time."""
        chosen = self._chosen()
        if chosen is None or self._making:
            return
        self._making = True
        work = partial(_make, self._session.library, chosen.quarter, self._session.act())
        job = self._session.jobs.start(f"ساختن گزارش {chosen.name}", work)
        job.finished.connect(partial(self._made, chosen))
        job.failed.connect(self._not_made)

    def _made(self, chosen: QuarterRow, outcome: Made | Refused) -> None:
        self._making = False
        if isinstance(outcome, Refused):
            self._refuse(outcome.refusals)
            return
        self._tell(f"گزارش {chosen.name} ساخته شد", "آن را چاپ کنید و با نامه به ادارهٔ شهرستان بفرستید.")
        self.choose(chosen.quarter.year, chosen.quarter.number)
        self.show_report()

    @Slot(object)
    def _not_made(self, error: BaseException) -> None:
        self._making = False
        raise error  # told by the window, in three parts

    @Slot()
    def send(self) -> None:
        """Ctrl+Enter: the letter went out."""
        chosen = self._chosen()
        if chosen is None or not self.letter.check():
            return
        values = self.letter.values()
        letter = Letter(text_of(values, "number") or "", day_of(values, "on") or self._today())
        year, place = chosen.quarter.year, chosen.quarter.number
        outcome = send_report(self._session.library, year, place, letter, self._session.act())
        if isinstance(outcome, Refused):
            self._refuse(outcome.refusals)
        else:
            due = jalali.day_month_year(outcome.answer_due_on) if outcome.answer_due_on else ""
            self._tell(f"ارسال گزارش {chosen.name} ثبت شد", f"مهلت پاسخ استان: {due}")

    @Slot()
    def record(self) -> None:
        """Ctrl+Shift+Enter: the province answered."""
        chosen = self._chosen()
        if chosen is None or not self.answer.check():
            return
        values, act = self.answer.values(), self._session.act()
        year, place = chosen.quarter.year, chosen.quarter.number
        answered_on = day_of(values, "on") or act.day
        outcome = record_answer(self._session.library, year, place, text_of(values, "text") or "", answered_on, act)
        if isinstance(outcome, Refused):
            self._refuse(outcome.refusals)
        else:
            self._tell(f"پاسخ گزارش {chosen.name} ثبت شد", "")

    def _tell(self, title: str, detail: str) -> None:
        self.said.emit(Said(Tone.OK, title, (detail,) if detail else (), Sound.CHECKED_IN))
        self.reload()

    def _refuse(self, refusals: tuple[Refusal, ...]) -> None:
        told = tuple(f"{why(refusal)} {way_out(refusal)} " for refusal in refusals)
        self.said.emit(Said(Tone.REFUSE, "انجام نشد", told, Sound.REFUSED))

    def _chosen(self) -> QuarterRow | None:
        return next(iter(self.list.view.chosen()), None)

    def _today(self) -> date:
        return self._session.act().day

    @Slot(object)
    def _show_row(self, chosen: QuarterRow) -> None:
        season = chosen.quarter.year, chosen.quarter.number
        if season != self._season:  # what was written belongs to the season it was written for
            self._season = season
            for form in (self.letter, self.answer):
                form.set_values({})
        with self._session.library.store.read() as reader:
            figures = report_figures(reader, chosen.quarter)
        self._title.say(f"گزارش {chosen.name}")
        self._when.say(" · ".join(_way(chosen)))
        self._facts.show_facts(tuple(_facts(figures)))
        report = chosen.report
        made = report is not None and report.document_id is not None
        sent = report is not None and report.sent_on is not None
        self._make.setVisible(not chosen.running and not sent)
        for shown in (self.letter, self._send):
            shown.setVisible(made and not sent)
        for shown in (self.answer, self._answered):
            shown.setVisible(sent and not (report and report.answered_on))

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setLayout(column(self.letter, self.answer, 6, self._facts, None, gap=8))
        scroll = Scroll(inner)
        body = column(
            self._title, self._when, 4, scroll, Flow(self._show, self._make, self._send, self._answered), gap=6
        )
        body.setStretch(3, 1)
        side = Card(body)
        side.setFixedWidth(look().px(WIDTH))
        work = row(self.list, side, gap=14)
        work.setStretch(0, 1)
        self.setLayout(work)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        self.list.view.current_row.connect(self._show_row)
        for button, run in (
            (self._show, self.show_report),
            (self._make, self.make),
            (self._send, self.send),
            (self._answered, self.record),
        ):
            button.clicked.connect(run)


def _quarters(today: date, count: int) -> Iterator[Quarter]:
    """The running quarter and those before it."""
    found = quarter(today)
    for _ in range(count):
        yield found
        found = quarter(found.start - timedelta(days=1))


def _way(chosen: QuarterRow) -> Iterator[str]:
    yield f"مهلت ارسال: {jalali.day_month_year(chosen.days.due_on)}"
    report = chosen.report
    if report is None or report.sent_on is None:
        yield chosen.state
        return
    letter = f"، نامهٔ {isolate(report.letter_no)}" if report.letter_no else ""
    yield f"فرستاده شد: {jalali.day_month_year(report.sent_on)}{letter}"
    if report.answered_on:
        yield f"پاسخ {jalali.day_month(report.answered_on)}: {isolate(report.answer or '')}"
    elif report.answer_due_on:
        yield f"مهلت پاسخ استان: {jalali.day_month(report.answer_due_on)}"


def _facts(figures: QuarterFigures) -> Iterator[tuple[str, str]]:
    for reason in WeedingReason:
        row_ = figures.reasons[reason]
        told = [f"{number(count)} {words}" for name, words in TOLD.items() if (count := getattr(row_, name))]
        if told:
            yield WEEDING_REASON[reason], "، ".join(told)
    weeded = sum(found.weeded for found in figures.reasons.values())
    yield "همهٔ وجین‌شده‌ها", f"{number(weeded)} نسخه"
    binding, exchange = figures.binding, figures.exchange
    yield (
        "صحافی",
        f"{number(binding.sent)} نسخه فرستاده، {number(binding.received)} بازگشته، {number(binding.away)} نزد صحافی",
    )
    yield "ترمیم در کتابخانه", f"{number(binding.mended_here)} نسخه"
    yield "هزینه", f"{number(binding.cost)} ریال" if binding.cost else ""
    yield "مبادله و تحویل", f"{number(sum(exchange.copies.values()))} نسخه"
    yield (
        "بازیافت",
        f"{kilos(exchange.weight_g)} کیلوگرم، {number(exchange.proceeds)} ریال" if exchange.weight_g else "",
    )
    yield "رف‌خوانی", f"{number(figures.stocktakes)} نوبت پایان‌یافته"


def _draft(library: Library, of: Quarter, act: Act, token: Token) -> Printed:
    token.check()
    return preview_report(library, of, print_report, act)


def _make(library: Library, of: Quarter, act: Act, token: Token) -> Made | Refused:
    token.check()
    return make_report(library, of.year, of.number, print_report, act)


def _raise(error: BaseException) -> None:
    raise error  # told by the window, in three parts
