"""The catalogue page: the search, and in its place the form of a title, the form of a copy, or the import."""

import uuid
from collections import deque

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.catalogue.service import TitleAdded
from app.devices.scan import Scan, Unreadable
from app.items.service import ItemAdded
from app.persian import jalali
from app.persian.digits import number
from db.files import safe_write
from reports.lists import list_xlsx
from ui.catalogue.copy_card import SAVE_AND_NEXT, CopyFormCard
from ui.catalogue.import_panel import CHOOSE, ImportPanel
from ui.catalogue.record_card import NEW_COPY, UNION
from ui.catalogue.search import SearchPart
from ui.catalogue.title_card import SAVE, TitleFormCard
from ui.catalogue.union_card import UnionCard
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.ask_path import AskWhere, ask_where
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import isolate, ltr
from ui.widgets.layouts import column

MARGINS = (22, 18, 22, 18)
NEW, IMPORT = "Ctrl+N", "Ctrl+I"
STALE_AFTER = frozenset({"titles", "items", "loans"})


class CataloguePage(Page):
    """One part is in front; Esc leads back to the search, and what was written in a form stays."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._waiting: deque[Scan] = deque()
        self.ask_where: AskWhere = ask_where
        self.banner = Banner()
        beginning, tools = _ways_in("primary"), _ways_in("secondary")
        self._ways_in = (beginning, tools)
        self.search = SearchPart(session, beginning, tools)
        self.title_form = TitleFormCard(session)
        self.copy_form = CopyFormCard(session)
        self.importing = ImportPanel(session)
        self.union = UnionCard(session)
        self._parts: tuple[QWidget, ...] = (
            self.search, self.title_form, self.copy_form, self.importing, self.union,
        )  # fmt: skip
        self._front: QWidget = self.search
        self._lay_out()
        self._connect()
        self._bring(self.search)

    def on_shown(self) -> None:
        self._read_if_stale()
        if self._front is self.search:
            self.search.setFocus()

    def on_escape(self) -> None:
        if self._asking():
            self.title_form.close_question()
            self.copy_form.close_question()
            self._work_off()
        elif self._front is not self.search:
            self.back_to_search()
        else:
            self.banner.hide()
            self.search.clear()
            self.search.setFocus()

    def undo(self) -> None:
        undo_and_say(self._session, self.banner)
        self.banner.show()
        self._read_if_stale()
        if self._front is self.copy_form and self.search.record.chosen() is None:
            self.back_to_search()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(NEW, "عنوان تازه"),
            KeyHelp(NEW_COPY, "نسخهٔ تازه از عنوان برگزیده"),
            KeyHelp(UNION, "رکورد عنوان برگزیده در فهرستگان"),
            KeyHelp(IMPORT, "ورود از فایل"),
            KeyHelp(CHOOSE, "گزینش فایل برای ورود"),
            KeyHelp(SAVE, "ثبت فرم"),
            KeyHelp(SAVE_AND_NEXT, "ثبت نسخه، و نسخهٔ بعدی همان عنوان"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("عنوان تازه", self.new_title, NEW),
            Action("نسخهٔ تازه از عنوان برگزیده", self.new_copy, NEW_COPY),
            Action("رکورد عنوان برگزیده در فهرستگان", self.open_union, UNION),
            Action("ورود کتاب از فایل", self.open_import, IMPORT),
            Action("خروجی اکسل از یافته‌ها", self.export),
        )

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """The label of a copy opens its title, an ISBN its books; an open form takes the code for its own."""
        if isinstance(scan, Unreadable):
            self._say(Tone.REFUSE, "بارکد ناخوانا", "دوباره اسکن کنید یا شماره را بنویسید.", Sound.REFUSED)
        elif self._asking():
            self._waiting.append(scan)
            self._show_waiting()
        elif self._front is self.copy_form:
            self.copy_form.take_scan(scan.text)
        elif self._front is self.title_form:
            self._scan_into_form(scan.text)
        else:
            self._scan_to_search(scan.text)

    @Slot()
    def new_title(self) -> None:
        """Ctrl+N: the form of a title, with whatever was left in it."""
        self.banner.hide()
        self._bring(self.title_form)
        self.title_form.begin()

    @Slot()
    def new_copy(self) -> None:
        """Ctrl+Shift+N: the form of a copy, for the chosen title."""
        chosen = self.search.record.chosen()
        if chosen is None:
            self._say(Tone.WARN, "نخست عنوان را برگزینید", "نسخه همیشه از آنِ یک عنوان است.", Sound.ATTENTION)
            return
        self.banner.hide()
        self._bring(self.copy_form)
        self.copy_form.begin(chosen.row.id, chosen.row.title)

    @Slot()
    def open_union(self) -> None:
        """Ctrl+U: what the union catalogue says of the chosen title."""
        chosen = self.search.record.chosen()
        if chosen is None:
            self._say(Tone.WARN, "نخست عنوان را برگزینید", "فهرستگان برای یک عنوان نشان داده می‌شود.", Sound.ATTENTION)
            return
        self.banner.hide()
        self._bring(self.union)
        self.union.begin(chosen.row.id, chosen.row.title)

    @Slot()
    def open_import(self) -> None:
        """Ctrl+I: the import, where it stands."""
        self.banner.hide()
        self._bring(self.importing)
        self.importing.choose.setFocus()

    @Slot()
    def back_to_search(self) -> None:
        """The search again."""
        self._bring(self.search)
        self._read_if_stale()
        self.search.setFocus()

    @Slot()
    def export(self) -> None:
        """Write the hits shown to an Excel file. Raises Trouble P-120x."""
        path = self.ask_where(self, f"titles-{jalali.short_latin(self._session.act().day).replace('/', '-')}.xlsx")
        if path is None:
            return
        headings, *rows = self.search.hits.sheet()
        asked = self.search.box.edit.text()
        safe_write(path, list_xlsx(f"یافته‌های «{asked}»" if asked else "فهرست کتاب", headings, rows))
        self._say(Tone.OK, f"فهرست {number(len(rows))} عنوان نوشته شد", isolate(str(path)))

    def _scan_to_search(self, code: str) -> None:
        self._bring(self.search)
        if self.search.open_copy(code) or self.search.open_isbn(code):
            self.banner.hide()
            self._session.sounds.play(Sound.CHECKED_IN)
            return
        self.search.clear()
        detail = f"{ltr(code)} · برچسب را دوباره اسکن کنید، یا عنوان را بنویسید."
        self._say(Tone.REFUSE, "این شماره در فهرست نیست", detail, Sound.REFUSED)

    def _scan_into_form(self, code: str) -> None:
        if self.title_form.take_scan(code):
            self._session.sounds.play(Sound.CHECKED_IN)
            return
        detail = f"{ltr(code)} · در این فرم تنها شابک پشت جلد اسکن می‌شود."
        self._say(Tone.WARN, "این بارکد شابک نیست", detail, Sound.ATTENTION)

    @Slot(object, str)
    def _title_saved(self, outcome: TitleAdded, title: str) -> None:
        self._session.refresh.tell("titles")
        self._offer_copy(outcome.title_id)
        self._say_added(f"فهرست شد — «{isolate(title)}»", "اکنون نسخهٔ آن را ثبت کنید.", f"برداشتن «{isolate(title)}»")
        self._work_off()

    @Slot(object)
    def _offer_copy(self, title_id: uuid.UUID) -> None:
        self._read_if_stale()
        self.search.open_title(title_id)
        self.new_copy()

    @Slot(object, bool)
    def _copy_saved(self, outcome: ItemAdded, another: bool) -> None:
        self._session.refresh.tell("items")
        self._read_if_stale()
        self.search.open_title(outcome.title_id)
        if another:
            self.new_copy()
        else:
            self.back_to_search()
        chosen, item = self.search.record.chosen(), outcome.item
        title = isolate(chosen.row.title) if chosen else ""
        detail = f"شماره ثبت {number(item.accession_no)} · برچسب {ltr(item.barcode)}"
        self._say_added(f"نسخه ثبت شد — «{title}»", detail, f"برداشتن نسخهٔ {number(item.accession_no)}")

    @Slot(str)
    def _union_taken(self, fields: str) -> None:
        self._session.refresh.tell("titles")
        self._say_added("رکورد از روی فهرستگان اصلاح شد", fields, "واگرد اصلاح")

    @Slot(bool)
    def _requested(self, apart: bool) -> None:
        asked = "رکورد جداگانه" if apart else "رکورد"
        self._session.refresh.tell("requests")
        self.back_to_search()
        self._say(Tone.OK, f"درخواست {asked} نوشته شد", "با همگام‌سازی به فهرست‌نویس استان می‌رسد.", Sound.CHECKED_IN)

    def _say_added(self, title: str, detail: str, undo: str) -> None:
        self.banner.show_outcome(Tone.OK, title, detail, undo=undo)
        self.banner.show()
        self._session.sounds.play(Sound.CHECKED_IN)

    def _say(self, tone: Tone, title: str, detail: str, sound: Sound | None = None) -> None:
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()
        if sound is not None:
            self._session.sounds.play(sound)

    def _asking(self) -> bool:
        return self.title_form.is_asking() or self.copy_form.is_asking()

    @Slot()
    def _work_off(self) -> None:
        """Scans that came while a question was open."""
        while self._waiting and not self._asking():
            self.on_scan(self._waiting.popleft())
        self._show_waiting()

    def _show_waiting(self) -> None:
        for form in (self.title_form, self.copy_form):
            form.panel.set_waiting(len(self._waiting))

    def _bring(self, part: QWidget) -> None:
        self._front = part
        for other in self._parts:
            other.setVisible(other is part)

    def _read_if_stale(self) -> None:
        if self._stale:
            self._stale = False
            self.search.read_again()

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    @Slot()
    def _imported(self) -> None:
        if self._front is self.search and self.isVisible():
            self._read_if_stale()

    def _lay_out(self) -> None:
        self.banner.hide()
        whole = column(self.banner, self.importing.progress, *self._parts, gap=14, margins=MARGINS)
        for place in range(2, 2 + len(self._parts)):
            whole.setStretch(place, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        for new, imported in self._ways_in:
            new.clicked.connect(self.new_title)
            imported.clicked.connect(self.open_import)
        self.search.record.new_copy.clicked.connect(self.new_copy)
        self.search.hits.export_wanted.connect(self.export)
        self.title_form.saved.connect(self._title_saved)
        self.title_form.twin_chosen.connect(self._offer_copy)
        self.title_form.panel.chosen.connect(self._work_off)
        self.copy_form.saved.connect(self._copy_saved)
        self.copy_form.panel.chosen.connect(self._work_off)
        self.importing.imported.connect(self._imported)
        self.search.record.union.clicked.connect(self.open_union)
        self.union.taken.connect(self._union_taken)
        self.union.requested.connect(self._requested)
        for part in (self.title_form, self.copy_form, self.importing, self.union):
            part.put_away.connect(self.back_to_search)
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)


def _ways_in(kind: Kind) -> tuple[Button, Button]:
    """How books come into the catalogue."""
    return Button("عنوان تازه", NEW, kind, "plus"), Button("ورود از فایل", IMPORT, icon="upload")
