"""The catalogue page: search while typing, the record of the chosen title beside the hits, and forms in their place."""

import uuid
from collections import deque

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.catalogue.queries import (
    TitleRow,
    catalogue_counts,
    creators_of,
    search_titles,
    subjects_of,
    title_record,
    title_row,
)
from app.catalogue.service import TitleAdded
from app.devices.scan import Scan, Unreadable
from app.items.queries import FoundCopy, copy_lines, find_copy, loan_days
from app.items.service import ItemAdded
from app.persian import jalali
from app.persian.digits import number
from db.files import safe_write
from reports.lists import list_xlsx
from ui.catalogue.copy_card import SAVE_AND_NEXT, CopyFormCard
from ui.catalogue.import_panel import CHOOSE, START, ImportPanel
from ui.catalogue.record_card import NEW_COPY, ChosenTitle, RecordCard
from ui.catalogue.rows import title_table
from ui.catalogue.title_card import SAVE, SAVE_ANYWAY, TitleFormCard
from ui.circulation.rows import titled
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.ask_path import AskWhere, ask_where
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.empty import EmptyPage
from ui.widgets.labels import isolate, ltr
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

MARGINS = (22, 18, 22, 18)
NEW, IMPORT = "Ctrl+N", "Ctrl+I"
MOST_HITS = 50
STALE_AFTER = frozenset({"titles", "items", "loans"})
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CataloguePage(Page):
    """One of four parts is in front: the search, the form of a title, the form of a copy, the import."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._waiting: deque[Scan] = deque()
        self.ask_where: AskWhere = ask_where
        self.box = SearchBox("عنوان، پدیدآور، موضوع، ناشر یا شابک را بنویسید، یا کتاب را اسکن کنید…")
        self.banner = Banner()
        self.hits = RowList(title_table(), title="یافته‌ها", noun="عنوان")
        self.record = RecordCard()
        self.title_form = TitleFormCard(session)
        self.copy_form = CopyFormCard(session)
        self.importing = ImportPanel(session)
        self.empty = EmptyPage(
            "books",
            "فهرست کتاب‌های کتابخانه",
            "از هر واژهٔ عنوان، پدیدآور، موضوع یا ناشر می‌توان به کتاب رسید؛ املای «ی» و «ک» و فاصله مهم نیست.",
            Button("عنوان تازه", NEW, "primary", "plus"),
            Button("ورود از فایل", IMPORT, icon="upload"),
        )
        self._lay_out()
        self._connect()

    def on_shown(self) -> None:
        self._read_if_stale()
        if self._front is self._search_part:
            self.box.setFocus()

    def on_escape(self) -> None:
        asking = next((form for form in (self.title_form, self.copy_form) if form.is_asking()), None)
        if asking is not None:
            asking.close_question()
            self._work_off()
        elif self._front is not self._search_part:
            self.back_to_search()
        elif self.box.edit.text():
            self._search("")
            self.box.setFocus()
        else:
            self._clear()
            self.box.setFocus()

    def undo(self) -> None:
        undo_and_say(self._session, self.banner)
        self.banner.show()
        self._read_if_stale()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(NEW, "عنوان تازه"),
            KeyHelp(NEW_COPY, "نسخهٔ تازه از عنوان برگزیده"),
            KeyHelp(IMPORT, "ورود از فایل"),
            KeyHelp(SAVE, "ثبت فرم"),
            KeyHelp(SAVE_AND_NEXT, "ثبت نسخه، و نسخهٔ بعدی همان عنوان"),
            KeyHelp(CHOOSE, "گزینش فایل برای ورود"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("عنوان تازه", self.new_title, NEW),
            Action("نسخهٔ تازه از عنوان برگزیده", self.new_copy, NEW_COPY),
            Action("ورود کتاب از فایل", self.open_import, IMPORT),
            Action("خروجی اکسل از یافته‌ها", self.export),
        )

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """The label of a copy opens its title, an ISBN finds its books; an open form takes the code for its own."""
        if isinstance(scan, Unreadable):
            self._say(Tone.REFUSE, "بارکد ناخوانا", "دوباره اسکن کنید یا شماره را بنویسید.", Sound.REFUSED)
        elif self.title_form.is_asking() or self.copy_form.is_asking():
            self._waiting.append(scan)
            self.title_form.panel.set_waiting(len(self._waiting))
            self.copy_form.panel.set_waiting(len(self._waiting))
        elif self._front is self.copy_form:
            self.copy_form.take_scan(scan.text)
        elif self._front is self.title_form:
            self._scan_into_form(scan.text)
        elif not (self._found_copy(scan.text) or self._found_isbn(scan.text)):
            self._unknown(scan.text)

    @Slot()
    def new_title(self) -> None:
        """Ctrl+N: the form of a title, with whatever was left in it."""
        self._bring(self.title_form)
        self.title_form.begin()

    @Slot()
    def new_copy(self) -> None:
        """Ctrl+Shift+N: the form of a copy, for the chosen title."""
        chosen = self.record.chosen()
        if chosen is None:
            self._say(Tone.WARN, "نخست عنوان را برگزینید", "نسخه همیشه از آنِ یک عنوان است.", Sound.ATTENTION)
            return
        self._bring(self.copy_form)
        self.copy_form.begin(chosen.row.id, chosen.row.title)

    @Slot()
    def open_import(self) -> None:
        """Ctrl+I: the import, where it stands."""
        self._bring(self.importing)
        self.importing.choose.setFocus()

    @Slot()
    def back_to_search(self) -> None:
        """Esc in a form: the search again; what was written in the form stays."""
        self._bring(self._search_part)
        self._read_if_stale()
        self.box.setFocus()

    @Slot()
    def export(self) -> None:
        """Write the hits shown to an Excel file. Raises Trouble P-120x."""
        path = self.ask_where(self, f"titles-{jalali.short_latin(self._session.act().day).replace('/', '-')}.xlsx")
        if path is None:
            return
        headings, *rows = self.hits.sheet()
        safe_write(path, list_xlsx(f"یافته‌های «{self.box.edit.text()}»", headings, rows))
        self._say(Tone.OK, f"فهرست {number(len(rows))} عنوان نوشته شد", isolate(str(path)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows move among the hits while the writing goes on in the box.
        if watched is self.box.edit and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            if event.type() == QEvent.Type.KeyPress:
                self._move(event)
            return True
        return super().eventFilter(watched, event)

    def _move(self, event: QKeyEvent) -> None:
        if self.hits.view.chosen():
            QApplication.sendEvent(self.hits.view, event)
        else:
            self.hits.view.choose_place(0)

    @Slot(str)
    def _search(self, text: str) -> None:
        """The hits of what stands in the box, on each key: nothing else is read or painted anew."""
        if self.box.edit.text() != text:
            self.box.edit.setText(text)
        self._find(text)
        if not self.hits.view.chosen():
            self.record.clear()

    def _find(self, text: str) -> None:
        store = self._session.library.store
        typed = text.strip()
        rows: list[TitleRow] = []
        if typed:
            with store.read() as reader:
                rows = search_titles(reader, typed, MOST_HITS, store.dialect.name)
        self._show_hits(rows, searched=bool(typed))

    def _show_hits(self, rows: list[TitleRow], *, searched: bool) -> None:
        self.hits.set_title("نخستین یافته‌ها" if len(rows) == MOST_HITS else "یافته‌ها")
        self.hits.set_rows(rows)
        self._results.setVisible(searched)
        self.empty.setVisible(not searched)

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter: an accession number or label finds its copy; otherwise the first hit is taken."""
        if self._found_copy(text):
            return
        self.box.edit.setText(text)
        self.box.edit.selectAll()
        self._find(text)
        if not self.hits.view.chosen():
            self.hits.view.choose_place(0)

    @Slot(object)
    def _show_record(self, title: TitleRow) -> None:
        chosen = self._read_title(title.id)
        if chosen is None:
            self.record.clear()
        else:
            self.record.show_title(chosen)

    def _read_title(self, title_id: uuid.UUID) -> ChosenTitle | None:
        with self._session.library.store.read() as reader:
            title, record = title_row(reader, title_id), title_record(reader, title_id)
            if title is None or record is None:
                return None
            return ChosenTitle(
                title,
                record,
                tuple(creators_of(reader, title_id)),
                tuple(subjects_of(reader, title_id)),
                tuple(copy_lines(reader, title_id)),
                tuple(loan_days(reader, title_id)),
                self._session.act().day,
            )

    def _open_title(self, title_id: uuid.UUID) -> None:
        """Show one title alone among the hits, as if it had been searched for."""
        chosen = self._read_title(title_id)
        self._bring(self._search_part)
        self.box.clear()
        self._show_hits([chosen.row] if chosen else [], searched=True)
        self.hits.view.clearSelection()
        self.hits.view.choose_place(0)
        if chosen is None:
            self.record.clear()

    def _found_copy(self, code: str) -> bool:
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
        if copy is None:
            return False
        self._show_copy(copy)
        return True

    def _show_copy(self, copy: FoundCopy) -> None:
        self._open_title(copy.title_id)
        chosen = self.record.chosen()
        line = next((line for line in chosen.copies if line.id == copy.item_id), None) if chosen else None
        if line is not None:
            self.record.show_copy(line)
        self.banner.hide()
        self._session.sounds.play(Sound.CHECKED_IN)

    def _found_isbn(self, code: str) -> bool:
        self._search(code)
        if self.hits.table.rowCount() == 0:
            return False
        self.hits.view.choose_place(0)
        self.banner.hide()
        self._session.sounds.play(Sound.CHECKED_IN)
        return True

    def _unknown(self, code: str) -> None:
        self._clear()
        detail = f"{ltr(code)} · برچسب را دوباره اسکن کنید، یا عنوان را بنویسید."
        self._say(Tone.REFUSE, "این شماره در فهرست نیست", detail, Sound.REFUSED)

    def _scan_into_form(self, code: str) -> None:
        if self.title_form.take_scan(code):
            self._session.sounds.play(Sound.CHECKED_IN)
        else:
            detail = f"{ltr(code)} · در این فرم تنها شابک پشت جلد اسکن می‌شود."
            self._say(Tone.WARN, "این بارکد شابک نیست", detail, Sound.ATTENTION)

    @Slot(object, str)
    def _title_saved(self, outcome: TitleAdded, title: str) -> None:
        self._session.refresh.tell("titles")
        self._open_title(outcome.title_id)
        self.new_copy()
        self.banner.show_outcome(
            Tone.OK, f"فهرست شد — «{isolate(title)}»", "اکنون نسخهٔ آن را ثبت کنید.", undo=f"برداشتن «{isolate(title)}»"
        )
        self.banner.show()
        self._session.sounds.play(Sound.CHECKED_IN)

    @Slot(object)
    def _twin_chosen(self, title_id: uuid.UUID) -> None:
        self._open_title(title_id)
        self.new_copy()

    @Slot(object, bool)
    def _copy_saved(self, outcome: ItemAdded, another: bool) -> None:
        self._session.refresh.tell("items")
        self._open_title(outcome.title_id)
        chosen, item = self.record.chosen(), outcome.item
        title = isolate(titled(chosen.row.title, None)) if chosen else ""
        if another:
            self.new_copy()
        detail = f"شماره ثبت {number(item.accession_no)} · برچسب {ltr(item.barcode)}"
        self.banner.show_outcome(
            Tone.OK, f"نسخه ثبت شد — «{title}»", detail, undo=f"برداشتن نسخهٔ {number(item.accession_no)}"
        )
        self.banner.show()
        self._session.sounds.play(Sound.CHECKED_IN)

    def _clear(self) -> None:
        self.banner.hide()
        self._search("")
        self.hits.view.clearSelection()
        self.record.clear()

    def _read_if_stale(self) -> None:
        if not self._stale:
            return
        self._stale = False
        with self._session.library.store.read() as reader:
            counts = catalogue_counts(reader)
        self.counted.setText("")
        self._show_again()
        self._say_counts(counts.titles, counts.copies)

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)
