"""Cataloguing a book from a record of the union that is held here: search, compare with the book in hand, tick, and
enter the copy (003 م5-1، م5-2)."""

import uuid
from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.catalogue.queries import title_row
from app.items.service import ItemAdded
from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.union.query import typed
from app.union.reading import UNION_TITLE, holdings, record_for
from app.union.record import UnionRecord
from app.union.searching import Found, search
from app.union.taking import Catalogued, catalogue_from
from reports.lists import list_xlsx
from ui.catalogue.copy_card import CopyFormCard
from ui.network import words
from ui.network.comparing import ComparingCard
from ui.network.papers import dated
from ui.network.rows import record_table
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.arrows import Arrows
from ui.widgets.buttons import Button
from ui.widgets.labels import isolate, ltr
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

ASK = "Ctrl+N"
MOST = 40
NONE_YET = ("رکوردی از فهرستگان نیامده است", "رکوردهای کتاب‌های شما و پاسخ درخواست‌ها با همگام‌سازی می‌آید.", "books")
NO_HIT = ("رکوردی با این واژه‌ها نیامده است", "املای دیگری بنویسید، یا با «درخواست رکورد» از استان بخواهید.", "search")


class CataloguingPart(QWidget):
    """`counted` tells how many records are held here; `asked` carries what is sought and was not found, `exported` name
    and bytes of a file."""

    said = Signal(object)
    counted = Signal(int)
    asked = Signal(str)
    exported = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._title_id: uuid.UUID | None = None
        self._title = ""
        self.box = SearchBox("عنوان، پدیدآور، ناشر یا شابک؛ یا پشت جلد را اسکن کنید…")
        self.ask = Button("درخواست رکورد", ASK, icon="plus")
        self.box.add_end(self.ask)
        self.hits = RowList(record_table(), title="رکوردهای فهرستگان", noun="رکورد")
        self.hits.filter.hide()
        self.card = ComparingCard()
        self.copy_form = CopyFormCard(session)
        self._seeking = QWidget()
        beside = row(self.hits, self.card, gap=14)
        beside.setStretch(0, 1)
        seeking = column(self.box, beside, gap=10)
        seeking.setStretch(1, 1)
        self._seeking.setLayout(seeking)
        whole = column(self._seeking, self.copy_form, gap=0)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copy_form.hide()
        self._connect()

    def reload(self) -> None:
        """Search anew; the chosen record stays chosen. A title that was taken back has no copies to be entered."""
        with self._session.library.store.read() as reader:
            held = search(reader, typed(""), 1, 0).total
            gone = self._title_id is not None and title_row(reader, self._title_id) is None
        if gone and self._catalogues():
            self.back()
        self.counted.emit(held)
        self.search(self.box.edit.text())
        if held == 0:
            self.hits.set_empty(*NONE_YET)

    def setFocus(self) -> None:  # type: ignore[override]
        """Where the next letter goes: the form of the copy, or the search."""
        if self._catalogues():
            self.copy_form.form.input("barcode").setFocus()
        else:
            self.box.setFocus()

    def on_escape(self) -> bool:
        """Close the refusal, the form, or the search, in this order."""
        if self.copy_form.is_asking():
            self.copy_form.close_question()
        elif self._catalogues():
            self.back()
        elif self.box.edit.text():
            self.search("")
        else:
            return False
        return True

    def take(self, code: str) -> None:
        """A scanned ISBN finds its records; while a copy is entered a label is the copy's."""
        if self._catalogues():
            self.copy_form.take_scan(code)
            return
        self.search(code)
        self.hits.view.choose_place(0)
        self._session.sounds.play(Sound.CHECKED_IN if self.hits.view.chosen() else Sound.REFUSED)

    @Slot(str)
    def search(self, text: str) -> None:
        """The records of what is written."""
        if self.box.edit.text() != text:
            self.box.edit.setText(text)
        with self._session.library.store.read() as reader:
            found: Found = search(reader, typed(text), 1, MOST)
        self.hits.set_empty(*NO_HIT)
        more = f"، نخستین {number(MOST)} از {number(found.total)}" if found.total > MOST else ""
        self.hits.set_title(f"رکوردهای فهرستگان{more}")
        self.hits.set_rows(found.records)
        self._show(next(iter(self.hits.view.chosen()), None))

    def open_record(self, record: UnionRecord) -> None:
        """One record alone, as if it had been searched for."""
        self.back()
        with self._session.library.store.read() as reader:
            now = record_for(reader, UNION_TITLE, record.id)
        self.box.clear()
        self.hits.set_rows([] if now is None else [now])
        self.hits.view.choose_place(0)
        self._show(now)

    @Slot()
    def take_record(self) -> None:
        """Ctrl+Enter: it is the book in hand. A title of ours describes it from now on, and its copy is entered."""
        record = self.card.record()
        if record is None:
            return
        outcome = catalogue_from(self._session.library, record.id, self.card.ticks(), self._session.act())
        match outcome:
            case Catalogued():
                self._title_id, self._title = outcome.title_id, record.title
                self._session.refresh.tell("titles")
                self._seeking.hide()
                self.copy_form.show()
                self.copy_form.begin(outcome.title_id, record.title)
                self._tell_taken(record, made=outcome.made)
            case Refused():
                self.said.emit(words.refused(outcome.refusals))
            case NotFound():
                self.reload()
            case _:
                assert_never(outcome)

    @Slot()
    def back(self) -> None:
        """To the search again; the title stays, with or without a copy."""
        self.copy_form.hide()
        self._seeking.show()
        self.box.setFocus()

    def _tell_taken(self, record: UnionRecord, *, made: bool) -> None:
        title = f"«{isolate(record.title)}»"
        if made:
            undo = f"برداشتن {title}"
            self.said.emit(words.done(f"رکورد گرفته شد — {title}", "اکنون نسخهٔ آن را ثبت کنید.", undo))
        else:
            detail = ("نسخهٔ تازه زیر همان عنوان ثبت می‌شود.",)
            self.said.emit(Said(Tone.INFO, f"این عنوان در فهرست شما هست — {title}", detail, Sound.CHECKED_IN))

    @Slot(object, bool)
    def _saved(self, outcome: ItemAdded, another: bool) -> None:
        self._session.refresh.tell("items")
        item = outcome.item
        detail = f"شماره ثبت {number(item.accession_no)} · برچسب {ltr(item.barcode)}"
        if another:
            self.copy_form.begin(outcome.title_id, self._title)
        else:
            self.back()
        self.reload()
        undo = f"برداشتن نسخهٔ {number(item.accession_no)}"
        self.said.emit(words.done(f"نسخه ثبت شد — «{isolate(self._title)}»", detail, undo))

    @Slot()
    def export(self) -> None:
        """The records shown as an Excel file."""
        headings, *rows = self.hits.sheet()
        content = list_xlsx("رکوردهای فهرستگان", headings, rows)
        self.exported.emit(f"{dated('union', self._session.act().day)}.xlsx", content)

    @Slot(object)
    def _show(self, record: UnionRecord | None) -> None:
        copies = 0
        if record is not None:
            with self._session.library.store.read() as reader:
                here = holdings(reader, record.id, {self._session.library.branch.id})
            copies = sum(one.copies for one in here)
        self.card.show_record(record, copies)

    def _catalogues(self) -> bool:
        return not self.copy_form.isHidden()

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter, as a scanner ends a code: the first hit is shown; what was written stays to be written on."""
        self.search(text)
        self.box.edit.selectAll()
        if not self.hits.view.chosen():
            self.hits.view.choose_place(0)

    def _connect(self) -> None:
        self.box.typed.connect(self.search)
        self.box.submitted.connect(self._submitted)
        Arrows(self.box.edit, self.hits.view)
        self.hits.view.current_row.connect(self._show)
        self.hits.export_wanted.connect(self.export)
        self.ask.clicked.connect(lambda: self.asked.emit(self.box.edit.text()))
        self.card.wanted.connect(self.take_record)
        self.copy_form.saved.connect(self._saved)
        self.copy_form.put_away.connect(self.back)
