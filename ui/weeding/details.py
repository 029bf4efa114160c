"""The card beside the list: why the chosen copy stands there, what was checked, how it was lent, what else there is."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.catalogue.queries import CopyRow, copies_of
from app.labels import ITEM_STATUS
from app.persian.digits import number
from app.weeding.explain import Check, checks, criterion_words, grounds, in_order
from app.weeding.facts import House, Proposal
from app.weeding.queries import LoansInYear, NewerEdition, copy_facts, loans_by_year, newer_edition, proposal_of
from db.codes import WeedingReason
from db.reading import Reader
from ui.style import look
from ui.theme import Tone
from ui.weeding.rows import MINUTES_NAME, DraftLine
from ui.weeding.words import GUIDE
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chart import Bar, BarChart
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.panel import Panel
from ui.widgets.scroll import Scroll

WIDTH = 330
YEARS = 8
MOST_COPIES = 3
_CHART = 104


@dataclass(frozen=True, slots=True)
class CopyDetails:
    """Everything the card says of one copy."""

    title: str
    place: str
    why: tuple[str, ...]
    checks: tuple[Check, ...]
    others: tuple[str, ...]
    loans: tuple[LoansInYear, ...]


def read_details(reader: Reader, line: DraftLine, house: House, today: dt.date) -> CopyDetails | None:
    """The facts of a copy on a draft, as they are now; None when it is gone."""
    copy, proposal = copy_facts(reader, line.item_id), proposal_of(reader, line.row_id)
    if copy is None or proposal is None:
        return None
    copies = [other for other in copies_of(reader, copy.title_id) if other.volume_no == copy.volume_no]
    own = next((other for other in copies if other.id == copy.id), None)
    others = [other for other in copies if other.id != copy.id]
    place = (
        f"شماره ثبت {number(copy.accession_no)}",
        f"نسخهٔ {number(copy.copy_no)} از {number(len(copies))}",
        own.call_number if own and own.call_number else "",
    )
    return CopyDetails(
        title=line.title,
        place=" · ".join(part for part in place if part),
        why=tuple(_why(proposal, grounds(copy, proposal.reason, today), newer_edition(reader, copy.title_id))),
        checks=checks(copy, proposal, house, today),
        others=tuple(_others(others)),
        loans=loans_by_year(reader, copy.id, today, YEARS),
    )


def _why(proposal: Proposal, ground: str, newer: NewerEdition | None) -> Iterator[str]:
    yield f"{criterion_words(proposal.criterion or '')}"
    yield ground
    if newer is not None:
        year, accession = number(newer.year, grouped=False), number(newer.accession_no)
        yield f"چاپ تازه‌تری از همین اثر ({year}، شماره ثبت {accession}) در کتابخانه است"
    if proposal.permit_no:
        yield f"مجوز معاونت: {isolate(proposal.permit_no)}"
    if proposal.remark:
        yield isolate(proposal.remark)


def _others(copies: list[CopyRow]) -> Iterator[str]:
    for copy in copies[:MOST_COPIES]:
        yield f"ثبت {number(copy.accession_no)} · {ITEM_STATUS[copy.status]} · {number(copy.loan_count)} امانت"
    if len(copies) > MOST_COPIES:
        yield f"و {number(len(copies) - MOST_COPIES)} نسخهٔ دیگر"


class DetailsCard(Card):
    """One copy, or, while none is chosen, what the group is for."""

    def __init__(self, remove: Button) -> None:
        self._title, self._place = Label("", "heading"), Label("", "muted")
        self._others, self._never = Label("", "muted", wrap=True), Label("", "muted", wrap=True)
        self._chart = BarChart()
        self._chart.setFixedHeight(look().px(_CHART))
        self._remove = remove
        body = QWidget()
        self._notices = QVBoxLayout()
        self._notices.setSpacing(look().px(8))
        body.setLayout(column(self._notices, self._chart, self._never, self._others, None, gap=8))
        self._scroll = Scroll(body)
        whole = column(self._title, self._place, 2, self._scroll, row(remove, None), gap=6)
        whole.setStretch(3, 1)
        super().__init__(whole)

    def show_group(self, reason: WeedingReason) -> None:
        """No copy is chosen: what belongs on these minutes."""
        self._title.say(MINUTES_NAME[reason])
        self._place.say("")
        self._put(Notice("چه نسخه‌ای؟", tuple(map(in_order, GUIDE[reason]))), Notice("سپس", _NEXT, Tone.NEUTRAL))
        self._show_parts(copy=False)

    def show_copy(self, details: CopyDetails) -> None:
        """The chosen copy; nothing of the one before stays."""
        self._title.say(details.title)
        self._place.say(details.place)
        held = [check.text for check in details.checks if check.ok]
        broken = [check.text for check in details.checks if not check.ok]
        self._put(
            Notice("چرا پیشنهاد شد؟", details.why),
            *([Notice("به این‌ها توجه کنید", broken, Tone.WARN, sign="alert-triangle")] if broken else []),
            Notice("بررسی استثناها", held, Tone.NEUTRAL, sign="check"),
        )
        self._others.say("\n".join(("نسخه‌های دیگر این عنوان:", *details.others)) if details.others else "")
        self._show_loans(details.loans)
        self._show_parts(copy=True)

    def _show_loans(self, years: Sequence[LoansInYear]) -> None:
        bars = [Bar(number(year.year, grouped=False), year.loans) for year in years]
        span = f"{bars[0].label} تا {bars[-1].label}"
        self._chart.show_bars(bars, f"امانت در سال، {span}")
        self._never.say(f"از {span} امانت داده نشده است.")
        lent = any(year.loans for year in years)
        self._chart.setVisible(lent)
        self._never.setVisible(not lent)

    def _show_parts(self, *, copy: bool) -> None:
        self._place.setVisible(copy)
        if not copy:
            self._chart.hide()
            self._never.hide()
        self._others.setVisible(copy and bool(self._others.text()))
        self._remove.setVisible(copy)
        self._scroll.to_top()

    def _put(self, *notices: Notice) -> None:
        emptied(self._notices)
        for notice in notices:
            self._notices.addWidget(notice)


class Beside(QWidget):
    """The column beside the list: a question while one stands, else the details."""

    def __init__(self, details: QWidget, *panels: Panel) -> None:
        super().__init__()
        self._details, self._panels = details, panels
        whole = column(*panels, details, gap=0)
        whole.setStretch(len(panels), 1)
        whole.addStretch(0)
        self.setLayout(whole)
        self.setFixedWidth(look().px(WIDTH))
        for panel in panels:
            panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._details.setVisible(not any(panel.is_open() for panel in self._panels))
        return super().eventFilter(watched, event)


_NEXT = (
    "برچسب هر نسخه را اسکن کنید تا در فهرست نوشته شود.",
    "فهرست که کامل شد، صورتجلسه را نهایی و چاپ کنید: شماره می‌گیرد و دیگر تغییر نمی‌کند.",
    in_order("نسخه‌ها تا پاسخ استعلام در کتابخانه می‌مانند (م ۷-۴)."),
)
