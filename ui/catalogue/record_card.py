"""The card of the chosen title: the record, its copies, and how often it was lent from year to year."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.catalogue.form import Creator
from app.catalogue.queries import TitleRecord, TitleRow
from app.items.queries import CopyLine
from app.labels import CATALOGUING_STATUS, MATERIAL
from app.persian import jalali
from app.persian.digits import number, to_persian
from ui.catalogue.rows import COPY_HEIGHT, copies_tone, copies_words, copy_table, whole_title
from ui.catalogue.words import AUDIENCES, LANGUAGES, class_words, creator_words, isbn_words, year_words
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chart import Bar, BarChart
from ui.widgets.empty import EmptyPage
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import column, row
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll

NEW_COPY, UNION = "Ctrl+Shift+N", "Ctrl+U"
MOST_BARS, FEWEST_BARS = 8, 4
_HEADER, _FEWEST_LINES, _CHART = 38, 3, 112
_ABOVE_AND_BELOW = 480  # what the record and the chart take beside the copies


@dataclass(frozen=True, slots=True)
class ChosenTitle:
    """A title as the card shows it; `lent_on` are the days of its loans, `union_news` how many
    fields the union catalogue tells otherwise."""

    row: TitleRow
    record: TitleRecord
    creators: tuple[Creator, ...]
    subjects: tuple[str, ...]
    copies: tuple[CopyLine, ...]
    lent_on: tuple[dt.date, ...]
    today: dt.date
    union_news: int = 0


class RecordCard(Card):
    """Shows one title, or says that none is chosen."""

    def __init__(self) -> None:
        self._chosen: ChosenTitle | None = None
        self._title, self._creators = Label("", "heading", wrap=True), Label("", "muted", wrap=True)
        self._copies_pill = Pill("", Tone.OK)
        self.facts = Facts()
        self.copies = RowList(copy_table(), tools=False, row_height=COPY_HEIGHT)
        self.copies.set_empty("این عنوان نسخه‌ای ندارد", "نسخهٔ آن را ثبت کنید تا امانت داده شود.", "book")
        self.chart = BarChart()
        self.chart.setFixedHeight(look().px(_CHART))
        self.new_copy = Button("نسخهٔ تازه", NEW_COPY, icon="plus")
        self.union = Button("فهرستگان", UNION, icon="books")
        self._news = Pill("", Tone.WARN)
        self._nothing = EmptyPage("book-2", "عنوانی برگزیده نشده است", "با پیکان پایین در فهرست یافته‌ها بروید.")
        self._something = self._laid_out()
        super().__init__(column(self._nothing, self._something, gap=0))
        self.clear()

    def chosen(self) -> ChosenTitle | None:
        """What the card shows."""
        return self._chosen

    def clear(self) -> None:
        """No title is chosen."""
        self._chosen = None
        self._something.hide()
        self._nothing.show()

    def show_title(self, chosen: ChosenTitle) -> None:
        """Show this title."""
        self._chosen = chosen
        self._title.say(isolate(whole_title(chosen.row)))
        self._creators.say("؛ ".join(creator_words(creator) for creator in chosen.creators))
        self._creators.setVisible(bool(chosen.creators))
        self._copies_pill.show_state(copies_words(chosen.row), copies_tone(chosen.row))
        self.facts.show_facts(tuple(_facts(chosen)))
        self._news.show_state(f"فهرستگان: {number(chosen.union_news)} تفاوت", Tone.WARN)
        self._news.setVisible(chosen.union_news > 0)
        self.copies.set_rows(chosen.copies)
        self._fit_copies()
        self.chart.show_bars(_bars(chosen.lent_on, chosen.today), "امانت‌های این عنوان در هر سال")
        self.chart.setVisible(bool(chosen.lent_on))
        self._nothing.hide()
        self._something.show()
        self._scroll.to_top()
        self.setAccessibleName(f"{whole_title(chosen.row)}، {copies_words(chosen.row)}")

    def show_copy(self, copy: CopyLine) -> None:
        """Mark the copy that was scanned."""
        self.copies.view.choose(copy.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_copies()

    def _fit_copies(self) -> None:
        """As many lines as there are copies, and as the height of the card has room for."""
        room = (self.height() - look().px(_ABOVE_AND_BELOW)) // look().px(COPY_HEIGHT)
        lines = min(max(self.copies.table.total(), 2), max(room, _FEWEST_LINES))
        self.copies.setFixedHeight(look().px(_HEADER + COPY_HEIGHT * lines + 12))

    def _laid_out(self) -> QWidget:
        body = QWidget()
        copies = row(Label("نسخه‌ها", "strong"), None, self._news, self.union, self.new_copy)
        body.setLayout(column(self.facts, copies, self.copies, self.chart, None, gap=10))
        self._scroll = Scroll(body)
        head = row(self._title, self._copies_pill, gap=12)
        head.setStretch(0, 1)
        whole = column(head, self._creators, self._scroll, gap=10)
        whole.setStretch(2, 1)
        made = QWidget()
        made.setLayout(whole)
        return made


def _facts(chosen: ChosenTitle) -> Iterator[Fact]:
    title, record = chosen.row, chosen.record
    yield "نشر", _imprint(title, record)
    yield "ویرایش و چاپ", "، ".join(_said(part) for part in (title.edition, record.printing) if part)
    yield "رده", class_words(title.dewey, title.author_mark)
    yield "شابک", isbn_words(title.isbn) or (f"{ltr(record.isbn_raw)} (نادرست)" if record.isbn_raw else "")
    yield "موضوع", "؛ ".join(isolate(subject) for subject in chosen.subjects)
    yield "نوع و زبان", _kind(title, record)
    yield "مخاطب", _audience(record)
    yield "شرح پدیدآور", _said(record.statement)
    yield "فروست", _said(record.series)
    yield "اندازه", "، ".join(_said(part) for part in (record.pages, record.size) if part)
    yield "کتابشناسی ملی", ltr(to_persian(record.nbn)) if record.nbn else ""
    yield "چکیده", _said(record.abstract)
    yield "یادداشت", _said(record.note)
    yield "فهرست‌نویسی", CATALOGUING_STATUS[record.status]


def _said(text: str | None) -> str:
    return isolate(to_persian(text)) if text else ""


def _imprint(title: TitleRow, record: TitleRecord) -> str:
    place = f"{isolate(record.place)}: " if record.place else ""
    return place + "، ".join(part for part in (_said(title.publisher), year_words(title.year)) if part)


def _kind(title: TitleRow, record: TitleRecord) -> str:
    return f"{MATERIAL[title.material]} · {LANGUAGES.get(record.language, isolate(record.language))}"


def _audience(record: TitleRecord) -> str:
    group = f"گروه سنی {isolate(record.age_group)}" if record.age_group else ""
    age = f"از {number(record.min_age)} سال" if record.min_age else ""
    whom = AUDIENCES.get(record.audience or "", _said(record.audience))
    return "، ".join(part for part in (whom, group, age) if part)


def _bars(days: Sequence[dt.date], today: dt.date) -> list[Bar]:
    """The last years up to this one, the present one in another tone because it is not over."""
    counted = Counter(jalali.year(day) for day in days)
    now = jalali.year(today)
    first = max(now - MOST_BARS + 1, min([now - FEWEST_BARS + 1, *counted]))
    return [
        Bar(number(year, grouped=False), counted[year], Tone.NEUTRAL if year == now else None)
        for year in range(first, now + 1)
    ]
