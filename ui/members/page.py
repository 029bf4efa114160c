"""The members page: everybody in one list, the card of the chosen one beside it, and the form for a new one."""

import uuid
from collections import deque

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.circulation.reader_card import reader_card
from app.circulation.reads import find_member
from app.devices.scan import Scan, Unreadable
from app.items.queries import FoundCopy, find_copy
from app.labels import ITEM_STATUS
from app.members.queries import MemberRow, list_members, member_details
from app.members.writing import Enrolled
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.files import safe_write
from reports.lists import list_xlsx
from ui.circulation.rows import titled
from ui.keys import UNDO, KeyHelp
from ui.members.details import TO_DESK, Chosen, DetailsCard
from ui.members.form_card import SAVE, SAVE_ANYWAY, MemberFormCard
from ui.members.rows import ROW_HEIGHT, member_table
from ui.page import Action, Page
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.widgets.ask_path import AskWhere, ask_where
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.empty import EmptyPage
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

MARGINS = (22, 18, 22, 18)
NEW = "Ctrl+N"
STALE_AFTER = frozenset({"members", "loans", "rules"})
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class MembersPage(Page):
    """`desk_wanted` carries the card (or number) of the member with whom the desk is to be opened."""

    desk_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._waiting: deque[Scan] = deque()
        self.ask_where: AskWhere = ask_where
        self.box = SearchBox("نام، شماره یا تلفن عضو را بنویسید، یا کارت را اسکن کنید…")
        self.banner = Banner()
        self.members = RowList(
            member_table(session.library.categories, session.act().day),
            title="اعضا",
            noun="عضو",
            row_height=ROW_HEIGHT,
        )
        self.details = DetailsCard()
        self.form = MemberFormCard(session)
        self.empty = EmptyPage(
            "users",
            "دفتر اعضای کتابخانه",
            "هنوز کسی عضو نشده است. نخستین عضو را ثبت کنید؛ کارت او را هم می‌توانید همان‌جا اسکن کنید.",
            Button("عضو تازه", NEW, "primary", "user-plus"),
        )
        self._new = Button("عضو تازه", NEW, icon="user-plus")
        self._lay_out()
        self._connect()

    def on_shown(self) -> None:
        self._read_if_stale()
        if self.form.isVisible():
            self.form.begin()
        else:
            self.box.setFocus()

    def on_escape(self) -> None:
        if self.form.is_asking():
            self.form.close_question()
            self._work_off()
        elif self.form.isVisible():
            self._put_form_away()
        elif self.box.edit.text():
            self._search("")
        else:
            self._clear()
            self.banner.hide()
        if not self.form.isVisible():
            self.box.setFocus()

    def undo(self) -> None:
        chosen = self.details.chosen()
        undo_and_say(self._session, self.banner)
        self.banner.show()
        self._read_if_stale()
        if chosen is not None:
            self._choose(chosen.card.member.id)

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(NEW, "عضو تازه"),
            KeyHelp(TO_DESK, "میز امانت با همین عضو"),
            KeyHelp(SAVE, "ثبت فرم عضویت"),
            KeyHelp(SAVE_ANYWAY, "ثبت با همین شماره‌ها، پس از پرسش"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("عضو تازه", self.new_member, NEW),
            Action("میز امانت با همین عضو", self.details.to_desk.click, TO_DESK),
            Action("خروجی اکسل از فهرست اعضا", self.export),
            Action("واگرد آخرین کار", self.undo, UNDO),
        )

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A card chooses its member, a copy the one who has it; while the form is open a card is the new member's."""
        if isinstance(scan, Unreadable):
            self._say(Tone.REFUSE, "بارکد ناخوانا", "دوباره اسکن کنید یا شماره را بنویسید.", Sound.REFUSED)
        elif self.form.is_asking():
            self._waiting.append(scan)
            self.form.panel.set_waiting(len(self._waiting))
        elif self.form.isVisible():
            self.form.take_card(scan.text)
        elif not (self._found_member(scan.text) or self._found_copy(scan.text)):
            self._unknown(scan.text)

    def new_member(self) -> None:
        """Ctrl+N: the membership form, with whatever was left in it."""
        self.banner.hide()
        self._show_form(shown=True)
        self.form.begin()

    def export(self) -> None:
        """Write the members shown to an Excel file. Raises Trouble P-120x."""
        path = self.ask_where(self, f"members-{jalali.short_latin(self._session.act().day).replace('/', '-')}.xlsx")
        if path is None:
            return
        headings, *rows = self.members.sheet()
        title = f"اعضای {self._session.library.branch.name}"
        safe_write(path, list_xlsx(title, headings, rows))
        self._say(Tone.OK, f"فهرست {number(len(rows))} عضو نوشته شد", isolate(str(path)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows move in the list while the writing goes on in the box.
        if watched is self.box.edit and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            if event.type() == QEvent.Type.KeyPress:
                QApplication.sendEvent(self.members.view, event)
            return True
        return super().eventFilter(watched, event)

    def _found_member(self, code: str) -> bool:
        """Choose the member of a card, a number or a national id."""
        with self._session.library.store.read() as reader:
            member = find_member(reader, code)
        if member is None:
            return False
        self.banner.hide()
        self._choose(member.id)
        self._session.sounds.play(Sound.CHECKED_IN)
        return True

    def _found_copy(self, code: str) -> bool:
        """Choose who has the copy of a label or accession number."""
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
        if copy is None:
            return False
        self._show_who_has(copy)
        return True

    def _show_who_has(self, copy: FoundCopy) -> None:
        book = f"«{isolate(titled(copy.title, copy.volume_no))}»"
        if copy.member_id is None or copy.due_on is None:
            self._clear()
            words = f"وضعیت: {ITEM_STATUS[copy.status]} · شماره ثبت {number(copy.accession_no)}"
            self._say(Tone.WARN, f"{book} نزد کسی نیست", words, Sound.ATTENTION)
            return
        self._choose(copy.member_id)
        words = f"بازگشت تا {jalali.day_month_year(copy.due_on)} · شماره ثبت {number(copy.accession_no)}"
        self._say(Tone.INFO, f"{book} نزد {isolate(copy.reader_name)} است", words, Sound.CHECKED_IN)

    def _unknown(self, code: str) -> None:
        """An unknown code may be an unknown card: nobody stays on screen (habit 5)."""
        self._clear()
        detail = f"{isolate(code)} · کارت یا برچسب را دوباره اسکن کنید، یا نام را بنویسید."
        self._say(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED)

    def _submitted(self, text: str) -> None:
        """Enter after typing: a number acts like its scan, words take the first of the list."""
        if self._found_member(text):
            return
        if self.members.table.rowCount():
            self.box.edit.setText(text)
            self.box.edit.selectAll()
            if not self.members.view.chosen():
                self.members.view.choose_place(0)
        elif not self._found_copy(text):
            self._unknown(text)

    @Slot(str)
    def _search(self, text: str) -> None:
        if self.box.edit.text() != text:
            self.box.edit.setText(text)
        self.members.table.set_filter(text)
        if not self.members.view.chosen():
            self.details.clear()

    @Slot(object)
    def _show_details(self, member: MemberRow) -> None:
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            card = reader_card(library, reader, member.id, today)
            details = member_details(reader, member.id)
        if card is None or details is None:
            self.details.clear()
        else:
            self.details.show_member(Chosen(card, details))

    def _choose(self, member_id: uuid.UUID) -> None:
        self._read_if_stale()
        self._search("")
        self.members.view.clearSelection()
        self.members.view.choose(member_id)
        if not self.members.view.chosen():
            self.details.clear()

    def _clear(self) -> None:
        self._search("")
        self.members.view.clearSelection()
        self.members.view.setCurrentIndex(self.members.table.index(-1, -1))
        self.details.clear()

    def _read_if_stale(self) -> None:
        if not self._stale:
            return
        self._stale = False
        library = self._session.library
        with library.store.read() as reader:
            rows = list_members(reader, self._session.act().day)
        self.members.set_rows(rows)
        self._show_form(shown=self.form.isVisible())
        if not self.members.view.chosen():
            self.details.clear()

    @Slot(object, str)
    def _saved(self, enrolled: Enrolled, name: str) -> None:
        self._session.refresh.tell("members")
        self._put_form_away()
        self._choose(enrolled.member_id)
        detail = f"شمارهٔ عضویت {to_persian(enrolled.member_no)}"
        self.banner.show_outcome(Tone.OK, f"عضو شد — {isolate(name)}", detail, undo=f"برداشتن عضویت {isolate(name)}")
        self.banner.show()
        self._session.sounds.play(Sound.CHECKED_IN)
        self._work_off()

    def _put_form_away(self) -> None:
        self._show_form(shown=False)
        self._read_if_stale()
        self.box.setFocus()

    def _show_form(self, *, shown: bool) -> None:
        nobody = self.members.table.total() == 0
        self.form.setVisible(shown)
        self.box.setVisible(not shown)
        self._work.setVisible(not shown and not nobody)
        self.empty.setVisible(not shown and nobody)
        self._new.setVisible(not nobody)  # the empty page has a button of its own that listens to the same key

    @Slot()
    def _work_off(self) -> None:
        """Scans that came while the question was open."""
        while self._waiting and not self.form.is_asking():
            self.on_scan(self._waiting.popleft())

    def _say(self, tone: Tone, title: str, detail: str, sound: Sound | None = None) -> None:
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()
        if sound is not None:
            self._session.sounds.play(sound)

    @Slot(frozenset)
    def _changed(self, names: frozenset[str]) -> None:
        self._stale = self._stale or bool(names & STALE_AFTER)

    def _lay_out(self) -> None:
        self.banner.hide()
        self.box.add_end(self._new)
        self.members.filter.hide()
        self._work = QWidget()
        beside = row(self.members, self.details, gap=14)
        beside.setStretch(0, 1)
        self._work.setLayout(beside)
        whole = column(self.box, self.banner, self._work, self.empty, self.form, gap=14, margins=MARGINS)
        for place in (2, 3, 4):
            whole.setStretch(place, 1)
        self.setLayout(whole)
        self._show_form(shown=False)

    def _connect(self) -> None:
        self.box.typed.connect(self._search)
        self.box.submitted.connect(self._submitted)
        self.box.edit.installEventFilter(self)
        self.members.view.current_row.connect(self._show_details)
        self.members.view.row_opened.connect(lambda _: self.details.to_desk.click())
        self.members.export_wanted.connect(self.export)
        self.details.desk_wanted.connect(self.desk_wanted)
        self.form.saved.connect(self._saved)
        self.form.put_away.connect(self._put_form_away)
        self.form.panel.chosen.connect(self._work_off)
        self.banner.undo_wanted.connect(self.undo)
        self._session.refresh.changed.connect(self._changed)
        for button in (self._new, *self.empty.findChildren(Button)):
            button.clicked.connect(self.new_member)
